using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Data;

namespace PerceptionStudy.Server.Participation;

/// <summary>The recruiters' ids of a study's sessions, for paying people: asked for by itself, never part of an export of answers.</summary>
public static class RecruitList
{
    public static void MapRecruitList(this IEndpointRouteBuilder site) =>
        site.MapGet("/admin/studies/{studyId:guid}/recruiter-ids.csv", async (Guid studyId, StudyDb db, CancellationToken cancel) =>
        {
            var rows = await (
                from recruit in db.Recruits
                join session in db.Sessions on recruit.SessionId equals session.Id
                join version in db.StudyVersions on session.StudyVersionId equals version.Id
                where recruit.StudyId == studyId
                orderby version.Number, session.Number
                select new { Version = version.Number, session.Number, session.State, session.CompletionCode, recruit.Recruiter, recruit.ParticipantId, recruit.SubmissionId, recruit.ProjectId }).ToListAsync(cancel);
            var lines = rows.Select(r => string.Join(',', ((string?[])[$"{r.Version}", $"P{r.Number}", $"{r.State}", r.CompletionCode, r.Recruiter, r.ParticipantId, r.SubmissionId, r.ProjectId]).Select(Field)));
            return Results.Text(string.Concat(lines.Prepend("study_version,participant,state,completion_code,recruiter,participant_id,submission_id,project_id").Select(line => line + "\r\n")), "text/csv");
        }).RequireAuthorization();

    // Quoted where it has to be; what a spreadsheet would take for a formula gets an apostrophe (OWASP, CSV injection).
    private static string Field(string? text)
    {
        if (string.IsNullOrEmpty(text)) return "";
        if ("=+-@\t\r".Contains(text[0], StringComparison.Ordinal)) text = "'" + text;
        return text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}

using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Studies;

namespace PerceptionStudy.Server.Participation;

/// <summary>The recruiters' ids of a study's sessions, for paying people: asked for by itself, never part of an export of answers.</summary>
public static class RecruitList
{
    public static void MapRecruitList(this IEndpointRouteBuilder site) =>
        site.MapGet("/admin/studies/{studyId:guid}/recruiter-ids.csv", FileAsync).RequireAuthorization(NeedsAttribute.PolicyOf(StudyRight.Recruit));

    internal static async Task<IResult> FileAsync(Guid studyId, StudyDb db, CancellationToken cancel)
    {
        var rows = await (
            from recruit in db.Recruits
            join session in db.Sessions on recruit.SessionId equals session.Id
            join version in db.StudyVersions on session.StudyVersionId equals version.Id
            where recruit.StudyId == studyId
            orderby version.Number, session.Number
            select new { Version = version.Number, session.Number, session.State, session.CompletionCode, recruit.Recruiter, recruit.ParticipantId, recruit.SubmissionId, recruit.ProjectId }).ToListAsync(cancel);
        return Results.Text(CsvText.Of(
            ["study_version", "participant", "state", "completion_code", "recruiter", "participant_id", "submission_id", "project_id"],
            rows.Select(r => (object?[])[r.Version, $"P{r.Number}", $"{r.State}", r.CompletionCode, r.Recruiter, db.RecruiterIds.Open(r.ParticipantId), db.RecruiterIds.Open(r.SubmissionId), r.ProjectId])), "text/csv");
    }
}

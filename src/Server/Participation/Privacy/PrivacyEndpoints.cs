using Microsoft.AspNetCore.Antiforgery;
using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Studies;

namespace PerceptionStudy.Server.Participation.Privacy;

/// <summary>What is stored about one person, for that person and for the owner of the study; the record of processing as a file.</summary>
public static class PrivacyEndpoints
{
    public static void MapPrivacy(this IEndpointRouteBuilder site)
    {
        site.MapPost("/withdraw/data", OwnAsync);
        site.MapGet("/admin/studies/{studyId:guid}/participant-data.json", OfStudyAsync).RequireAuthorization(NeedsAttribute.PolicyOf(StudyRight.Recruit), NeedsAttribute.PolicyOf(StudyRight.Export));
        site.MapGet("/admin/studies/{studyId:guid}/record-of-processing.md", RecordAsync).RequireAuthorization(NeedsAttribute.PolicyOf(StudyRight.See));
    }

    /// <summary>The code is that of the end page; whoever has it may also withdraw.</summary>
    private static async Task<IResult> OwnAsync(StudyDb db, IAntiforgery antiforgery, HttpContext http)
    {
        http.Response.Headers.CacheControl = "no-store";
        if (!await antiforgery.IsRequestValidAsync(http)) return Results.Redirect("/withdraw");
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        return await ParticipantData.FindAsync(db, form["Form.Code"], http.RequestAborted) is { } session
            ? Results.File((await ParticipantData.OfAsync(db, session, http.RequestAborted))!, "application/json", "my-data.json") : Results.Redirect("/withdraw?unknown=true");
    }

    internal static async Task<IResult> OfStudyAsync(Guid studyId, string who, StudyDb db, HttpContext http)
    {
        http.Response.Headers.CacheControl = "no-store";
        var session = await SessionOfAsync(db, studyId, who.Trim(), http.RequestAborted);
        return session is null ? Missing($"In this study there is no participant '{who}': give the withdrawal code, or the number and, from the second version on, the version, as P12 or 2/P12.")
            : Results.File((await ParticipantData.OfAsync(db, session.Value, http.RequestAborted))!, "application/json", $"participant-{session:N}.json");
    }

    private static async Task<Guid?> SessionOfAsync(StudyDb db, Guid studyId, string who, CancellationToken cancel)
    {
        var own = from session in db.Sessions join version in db.StudyVersions on session.StudyVersionId equals version.Id where version.StudyId == studyId && session.ObserverType == ObserverType.Human select new { session.Id, session.Number, session.WithdrawCode, Version = version.Number };
        var parts = who.Split('/');
        if (parts[^1] is ['P' or 'p', .. var digits] && int.TryParse(digits, out var number))
        {
            var inVersion = parts.Length == 2 && int.TryParse(parts[0], out var given) ? given : 1;
            return await own.Where(s => s.Number == number && s.Version == inVersion).Select(s => (Guid?)s.Id).FirstOrDefaultAsync(cancel);
        }
        var code = Codes.Clean(who);
        return await own.Where(s => s.WithdrawCode == code).Select(s => (Guid?)s.Id).FirstOrDefaultAsync(cancel);
    }

    internal static async Task<IResult> RecordAsync(Guid studyId, StudyDb db, CancellationToken cancel) =>
        await ProcessingRecord.OfAsync(db, studyId, cancel) is { } record ? Results.File(System.Text.Encoding.UTF8.GetBytes(record), "text/markdown; charset=utf-8", "record-of-processing.md") : Missing("There is no such study.");

    private static IResult Missing(string why) => Results.Problem(why, statusCode: StatusCodes.Status404NotFound);
}

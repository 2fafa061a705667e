using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Studies;

namespace PerceptionStudy.Server.Participation.Inviting;

/// <summary>The personal links of a study as a table, for a mail merge.</summary>
public static class PersonalLinkFile
{
    public static void MapPersonalLinks(this IEndpointRouteBuilder site) =>
        site.MapGet("/admin/studies/{studyId:guid}/personal-links.csv", async (Guid studyId, StudyDb db, PersonalLinks links, HttpContext http, CancellationToken cancel) =>
        {
            if (await db.Studies.Where(s => s.Id == studyId).Select(s => s.LinkKey).FirstOrDefaultAsync(cancel) is not { } linkKey) return Results.NotFound("There is no such study.");
            var address = $"{http.Request.Scheme}://{http.Request.Host}{http.Request.PathBase}/s/{linkKey}?{RecruiterLink.PersonalParameter}=";
            var rows = await links.ListAsync(studyId, cancel);
            return Results.Text(CsvText.Of(["link", "note", "made_at", "participant", "state"],
                rows.Select(l => (object?[])[address + l.Code, l.Note, l.CreatedAt.UtcDateTime.ToString("O"), l.Participant, l.State?.ToString()])), "text/csv");
        }).RequireAuthorization(NeedsAttribute.PolicyOf(StudyRight.Recruit));
}

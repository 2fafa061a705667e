using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Data;

namespace PerceptionStudy.Server.Studies;

/// <summary>Two people have changed the same draft: the second is told, and nothing is overwritten.</summary>
internal static class DraftConflict
{
    /// <summary>Says who was first.</summary>
    public static async Task<RefusedException> OfAsync(StudyDb db, Guid studyId, CancellationToken cancel)
    {
        var last = await db.AuditEntries.Where(e => e.Entity == nameof(Study) && e.StudyId == studyId).OrderByDescending(e => e.Number).Select(e => new { e.Who, e.At }).FirstOrDefaultAsync(cancel);
        var who = last is null ? "Somebody else" : $"{char.ToUpperInvariant(last.Who[0])}{last.Who[1..]}";
        var when = last is null ? "" : $" at {last.At.UtcDateTime:HH:mm} UTC";
        return new RefusedException($"{who} has saved this study{when}, after you opened it. Nothing of yours was stored: note what you changed, reload the study, and change it again.", Refusal.Conflict);
    }

    /// <summary>Saves a study, unless somebody else has saved its draft since it was read.</summary>
    public static async Task SaveStudyAsync(this StudyDb db, Guid studyId, CancellationToken cancel)
    {
        try
        {
            await db.SaveChangesAsync(cancel);
        }
        catch (DbUpdateConcurrencyException)
        {
            throw await OfAsync(db, studyId, cancel);
        }
    }
}

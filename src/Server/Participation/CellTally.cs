using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Studies;
using PerceptionStudy.Shared.Trials;

namespace PerceptionStudy.Server.Participation;

/// <summary>How often a cell was given out by the sessions whose <see cref="Session.CellsTallied"/> is set: a sum kept, so that nobody who begins waits for all trials to be counted. It can be made anew at any time.</summary>
public sealed class CellTally
{
    public Guid Id { get; set; }
    public Guid StudyVersionId { get; set; }
    public Guid NaturalStimulusId { get; set; }
    public Guid? ModelId { get; set; }
    public Guid? StageId { get; set; }
    public double LossLevel { get; set; }
    public int Count { get; set; }

    public TrialCell Cell => new(NaturalStimulusId, new StudyCondition(ModelId, StageId, LossLevel));
}

/// <summary>
/// Counts cells. The database itself says for each session whether the tallies are wrong about it (<see cref="Session.TallyIsDue"/>), however its state changed, so that a count is the
/// tallies and the few sessions that are due; tallying takes these in. Tallies are kept for people only.
/// </summary>
public static class CellTallies
{
    /// <summary>
    /// How often each cell was given out so far in a study version, among people or among synthetic observers; cells that were not are absent. Only sessions under way and completed ones
    /// count: all others have given their cells back.
    /// </summary>
    public static async Task<Dictionary<TrialCell, int>> CountAsync(StudyDb db, Guid versionId, ObserverType observers, CancellationToken cancel = default)
    {
        var counts = observers == ObserverType.Human ? (await OfAsync(db, versionId, cancel)).ToDictionary(t => t.Cell, t => t.Count) : [];
        foreach (var (cell, more) in await ChangesAsync(db, db.Sessions.Where(s => s.StudyVersionId == versionId && s.ObserverType == observers && s.TallyIsDue), cancel))
            counts[cell] = counts.GetValueOrDefault(cell) + more;
        return counts.Where(c => c.Value > 0).ToDictionary();
    }

    /// <summary>The same for people, after taking all that is due into the tallies. Call it in the transaction that holds the study's lock, for designs whose trials keep their conditions, and save the changes.</summary>
    public static async Task<Dictionary<TrialCell, int>> TallyAsync(StudyDb db, Guid versionId, CancellationToken cancel = default)
    {
        // Marked first, which locks their rows: whatever becomes of them after this transaction makes them due again.
        var due = await db.Database.SqlQuery<Guid>(
            $"""UPDATE "Sessions" SET "CellsTallied" = NOT "CellsTallied" WHERE "StudyVersionId" = {versionId} AND "ObserverType" = 'Human' AND "TallyIsDue" RETURNING "Id" AS "Value" """).ToListAsync(cancel);
        var tallies = (await OfAsync(db, versionId, cancel)).ToDictionary(t => t.Cell);
        foreach (var (cell, less) in await ChangesAsync(db, db.Sessions.Where(s => due.Contains(s.Id)), cancel))
        {
            if (!tallies.TryGetValue(cell, out var tally))
            {
                tallies[cell] = tally = new CellTally
                {
                    Id = Guid.CreateVersion7(), StudyVersionId = versionId, NaturalStimulusId = cell.NaturalStimulusId, ModelId = cell.Condition.ModelId, StageId = cell.Condition.StageId, LossLevel = cell.Condition.LossLevel,
                };
                db.CellTallies.Add(tally);
            }
            else
            {
                db.CellTallies.Update(tally);
            }
            // Marked already, so that what is due now is what was not before.
            tally.Count -= less;
        }
        return tallies.Where(t => t.Value.Count > 0).ToDictionary(t => t.Key, t => t.Value.Count);
    }

    /// <summary>Forgets the tallies of a version, so that its sessions are counted anew: some were deleted. Call it in the transaction that deletes them, with the study's lock.</summary>
    public static async Task ForgetAsync(StudyDb db, Guid versionId, CancellationToken cancel = default)
    {
        await db.CellTallies.Where(t => t.StudyVersionId == versionId).ExecuteDeleteAsync(cancel);
        await db.Sessions.Where(s => s.StudyVersionId == versionId && s.CellsTallied).ExecuteUpdateAsync(session => session.SetProperty(s => s.CellsTallied, false), cancel);
    }

    private static Task<List<CellTally>> OfAsync(StudyDb db, Guid versionId, CancellationToken cancel) => db.CellTallies.AsNoTracking().Where(t => t.StudyVersionId == versionId).ToListAsync(cancel);

    /// <summary>What sessions add to the tallies where they are not in them, and take away where they are.</summary>
    private static async Task<Dictionary<TrialCell, int>> ChangesAsync(StudyDb db, IQueryable<Session> sessions, CancellationToken cancel)
    {
        var counted = await (
            from session in sessions
            join trial in db.Trials on session.Id equals trial.SessionId
            where trial.Phase == TrialPhase.Main && trial.NaturalStimulusId != null && trial.RepeatOf == null
            group trial by new { trial.NaturalStimulusId, trial.ModelId, trial.StageId, trial.LossLevel, session.CellsTallied } into cell
            select new { cell.Key, Count = cell.Count() }).ToListAsync(cancel);
        return counted.GroupBy(c => new TrialCell(c.Key.NaturalStimulusId!.Value, new StudyCondition(c.Key.ModelId, c.Key.StageId, c.Key.LossLevel)))
            .ToDictionary(cell => cell.Key, cell => cell.Sum(c => c.Key.CellsTallied ? -c.Count : c.Count));
    }
}

internal sealed class CellTallyConfiguration : IEntityTypeConfiguration<CellTally>
{
    public void Configure(EntityTypeBuilder<CellTally> tally)
    {
        tally.Ignore(t => t.Cell);
        tally.HasIndex(t => t.StudyVersionId);
        tally.HasOne<StudyVersion>().WithMany().HasForeignKey(t => t.StudyVersionId).OnDelete(DeleteBehavior.Cascade);
    }
}

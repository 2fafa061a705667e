using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Studies;

namespace PerceptionStudy.Server.Participation.OnDemand;

/// <summary>Open trials of a session, in order, and what was shown before them.</summary>
/// <param name="Open">Tracked where they are read to be settled.</param>
/// <param name="Before">Right answers of the last settled main trials before them, in order: as many as the rule about categories in a row asks for.</param>
public sealed record OpenTrials(IReadOnlyList<Trial> Open, IReadOnlyList<string> Before)
{
    /// <summary>
    /// The trials among which one is chosen that was asked for: itself, and as many after it in its block as the look-ahead window holds. Null where it is settled. However long the
    /// session is, no more rows are read.
    /// </summary>
    public static async Task<OpenTrials?> FromAsync(StudyDb db, StudyDesign design, Guid sessionId, Guid trialId, CancellationToken cancel = default)
    {
        var main = db.Trials.Where(t => t.SessionId == sessionId && t.Phase == TrialPhase.Main);
        var ahead = main.Where(t => t.IsOpen && t.Position >= main.Where(asked => asked.Id == trialId && asked.IsOpen).Select(asked => asked.Position).First());
        var open = await ahead.AsTracking().OrderBy(t => t.Position).Take(design.OnDemand.AheadTrials + 1).ToListAsync(cancel);
        if (open.Count == 0 || open[0].Id != trialId) return null;
        var before = design.Assignment.MostOfACategoryInARow is not { } most ? []
            : await main.Where(t => !t.IsOpen && t.Position < open[0].Position).OrderByDescending(t => t.Position).Take(most).Select(t => t.CorrectCategory).ToListAsync(cancel);
        before.Reverse();
        return new OpenTrials(BlockOf(open, design.Assignment.Order), before);
    }

    /// <summary>The next open trials of a session, over all blocks, only to be looked at.</summary>
    /// <param name="most">At most so many; null for all.</param>
    public static async Task<OpenTrials> NextAsync(StudyDb db, Guid sessionId, int? most, CancellationToken cancel = default) => new(
        await db.Trials.AsNoTracking().Where(t => t.SessionId == sessionId && t.Phase == TrialPhase.Main && t.IsOpen).OrderBy(t => t.Position).Take(most ?? int.MaxValue).ToListAsync(cancel), []);

    /// <summary>The trials up to the end of the first one's block. A block holds one model; catch trials lie in any.</summary>
    public static IReadOnlyList<Trial> BlockOf(IReadOnlyList<Trial> open, TrialOrder order)
    {
        if (order == TrialOrder.Random || open.FirstOrDefault(t => !t.IsCatch) is not { } first) return open;
        return [.. open.TakeWhile(t => t.IsCatch || t.ModelId == first.ModelId)];
    }

    /// <summary>
    /// Brings what one trial shows forward to the first place; what stood before it moves one place back. The rows keep key, address and mask, which the
    /// browser knows.
    /// </summary>
    public void BringForward(int index)
    {
        var chosen = Shown.Of(Open[index]);
        for (var n = index; n > 0; n--) Shown.Of(Open[n - 1]).PutInto(Open[n]);
        chosen.PutInto(Open[0]);
    }

    /// <summary>What moves when trials change places.</summary>
    private sealed record Shown(bool IsCatch, Guid? StimulusId, Guid? NaturalStimulusId, Guid? ModelId, Guid? StageId, double LossLevel, bool Swapped, bool OnDemand, string CorrectCategory)
    {
        public static Shown Of(Trial t) => new(t.IsCatch, t.StimulusId, t.NaturalStimulusId, t.ModelId, t.StageId, t.LossLevel, t.Swapped, t.OnDemand, t.CorrectCategory);

        public void PutInto(Trial t)
        {
            (t.IsCatch, t.StimulusId, t.NaturalStimulusId, t.ModelId, t.StageId) = (IsCatch, StimulusId, NaturalStimulusId, ModelId, StageId);
            (t.LossLevel, t.Swapped, t.OnDemand, t.CorrectCategory) = (LossLevel, Swapped, OnDemand, CorrectCategory);
        }
    }
}

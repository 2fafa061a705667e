using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Studies;

namespace PerceptionStudy.Server.Participation.OnDemand;

/// <summary>The open trials of a session from one trial to the end of its block, and what was shown before them.</summary>
/// <param name="Open">In order; the first is the one that was asked for.</param>
/// <param name="Before">Right answers of the settled main trials before it, in order.</param>
public sealed record OpenTrials(IReadOnlyList<Trial> Open, IReadOnlyList<string> Before)
{
    /// <summary>Null where the trial is settled.</summary>
    /// <param name="tracked">Whether they are read to be changed.</param>
    public static async Task<OpenTrials?> FromAsync(StudyDb db, StudyDesign design, Guid sessionId, Guid trialId, bool tracked, CancellationToken cancel = default)
    {
        var query = db.Trials.Where(t => t.SessionId == sessionId && t.Phase == TrialPhase.Main);
        var trials = await (tracked ? query.AsTracking() : query.AsNoTracking()).OrderBy(t => t.Position).ToListAsync(cancel);
        var asked = trials.FindIndex(t => t.Id == trialId);
        if (asked < 0 || !trials[asked].IsOpen) return null;
        return new OpenTrials(
            BlockOf([.. trials.Skip(asked).Where(t => t.IsOpen)], design.Assignment.Order),
            [.. trials.Take(asked).Where(t => !t.IsOpen).Select(t => t.CorrectCategory)]);
    }

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
    private sealed record Shown(bool IsCatch, Guid? StimulusId, Guid? NaturalStimulusId, Guid? ModelId, Guid? StageId, bool Swapped, bool OnDemand, string CorrectCategory)
    {
        public static Shown Of(Trial t) => new(t.IsCatch, t.StimulusId, t.NaturalStimulusId, t.ModelId, t.StageId, t.Swapped, t.OnDemand, t.CorrectCategory);

        public void PutInto(Trial t)
        {
            (t.IsCatch, t.StimulusId, t.NaturalStimulusId, t.ModelId, t.StageId) = (IsCatch, StimulusId, NaturalStimulusId, ModelId, StageId);
            (t.Swapped, t.OnDemand, t.CorrectCategory) = (Swapped, OnDemand, CorrectCategory);
        }
    }
}

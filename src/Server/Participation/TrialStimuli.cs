using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Studies;

namespace PerceptionStudy.Server.Participation;

/// <summary>A natural stimulus in a condition: what has to fill evenly over the participants.</summary>
public readonly record struct TrialCell(Guid NaturalStimulusId, StudyCondition Condition);

/// <summary>What a sequence needs to know of the stimuli: the category of each natural one, and the metamer of each cell that has one.</summary>
public sealed record TrialStimuli(IReadOnlyDictionary<Guid, string> Categories, IReadOnlyDictionary<TrialCell, Guid> Metamers)
{
    /// <summary>
    /// Reads the stimuli of a published design. A metamer that was rejected after publication is left out: its trial shows the natural
    /// stimulus and is marked as swapped.
    /// </summary>
    public static async Task<TrialStimuli> LoadAsync(StudyDb db, StudyDesign design, CancellationToken cancel = default)
    {
        Guid[] naturals = [.. design.NaturalStimuli, .. design.PracticeStimuli, .. design.CatchStimuli];
        var categories = await db.Stimuli.Where(s => naturals.Contains(s.Id)).Select(s => new { s.Id, s.Category }).ToDictionaryAsync(s => s.Id, s => s.Category, cancel);
        var metamers = await db.Metamers
            .Where(m => design.Metamers.Contains(m.StimulusId) && m.MeetsCriteria && m.RejectedBecause == null)
            .Select(m => new { m.StimulusId, m.NaturalStimulusId, m.ModelId, m.StageId, m.LossLevel }).ToListAsync(cancel);
        var cells = new Dictionary<TrialCell, Guid>();
        foreach (var metamer in metamers.OrderBy(m => m.StimulusId))
            cells.TryAdd(new TrialCell(metamer.NaturalStimulusId, new StudyCondition(metamer.ModelId, metamer.StageId, metamer.LossLevel)), metamer.StimulusId);
        return new TrialStimuli(categories, cells);
    }
}

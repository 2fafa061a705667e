using PerceptionStudy.Server.Studies;

namespace PerceptionStudy.Server.Participation;

/// <summary>
/// One trial as drawn, before it is a row. <see cref="NaturalStimulusId"/> is null for a catch trial, and so is <see cref="StimulusId"/> of one that shows an icon.
/// </summary>
public sealed record PlannedTrial
{
    public required TrialPhase Phase { get; init; }
    public bool IsCatch { get; init; }

    /// <summary>Whether it is a practice trial without feedback.</summary>
    public bool IsScored { get; init; }

    public Guid? StimulusId { get; init; }
    public Guid? NaturalStimulusId { get; init; }
    public StudyCondition Condition { get; init; } = new(null, null);
    public bool Swapped { get; init; }

    /// <summary>Whether the metamer is made on demand; then there is nothing to show yet.</summary>
    public bool OnDemand { get; init; }
    public required string CorrectCategory { get; init; }
    public int MaskSeed { get; init; }

    /// <summary>What can be answered, in the order of the response screen; null for all categories.</summary>
    public string[]? Choices { get; init; }
}

/// <summary>
/// Draws the trials of one session; a pure function, so that the stored seed and counts give the same sequence again.
/// Practice comes first, every practice stimulus once, those without feedback last. Then the main block after Feather et al. 2023: every condition equally often (within
/// one), every natural stimulus at most once (<see cref="CellAssignment"/>, which fills all cells evenly over the participants); catch trials are
/// shuffled in, and the order rules of the design hold (<see cref="TrialOrdering"/>).
/// </summary>
public static class TrialSequence
{
    /// <param name="design">A published design.</param>
    /// <param name="stimuli">Its stimuli.</param>
    /// <param name="soFar">How often each cell was given out before; a missing cell counts as 0.</param>
    /// <param name="seed">Decides everything that is left to chance. The order of lists in the design does not matter.</param>
    public static IReadOnlyList<PlannedTrial> Draw(StudyDesign design, TrialStimuli stimuli, IReadOnlyDictionary<TrialCell, int> soFar, int seed)
    {
        if (design.MainTrials > design.NaturalStimuli.Length)
            throw new ArgumentException($"{design.MainTrials} main trials need as many natural stimuli, and the design has {design.NaturalStimuli.Length}.", nameof(design));
        if (design.Conditions.Length == 0) throw new ArgumentException("The design has no conditions.", nameof(design));

        var random = new SequenceRandom(seed);
        var practice = random.Shuffled(design.PracticeStimuli.Order())
            .Select((id, n) => new PlannedTrial
            {
                Phase = TrialPhase.Practice, IsScored = n >= design.PracticeStimuli.Length - design.Practice.ScoredTrials,
                StimulusId = id, NaturalStimulusId = id, CorrectCategory = stimuli.Categories[id],
            })
            .ToArray();

        var main = CellAssignment.Draw(design, stimuli, soFar, random).Select(cell => MainTrial(cell, design, stimuli));
        var ordered = TrialOrdering.Order([.. main, .. Catches(design, stimuli, random)], design.Assignment, random);
        PlannedTrial[] all = [.. practice.Concat(ordered).Select(trial => trial with { MaskSeed = unchecked((int)random.Next()) })];
        return design.Response.ChoicesPerTrial is { } count ? TrialChoices.Draw(all, design.Categories, count, random) : all;
    }

    /// <summary>Clear sounds where the design has some, otherwise icons of categories; each at most once as long as there are enough.</summary>
    private static IEnumerable<PlannedTrial> Catches(StudyDesign design, TrialStimuli stimuli, SequenceRandom random)
    {
        if (design.CatchStimuli.Length > 0)
        {
            return random.Shuffled(design.CatchStimuli.Order()).Take(design.CatchTrials)
                .Select(id => new PlannedTrial { Phase = TrialPhase.Main, IsCatch = true, StimulusId = id, CorrectCategory = stimuli.Categories[id] });
        }
        var icons = random.Shuffled(design.Categories.Order(StringComparer.Ordinal));
        return Enumerable.Range(0, design.CatchTrials).Select(n => new PlannedTrial { Phase = TrialPhase.Main, IsCatch = true, CorrectCategory = icons[n % icons.Length] });
    }

    private static PlannedTrial MainTrial(TrialCell cell, StudyDesign design, TrialStimuli stimuli)
    {
        var onDemand = design.OnDemand.Makes(cell.Condition);
        var found = stimuli.Metamers.TryGetValue(cell, out var metamer);
        return new PlannedTrial
        {
            Phase = TrialPhase.Main,
            StimulusId = onDemand ? null : found ? metamer : cell.NaturalStimulusId,
            NaturalStimulusId = cell.NaturalStimulusId,
            Condition = cell.Condition,
            OnDemand = onDemand,
            Swapped = !onDemand && !found && !cell.Condition.IsNatural,
            CorrectCategory = stimuli.Categories[cell.NaturalStimulusId],
        };
    }
}

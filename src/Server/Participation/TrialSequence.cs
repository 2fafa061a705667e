using PerceptionStudy.Server.Studies;

namespace PerceptionStudy.Server.Participation;

/// <summary>One trial as drawn, before it is a row. <see cref="StimulusId"/> and <see cref="NaturalStimulusId"/> are null for a catch trial.</summary>
public sealed record PlannedTrial
{
    public required TrialPhase Phase { get; init; }
    public bool IsCatch { get; init; }
    public Guid? StimulusId { get; init; }
    public Guid? NaturalStimulusId { get; init; }
    public StudyCondition Condition { get; init; } = new(null, null);
    public bool Swapped { get; init; }
    public required string CorrectCategory { get; init; }
    public int MaskSeed { get; init; }
}

/// <summary>
/// Draws the trials of one session; a pure function, so that the stored seed and counts give the same sequence again.
/// Practice comes first, every practice stimulus once. Then the main block after Feather et al. 2023: every condition equally often (within
/// one), every natural stimulus at most once, paired at random; catch trials are shuffled in. Where the published code shuffles and cuts, the
/// conditions, stimuli and pairs that were given out least so far come first, so that all cells fill evenly over the participants, and pairs that
/// have a metamer come before those that have none: a set need not cover every natural stimulus at every stage.
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
            .Select(id => new PlannedTrial { Phase = TrialPhase.Practice, StimulusId = id, NaturalStimulusId = id, CorrectCategory = stimuli.Categories[id] })
            .ToArray();

        var conditions = design.Conditions.OrderBy(c => c.ModelId).ThenBy(c => c.StageId).ToArray();
        var naturals = ChooseNaturals(design, stimuli, soFar, random);
        var pairing = Pair(naturals, conditions, stimuli, soFar, random);
        var main = naturals.Select((natural, n) => MainTrial(natural, conditions[pairing[n]], stimuli));

        var icons = random.Shuffled(design.Categories.Order(StringComparer.Ordinal));
        var catches = Enumerable.Range(0, design.CatchTrials)
            .Select(n => new PlannedTrial { Phase = TrialPhase.Main, IsCatch = true, CorrectCategory = icons[n % icons.Length] });

        return [.. practice.Concat(random.Shuffled(main.Concat(catches))).Select(trial => trial with { MaskSeed = unchecked((int)random.Next()) })];
    }

    private static PlannedTrial MainTrial(Guid natural, StudyCondition condition, TrialStimuli stimuli)
    {
        var found = stimuli.Metamers.TryGetValue(new TrialCell(natural, condition), out var metamer);
        return new PlannedTrial
        {
            Phase = TrialPhase.Main,
            StimulusId = found ? metamer : natural,
            NaturalStimulusId = natural,
            Condition = condition,
            Swapped = !found && !condition.IsNatural,
            CorrectCategory = stimuli.Categories[natural],
        };
    }

    /// <summary>Takes the categories in turn, and of each the stimulus shown least so far; chance breaks ties.</summary>
    private static Guid[] ChooseNaturals(StudyDesign design, TrialStimuli stimuli, IReadOnlyDictionary<TrialCell, int> soFar, SequenceRandom random)
    {
        var shown = soFar.GroupBy(cell => cell.Key.NaturalStimulusId).ToDictionary(g => g.Key, g => g.Sum(cell => cell.Value));
        var byCategory = random.Shuffled(design.NaturalStimuli.Order())
            .GroupBy(id => stimuli.Categories[id])
            .OrderBy(category => category.Sum(id => shown.GetValueOrDefault(id)) / (double)category.Count())
            .Select(category => category.OrderBy(id => shown.GetValueOrDefault(id)).ToArray())
            .ToArray();
        var rounds = byCategory.Max(category => category.Length);
        return [.. Enumerable.Range(0, rounds).SelectMany(round => byCategory.Where(c => round < c.Length).Select(c => c[round])).Take(design.MainTrials)];
    }

    // More than any cell is ever given out: a pair without a metamer is drawn only where nothing else is left.
    private const int Missing = 1_000_000;

    /// <summary>For each natural stimulus the index of its condition.</summary>
    private static int[] Pair(Guid[] naturals, StudyCondition[] conditions, TrialStimuli stimuli, IReadOnlyDictionary<TrialCell, int> soFar, SequenceRandom random)
    {
        var used = new int[naturals.Length, conditions.Length];
        for (var n = 0; n < naturals.Length; n++)
        {
            for (var c = 0; c < conditions.Length; c++)
            {
                var cell = new TrialCell(naturals[n], conditions[c]);
                used[n, c] = conditions[c].IsNatural || stimuli.Metamers.ContainsKey(cell) ? soFar.GetValueOrDefault(cell) : Missing;
            }
        }

        var total = conditions.Select(condition => soFar.Where(cell => cell.Key.Condition == condition).Sum(cell => cell.Value)).ToArray();
        var leastUsed = random.Shuffled(Enumerable.Range(0, conditions.Length)).OrderBy(c => total[c]).ToArray();
        var pairing = random.Shuffled(naturals.Select((_, n) => leastUsed[n % conditions.Length]));

        // Exchange the conditions of two stimuli wherever that takes less used cells. Each exchange lowers the sum, so this ends.
        bool exchanged;
        do
        {
            exchanged = false;
            for (var a = 0; a < naturals.Length; a++)
            {
                for (var b = a + 1; b < naturals.Length; b++)
                {
                    if (used[a, pairing[b]] + used[b, pairing[a]] >= used[a, pairing[a]] + used[b, pairing[b]]) continue;
                    (pairing[a], pairing[b]) = (pairing[b], pairing[a]);
                    exchanged = true;
                }
            }
        }
        while (exchanged);
        return pairing;
    }
}

using PerceptionStudy.Server.Analysis;
using PerceptionStudy.Server.Analysis.Statistics;

namespace PerceptionStudy.Server.Tests.Analysis.Statistics;

public sealed class RecognitionBreakdownTests
{
    private static readonly TrialRecord[] All =
    [
        Trials.Of(1, true, 1), Trials.Of(1, false, 1) with { Category = "dog", NaturalStimulus = "dog-1" }, Trials.Of(2, true, 1), Trials.Of(2, true),
        Trials.Of(1, false, 1, "net"), Trials.Of(2, true, 1) with { Swapped = true },
    ];

    [Fact]
    public void Cells_count_what_counts_and_carry_intervals_and_sensitivity()
    {
        var cells = RecognitionBreakdown.Of(All, BreakdownBy.Category);
        Assert.Equal([(ObserverKind.Human, "natural", "cat", 1, 1), (ObserverKind.Human, "stage1", "cat", 2, 2), (ObserverKind.Human, "stage1", "dog", 1, 0), (ObserverKind.Model, "stage1", "cat", 1, 0)],
            cells.Select(c => (c.Observer, c.Stage, c.Key, c.Trials, c.Correct)));
        Assert.Equal(ProportionInterval.Wilson(2, 2), cells[1].Interval);
        Assert.Equal(Detectability.OfForcedChoice(2, 2, 4), cells[1].DPrime);
    }

    [Fact]
    public void The_same_trials_by_stimulus_and_by_participant()
    {
        Assert.Equal([("cat-1", 2), ("dog-1", 1)], RecognitionBreakdown.Of(All, BreakdownBy.NaturalStimulus).Where(c => c is { Observer: ObserverKind.Human, StageIndex: 1 }).Select(c => (c.Key, c.Trials)));
        Assert.Equal([("v1-P1", 0.5), ("v1-P2", 1)], RecognitionBreakdown.Of(All, BreakdownBy.Participant).Where(c => c is { Observer: ObserverKind.Human, StageIndex: 1 }).Select(c => (c.Key, c.Proportion)));
    }
}

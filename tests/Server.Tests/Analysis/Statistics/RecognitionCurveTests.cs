using PerceptionStudy.Server.Analysis;
using PerceptionStudy.Server.Analysis.Statistics;

namespace PerceptionStudy.Server.Tests.Analysis.Statistics;

public sealed class RecognitionCurveTests
{
    // By hand. Natural: 1/1, 1/2, 0/1, so 0.5, deviations .5, 0, -.5, population variance 1/6, SEM √(1/6 / 3) = √(1/18).
    // Stage 1: person 1 has 1/2, person 2 1/1, person 3 none; mean .75, SEM √(1/16 / 2) = √(1/32). The generating model: 2/2 and 0/1, mean .5, SEM √(1/8).
    private static readonly TrialRecord[] ByHand =
    [
        Trials.Of(1, true), Trials.Of(2, true), Trials.Of(2, false), Trials.Of(3, false),
        Trials.Of(1, true, 1), Trials.Of(1, false, 1), Trials.Of(2, true, 1),
        Trials.Of(1, true, 1, "net"), Trials.Of(1, true, 1, "net"), Trials.Of(2, false, 1, "net"),
        Trials.Of(1, true, 1, "alien"),
        // None of these counts.
        Trials.Of(1, true, 1) with { IsPractice = true }, Trials.Of(3, true, 1) with { Swapped = true },
        Trials.Of(3, true) with { Condition = ConditionKind.Catch, StageIndex = null },
    ];

    [Fact]
    public void Means_and_SEMs_are_over_participants_with_the_population_deviation()
    {
        var panel = Assert.Single(RecognitionCurve.Of(ByHand).Panels());
        Assert.Equal("net", panel.GeneratingModel);
        Assert.Equal(["natural", "stage1"], panel.Stages);
        Assert.Equal([("", false), ("net", true), ("alien", false)], panel.Lines.Select(l => (l.Name, l.Generating)));
        Expect(panel.Lines[0].Points[0], 4, 3, 0.5, Math.Sqrt(1.0 / 18));
        Expect(panel.Lines[0].Points[1], 3, 2, 0.75, Math.Sqrt(1.0 / 32));
        Expect(panel.Lines[1].Points[0], 3, 2, 0.5, Math.Sqrt(1.0 / 8));
        Expect(panel.Lines[2].Points[0], 1, 1, 1, 0);
    }

    [Fact]
    public void The_table_of_participants_holds_the_same_units_paired_with_the_generating_model()
    {
        Assert.Equal(
        [
            new StageAccuracy("vision", "E", "net", 0, "natural", "v1-P1", 1, null),
            new StageAccuracy("vision", "E", "net", 0, "natural", "v1-P2", 0.5, null),
            new StageAccuracy("vision", "E", "net", 0, "natural", "v1-P3", 0, null),
            new StageAccuracy("vision", "E", "net", 1, "stage1", "v1-P1", 0.5, 1),
            new StageAccuracy("vision", "E", "net", 1, "stage1", "v1-P2", 1, 0),
        ], RecognitionCurve.Of(ByHand).StageAccuracies("E"));
    }

    [Fact]
    public void The_same_number_in_two_versions_is_two_participants()
    {
        var panel = Assert.Single(RecognitionCurve.Of([Trials.Of(1, true, 1), Trials.Of(1, false, 1, version: 2)]).Panels());
        Expect(Assert.Single(panel.Lines[0].Points), 2, 2, 0.5, Math.Sqrt(0.25 / 2));
    }

    [Fact]
    public void Counts_from_elsewhere_give_what_trials_give_with_the_same_intervals()
    {
        var counted = new RecognitionCurve();
        foreach (var cell in ByHand.Where(t => t.Counts).Reverse().GroupBy(t => (t.Observer, Name: t.Observer == ObserverKind.Model ? t.ObserverId : "", t.Condition, t.Session)))
        {
            var first = cell.First();
            var natural = cell.Key.Condition == ConditionKind.Natural;
            counted.Add(new ConditionCount(cell.Key.Observer, cell.Key.Name, natural ? null : "net", first.StageIndex!.Value, natural ? "natural" : first.Stage!, 1, cell.Key.Session, cell.Count(), cell.Count(t => t.Correct)));
        }
        var (ofTrials, ofCounts) = (RecognitionCurve.Of(ByHand).Panels(), counted.Panels());
        Assert.Equal(ofTrials.SelectMany(p => p.Lines).SelectMany(l => l.Points), ofCounts.SelectMany(p => p.Lines).SelectMany(l => l.Points));
        var natural1 = ofTrials[0].Lines[0].Points[0];
        Assert.True(natural1.Interval!.Value.Lower < natural1.Value.Mean && natural1.Value.Mean < natural1.Interval.Value.Upper);
        // One participant has no interval, and nobody has one who was not asked for.
        Assert.Null(ofTrials[0].Lines[2].Points[0].Interval);
        Assert.Null(RecognitionCurve.Of(ByHand).Panels(resamples: 0)[0].Lines[0].Points[0].Interval);
    }

    [Fact]
    public void Proportions_hold_all_conditions_with_gaps()
    {
        var rows = RecognitionCurve.Of(ByHand).Proportions();
        Assert.Equal([[1, 0.5], [0.5, 1], [0, double.NaN]], rows);
        Assert.Empty(RecognitionCurve.Of([]).Proportions());
    }

    [Fact]
    public void Nothing_gives_nothing_and_one_value_has_no_spread()
    {
        Assert.Null(MeanAndSem.Of([]));
        Assert.Equal(new MeanAndSem(1, 0.3, 0), MeanAndSem.Of([0.3]));
        Assert.Empty(RecognitionCurve.Of([]).Panels());
    }

    private static void Expect(CurvePoint point, int trials, int n, double mean, double sem)
    {
        Assert.Equal((trials, n), (point.Trials, point.Value.N));
        Assert.Equal(mean, point.Value.Mean, 14);
        Assert.Equal(sem, point.Value.Sem, 14);
    }
}

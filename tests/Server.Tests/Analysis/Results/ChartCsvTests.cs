using PerceptionStudy.Server.Analysis;
using PerceptionStudy.Server.Analysis.Results;
using PerceptionStudy.Server.Analysis.Statistics;

namespace PerceptionStudy.Server.Tests.Analysis.Results;

public sealed class ChartCsvTests
{
    [Fact]
    public void Numbers_stay_numbers_and_texts_are_disarmed()
    {
        BreakdownCell[] cells =
        [
            new(ObserverKind.Human, "", "-net", 1, "relu1", "=cat", 4, 0, new Interval(0, .5)) { DPrime = -0.25 },
            new(ObserverKind.Model, "web", null, 0, "natural", "dog", 4, 4, new Interval(.5, 1)) { DPrime = 2.5 },
        ];
        var lines = ChartCsv.Breakdown(BreakdownBy.NaturalStimulus, cells).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(
        [
            "observer,generating_model,stage_index,stage,natural_stimulus,trials,correct,proportion_correct,ci95_lower,ci95_upper,d_prime",
            "people,\"'-net\",1,relu1,\"'=cat\",4,0,0,0,0.5,-0.25", "web,,0,natural,dog,4,4,1,0.5,1,2.5",
        ], lines);
    }

    [Fact]
    public void Tests_are_saved_with_every_digit_and_nothing_where_there_is_nothing()
    {
        double[][] people = [[.9, .5, .3], [.8, .6, .1], [1, .4, .2]], network = [[1, 1, .9], [1, .9, .8], [1, 1, 1]];
        string[] stages = ["natural", "relu1", "relu2"];
        var anova = StageAnova.Mixed(people, network, 100, 1);
        var rows = Rows(ChartCsv.Anova(anova));
        Assert.Equal(["observer", "stage", "observer:stage"], rows.Skip(1).Select(r => r[0]));
        Assert.Equal(anova["stage"].F!.Value, Number(rows[2][5]), 15);
        Assert.Equal(anova["stage"].PHuynhFeldt!.Value, Number(rows[2][8]), 15);
        var contrasts = PairwiseContrasts.ObserversAtStages(people, network, stages);
        rows = Rows(ChartCsv.Contrasts([.. contrasts, new Contrast("people", "network", "flat", 0, null, null, 4, null, null)]));
        Assert.Equal([.. stages, "flat"], rows.Skip(1).Select(r => r[0]));
        Assert.Equal(contrasts[1].PHolm!.Value, Number(rows[2][9]), 15);
        Assert.Equal(["", "", "", "4", "", ""], rows[4][4..]);
    }

    private static List<string[]> Rows(string csv) => [.. csv.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split(','))];

    private static double Number(string text) => double.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

    [Fact]
    public void A_curve_has_a_row_for_each_point_with_its_d_prime()
    {
        var curve = RecognitionCurve.Of([.. Enumerable.Range(1, 6).SelectMany(s => (TrialRecord[])[Trials.Of(s, true), Trials.Of(s, s % 2 == 0, 1), Trials.Of(s, true, 1, "net")])]);
        var rows = ChartCsv.Curve(curve.Panels().Single(), chance: .25).Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split(',')).ToList();
        Assert.Equal(4, rows.Count);
        Assert.Equal("d_prime", rows[0][^1]);
        var metamers = rows.Single(r => r[1] == "people" && r[3] == "stage1");
        Assert.Equal("0.5", metamers[6]);
        Assert.Equal(Detectability.OfForcedChoice(3, 6, 4)!.Value, double.Parse(metamers[^1], System.Globalization.CultureInfo.InvariantCulture), 12);
    }
}

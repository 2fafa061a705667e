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

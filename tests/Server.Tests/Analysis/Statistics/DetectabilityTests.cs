using PerceptionStudy.Server.Analysis.Statistics;
using PerceptionStudy.Server.Participation;

namespace PerceptionStudy.Server.Tests.Analysis.Statistics;

public sealed class DetectabilityTests
{
    [Fact]
    public void Hits_and_false_alarms_by_hand()
    {
        // (15 + ½) / 21 and (5 + ½) / 21: z = ± .63767.
        var sensitivity = Detectability.OfCategory(15, 20, 5, 20)!.Value;
        Assert.Equal(2 * 0.63767, sensitivity.DPrime, 3);
        Assert.Equal(0, sensitivity.Criterion, 12);
        Assert.True(Detectability.OfCategory(20, 20, 20, 20)!.Value.Criterion < -1);
    }

    [Theory]
    [InlineData(2, 1.0)]
    [InlineData(4, 0.0)]
    [InlineData(4, 1.3)]
    [InlineData(16, 2.2)]
    public void The_strongest_of_m_alternatives_is_right_as_often_as_the_integral_says(int alternatives, double dPrime)
    {
        var random = new SequenceRandom(alternatives);
        const int Trials = 100_000;
        var right = 0;
        for (var i = 0; i < Trials; i++)
        {
            var signal = Normal() + dPrime;
            if (Enumerable.Range(1, alternatives - 1).All(_ => Normal() < signal)) right++;
        }
        Assert.Equal((double)right / Trials, Detectability.ProportionCorrect(dPrime, alternatives), 0.006);
        Assert.Equal(dPrime, Detectability.OfForcedChoice(right, Trials, alternatives)!.Value, 0.03);

        double Normal() => Math.Sqrt(-2 * Math.Log((random.Below(1 << 30) + 0.5) / (1 << 30))) * Math.Cos(2 * Math.PI * random.Below(1 << 30) / (1 << 30));
    }

    [Fact]
    public void Rates_of_0_and_1_are_finite_and_order_by_what_stands_behind_them()
    {
        double Of(int correct, int trials) => Detectability.OfForcedChoice(correct, trials, 16)!.Value;
        Assert.True(Of(0, 10) < Of(1, 10) && Of(9, 10) < Of(10, 10) && Of(10, 10) < Of(100, 100));
        Assert.True(double.IsFinite(Of(0, 1_000_000)) && double.IsFinite(Of(1_000_000, 1_000_000)));
    }

    [Fact]
    public void Without_trials_there_is_no_sensitivity()
    {
        Assert.Null(Detectability.OfForcedChoice(0, 0, 4));
        Assert.Null(Detectability.OfCategory(0, 0, 3, 10));
        Assert.Null(Detectability.OfCategory(3, 10, 0, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Detectability.OfForcedChoice(1, 2, 1));
    }

    [Fact]
    public void Wilsons_interval_of_the_textbook() // 8 of 10 (Newcombe 1998 gives .4902 to .9433).
    {
        var interval = ProportionInterval.Wilson(8, 10)!.Value;
        Assert.Equal((0.4902, 0.9433), (Math.Round(interval.Lower, 4), Math.Round(interval.Upper, 4)));
        Assert.Equal(0, ProportionInterval.Wilson(0, 5)!.Value.Lower);
        Assert.Null(ProportionInterval.Wilson(0, 0));
    }
}

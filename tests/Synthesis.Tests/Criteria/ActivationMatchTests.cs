using PerceptionStudy.Synthesis.Criteria;

namespace PerceptionStudy.Synthesis.Tests.Criteria;

public sealed class ActivationMatchTests
{
    [Fact]
    public void Equal_values_share_the_mean_of_their_ranks() =>
        Assert.Equal([1.5f, 6f, 3f, 5f, 1.5f, 4f], Ranks.Of([-2f, 9f, 0f, 3f, -2f, 1f]));

    [Fact]
    public void Negative_and_positive_zero_are_equal() => Assert.Equal([1.5f, 1.5f, 3f], Ranks.Of([0f, -0f, 1f]));

    [Fact]
    public void Ranks_are_those_of_a_plain_sort()
    {
        var random = new Random(6);
        // Of every size, of both signs, with ties, subnormal numbers and infinities.
        float[] values = [.. Enumerable.Range(0, 5000).Select(i => (i % 5) switch
        {
            0 => (float)random.NextDouble(), 1 => -(float)Math.Exp(80 * random.NextDouble() - 40), 2 => random.Next(10), 3 => (float)(1e-40 * random.NextDouble()), _ => 0f,
        }), float.PositiveInfinity, float.NegativeInfinity];
        var sorted = values.Order().ToArray();
        var expected = values.Select(v => (float)((Array.FindIndex(sorted, s => s == v) + Array.FindLastIndex(sorted, s => s == v)) / 2.0 + 1));
        Assert.Equal(expected, Ranks.Of(values));
    }

    [Fact]
    public void Spearman_and_pearson_equal_values_worked_out_by_hand()
    {
        // Ranks of a: 1 2 3 4 5; of b: 2 1 4 3 5. Sum of squared differences 4: rho = 1 - 6*4/(5*24) = 0.8.
        float[] a = [10, 20, 30, 40, 50], b = [7, 3, 90, 20, 1000];
        Assert.Equal(0.8, ActivationMatch.Spearman(a, b), 12);
        // Deviations of a: -20 -10 0 10 20; sum of products with b: -140 - 30 + 0 + 200 + 20000 = 20030;
        // own sums: 1000 and 1008558 - 1120^2/5 = 757678.
        Assert.Equal(20030 / Math.Sqrt(1000d * 757678d), ActivationMatch.Pearson(a, b), 12);
    }

    [Fact]
    public void Spearman_with_ties_is_the_correlation_of_the_mean_ranks()
    {
        // Ranks 1.5 1.5 3 4 and 1 3 3 3 (4 values, one tie of two, one of three): covariance sum 2.25, own sums 4.5 and 3... by hand:
        // deviations from 2.5: (-1 -1 .5 1.5) and (-1.5 .5 .5 .5): products 1.5 -.5 .25 .75 = 2; own sums 4.5 and 3.
        Assert.Equal(2 / Math.Sqrt(4.5 * 3), ActivationMatch.Spearman([0f, 0f, 5f, 8f], [1f, 2f, 2f, 2f]), 12);
    }

    [Fact]
    public void The_papers_decibels_are_half_the_true_ones()
    {
        // ||a|| = 5, ||a - b|| = 0.5: a ratio of 10.
        Assert.Equal(20, ActivationMatch.SnrDb([3f, 4f], [3f, 4.5f]), 12);
        Assert.Equal(10, ActivationMatch.PaperSnrDb([3f, 4f], [3f, 4.5f]), 12);
        Assert.Equal(0.1, ActivationMatch.RelativeDistance([3f, 4f], [3f, 4.5f]), 12);
    }

    [Fact]
    public void Undefined_cases_are_decided()
    {
        float[] zero = [0, 0, 0], some = [1, 2, 4], flat = [3, 3, 3];
        Assert.Equal(new(0, 0, 0), ActivationMatch.Measure(zero, some));
        Assert.Equal(new(0, 0, 0), ActivationMatch.Measure(some, zero));
        Assert.Equal(0, ActivationMatch.Pearson(flat, some));
        Assert.Equal(0, ActivationMatch.Spearman(flat, some));
        Assert.Equal(new(1, 1, ActivationMatch.LargestSnrDb / 2), ActivationMatch.Measure(some, some));
    }

    [Fact]
    public void Sums_are_exact_enough_for_a_million_values()
    {
        // A small ripple on a large constant: float32 sums would lose it.
        var a = Enumerable.Range(0, 1_000_000).Select(i => 1000f + i % 2).ToArray();
        var b = Enumerable.Range(0, 1_000_000).Select(i => 5000f + 3 * (i % 2)).ToArray();
        Assert.Equal(1, ActivationMatch.Pearson(a, b), 12);
    }
}

using PerceptionStudy.Synthesis.Metamers;

namespace PerceptionStudy.Synthesis.Tests.Metamers;

public sealed class NoiseSourceTests
{
    [Fact]
    public void The_bits_are_those_of_splitmix64()
    {
        // The first outputs of the published reference implementation for the seed 1234567.
        var source = new NoiseSource(1234567);
        Assert.Equal(new ulong[] { 6457827717110365317, 3203168211198807973, 9817491932198370423 }, new[] { source.Bits(), source.Bits(), source.Bits() });
    }

    [Fact]
    public void The_logarithm_is_right_to_the_last_place()
    {
        var source = new NoiseSource(5);
        for (var i = 0; i < 10_000; i++)
        {
            var x = source.Uniform() + 1e-12;
            Assert.Equal(Math.Log(x), NoiseSource.Logarithm(x), Math.Abs(Math.Log(x)) * 1e-15 + 2e-16);
        }
    }

    [Fact]
    public void The_start_has_the_published_mean_and_spread_and_is_the_same_for_the_same_seed()
    {
        var start = NoiseSource.Start(0, 150_528);
        Assert.Equal(start, NoiseSource.Start(0, 150_528));
        Assert.Equal(start[..1000], NoiseSource.Start(0, 1000));
        Assert.NotEqual(start, NoiseSource.Start(1, 150_528));
        var mean = start.Average(v => (double)v);
        Assert.Equal(0.5, mean, 0.0005);
        Assert.Equal(0.05, Math.Sqrt(start.Average(v => (v - mean) * (v - mean))), 0.0003);
        Assert.Equal(0.6827, start.Count(v => Math.Abs(v - 0.5) < 0.05) / 150_528d, 0.004);
        Assert.Equal(0.9545, start.Count(v => Math.Abs(v - 0.5) < 0.1) / 150_528d, 0.002);
    }
}

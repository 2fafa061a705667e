using PerceptionStudy.Server.Participation;

namespace PerceptionStudy.Server.Tests.Participation;

public class SequenceRandomTests
{
    [Fact]
    public void Gives_the_published_numbers_of_SplitMix64()
    {
        // Reference output for the seed 1234567, as other implementations list it.
        var random = new SequenceRandom(1234567);
        Assert.Equal([6457827717110365317UL, 3203168211198807973UL, 9817491932198370423UL], [random.Next(), random.Next(), random.Next()]);
    }

    [Fact]
    public void Shuffle_is_fair()
    {
        var random = new SequenceRandom(1);
        var orders = Enumerable.Range(0, 24_000).Select(_ => string.Concat(random.Shuffled([1, 2, 3, 4]))).CountBy(order => order).ToList();
        Assert.Equal(24, orders.Count);
        Assert.All(orders, order => Assert.InRange(order.Value, 850, 1150));
    }
}

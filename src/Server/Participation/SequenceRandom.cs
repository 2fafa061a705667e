namespace PerceptionStudy.Server.Participation;

/// <summary>
/// The generator behind every trial sequence: SplitMix64 (Steele, Lea and Flood 2014) from a seed, so that a stored seed gives the same
/// sequence on every machine and runtime. Not for secrets.
/// </summary>
public sealed class SequenceRandom(int seed)
{
    private ulong state = unchecked((uint)seed);

    /// <summary>The next 64 bits.</summary>
    public ulong Next()
    {
        unchecked
        {
            state += 0x9E3779B97F4A7C15;
            var z = state;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return z ^ (z >> 31);
        }
    }

    /// <summary>A whole number from 0 to <paramref name="count"/> − 1, each equally likely (what would favour the low ones is drawn again).</summary>
    public int Below(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        var fair = ulong.MaxValue - ulong.MaxValue % (ulong)count;
        ulong drawn;
        do drawn = Next();
        while (drawn >= fair);
        return (int)(drawn % (ulong)count);
    }

    /// <summary>A new array in random order: Fisher and Yates's shuffle from the last place down.</summary>
    public T[] Shuffled<T>(IEnumerable<T> items)
    {
        var order = items.ToArray();
        for (var last = order.Length - 1; last > 0; last--)
        {
            var other = Below(last + 1);
            (order[last], order[other]) = (order[other], order[last]);
        }
        return order;
    }
}

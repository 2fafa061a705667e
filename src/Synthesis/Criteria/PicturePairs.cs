using PerceptionStudy.Synthesis.Metamers;

namespace PerceptionStudy.Synthesis.Criteria;

/// <summary>Draws pairs of different pictures from a pool.</summary>
public static class PicturePairs
{
    /// <summary>Draws without repetition; at most all pairs there are, n(n − 1)/2. Which of the two stands for the natural picture is drawn too.</summary>
    /// <param name="pictures">Number of pictures, at least 2.</param>
    /// <param name="pairs">Number of pairs wanted.</param>
    /// <param name="seed">Seed of the draw.</param>
    /// <returns>Pairs of indices, sorted by the first and then the second picture of the unordered pair.</returns>
    public static (int First, int Second)[] Draw(int pictures, int pairs, int seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(pictures, 2);
        var all = (long)pictures * (pictures - 1) / 2;
        var wanted = (int)Math.Min(all, pairs);
        var random = new NoiseSource(seed);
        // Floyd's algorithm: `wanted` different numbers below `all`, each set equally likely.
        var drawn = new SortedSet<long>();
        for (var top = all - wanted; top < all; top++)
            if (!drawn.Add(random.Below(top + 1)))
                drawn.Add(top);
        return [.. drawn.Select(number => Oriented(Pair(number), random))];
    }

    // Number 0 is (0,1), 1 is (0,2), 2 is (1,2), 3 is (0,3), ...
    private static (int, int) Pair(long number)
    {
        var second = (int)((1 + Math.Sqrt(1 + 8d * number)) / 2);
        while ((long)second * (second - 1) / 2 > number)
            second--;
        while ((long)(second + 1) * second / 2 <= number)
            second++;
        return ((int)(number - (long)second * (second - 1) / 2), second);
    }

    private static (int, int) Oriented((int A, int B) pair, NoiseSource random) => random.Below(2) == 0 ? pair : (pair.B, pair.A);
}

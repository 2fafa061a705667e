namespace PerceptionStudy.Synthesis.Criteria;

/// <summary>Ranks for Spearman's correlation.</summary>
public static class Ranks
{
    /// <summary>Ranks from 1; equal values share the mean of their ranks, as scipy.stats.spearmanr does.</summary>
    /// <param name="values">Any values without NaN.</param>
    /// <returns>One rank for each value, in the order of the values. Halves up to 2^23 are exact in float32.</returns>
    public static float[] Of(ReadOnlySpan<float> values)
    {
        var sorted = values.ToArray();
        var order = new int[sorted.Length];
        for (var i = 0; i < order.Length; i++)
            order[i] = i;
        Array.Sort(sorted, order);
        var ranks = new float[sorted.Length];
        for (var first = 0; first < sorted.Length;)
        {
            var end = first + 1;
            while (end < sorted.Length && sorted[end] == sorted[first])
                end++;
            var mean = (float)((first + 1 + (double)end) / 2);
            for (var i = first; i < end; i++)
                ranks[order[i]] = mean;
            first = end;
        }
        return ranks;
    }
}

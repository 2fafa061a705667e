namespace PerceptionStudy.Synthesis.Criteria;

/// <summary>How often a measure fell into each of equally wide bins, and its largest values one by one.</summary>
/// <param name="Low">Lower edge of the first bin.</param>
/// <param name="High">Upper edge of the last bin.</param>
/// <param name="Counts">One count for each bin; a value on an inner edge belongs to the upper bin, one at <paramref name="High"/> to the last.</param>
/// <param name="Largest">The largest values, the largest first; a match among them has an exact rank.</param>
public sealed record Histogram(double Low, double High, int[] Counts, double[] Largest)
{
    /// <summary>How many of the largest values are kept.</summary>
    public const int MostLargest = 1000;

    /// <summary>Counts values, all of which lie between the edges.</summary>
    /// <param name="values">The values.</param>
    /// <param name="low">Lower edge.</param>
    /// <param name="high">Upper edge, above the lower.</param>
    /// <param name="bins">Number of bins, default 100.</param>
    public static Histogram Of(IReadOnlyCollection<double> values, double low, double high, int bins = 100)
    {
        var counts = new int[bins];
        foreach (var value in values)
            counts[Bin(value, low, high, bins)]++;
        return new(low, high, counts, [.. values.OrderDescending().Take(MostLargest)]);
    }

    /// <summary>
    /// How many values are at least as large as this one: exactly while it is among the largest or above them, otherwise by bins, where values
    /// of its own bin count as larger, so that the number is never too small.
    /// </summary>
    public int AtLeast(double value)
    {
        if (Largest.Length > 0 && value >= Largest[^1] && (value > Largest[^1] || Largest.Length < MostLargest))
            return Largest.Count(l => l >= value);
        return value > High ? 0 : value < Low ? Counts.Sum() : Counts.Skip(Bin(value, Low, High, Counts.Length)).Sum();
    }

    private static int Bin(double value, double low, double high, int bins) => Math.Clamp((int)((value - low) / (high - low) * bins), 0, bins - 1);
}

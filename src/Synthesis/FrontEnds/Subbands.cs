using PerceptionStudy.Synthesis.Graphs;

namespace PerceptionStudy.Synthesis.FrontEnds;

/// <summary>Neighbouring filters that are transformed back from the spectrum at one rate, in two matrix products.</summary>
/// <param name="Filters">The filters.</param>
/// <param name="Samples">Length of the sound.</param>
/// <param name="PerFrame">Samples of each subband for each frame.</param>
/// <param name="Length">Samples of each subband in all.</param>
internal sealed record Subbands(CochlearFilter[] Filters, int Samples, int PerFrame, int Length)
{
    // Steps between rates: finer would make more and smaller products, coarser more samples than needed.
    private static readonly int[] Rates = [1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 16, 20, 24, 30, 32, 40, 48, 60, 80, 100, 120, 160, 200, 240];

    /// <summary>Puts filters together.</summary>
    /// <param name="filters">All filters, from low to high.</param>
    /// <param name="samples">Length of the sound.</param>
    /// <param name="factor">Samples of the sound for each frame.</param>
    /// <param name="oversampling">Fewest samples of a subband for each bin of its filter.</param>
    /// <param name="fewestPerFrame">Fewest samples of a subband for each frame.</param>
    public static Subbands[] Of(CochlearFilter[] filters, int samples, int factor, double oversampling, int fewestPerFrame)
    {
        var (frames, groups, perFrame) = (samples / factor, new List<(int PerFrame, List<CochlearFilter> Filters)>(), 1);
        foreach (var filter in filters)
        {
            // Never lower than the filter before, so that groups are neighbours: the narrow high-passes go with the widest filters.
            var needed = Math.Max(fewestPerFrame, oversampling * filter.Response.Length / frames);
            perFrame = Math.Max(perFrame, Math.Min(factor, Rates.FirstOrDefault(r => r >= needed, factor)));
            if (groups.Count == 0 || groups[^1].PerFrame != perFrame)
                groups.Add((perFrame, []));
            groups[^1].Filters.Add(filter);
        }
        return [.. groups.Select(g => new Subbands([.. g.Filters], samples, g.PerFrame, g.PerFrame * frames))];
    }

    /// <summary>Emits the analytic subbands, each moved down to 0 Hz.</summary>
    /// <param name="builder">The graph.</param>
    /// <param name="spectrum">[N, 2·bins], Re first.</param>
    /// <param name="bins">Number of bins.</param>
    /// <returns>Real and imaginary parts, [N, filters, <see cref="Length"/>] each.</returns>
    public (string Re, string Im) Emit(GraphBuilder builder, string spectrum, int bins)
    {
        // Bin k = k1·columns + k2 of a slice, sample n = n1 + rows·n2. Only the first of the k1 are not 0.
        var widest = Filters.Max(f => f.Response.Length);
        var columns = FourierMatrix.Divisor(Length, Math.Sqrt(widest));
        var (rows, kept) = (Length / columns, (widest + columns - 1) / columns);
        var (count, filters) = (builder.Shape(spectrum)[0], Filters.Length);

        var (places, gains) = Slices(columns, kept, bins);
        var slices = builder.Emit("Gather", [spectrum, builder.Integers("slices", places)], [count, places.Length], ("axis", 1L));
        slices = builder.Emit("Mul", [slices, builder.Values("gains", spectrum, [places.Length], gains)]);
        var stage = builder.Emit(
            "MatMul", [builder.Reshape(slices, count, filters, columns, 2 * kept), builder.Values("idft", spectrum, [2 * kept, 2 * rows], FourierMatrix.Complex(kept, rows, rows, 1))],
            [count, filters, columns, 2 * rows]);
        var (re, im) = FourierMatrix.Halves(builder, stage, 3);
        (re, im) = FourierMatrix.Twiddled(builder, re, im, Length, 1);
        stage = builder.Emit("Concat", [re, im], [count, filters, 2 * columns, rows], ("axis", 2L));
        var second = FourierMatrix.Transposed(FourierMatrix.Complex(columns, columns, columns, 1), 2 * columns, 2 * columns);
        stage = builder.Emit("MatMul", [builder.Values("idft", spectrum, [2 * columns, 2 * columns], second), stage], [count, filters, 2 * columns, rows]);
        (re, im) = FourierMatrix.Halves(builder, stage, 2);
        return (builder.Reshape(re, count, filters, Length), builder.Reshape(im, count, filters, Length));
    }

    // Where each value of [filters, columns, 2·kept] stands in the spectrum, and the gain there with the 1/samples of the inverse transform.
    private (long[] Places, double[] Gains) Slices(int columns, int kept, int bins)
    {
        var (places, gains) = (new long[Filters.Length * columns * 2 * kept], new double[Filters.Length * columns * 2 * kept]);
        for (var i = 0; i < places.Length; i++)
        {
            var (filter, k2, part, k1) = (Filters[i / (columns * 2 * kept)], i / (2 * kept) % columns, i / kept % 2, i % kept);
            var bin = k1 * columns + k2;
            // Beyond the filter's end the next bins stand, with gain 0.
            places[i] = part * bins + Math.Min(filter.FirstBin + bin, bins - 1);
            gains[i] = bin < filter.Response.Length ? filter.Response[bin] / Samples : 0;
        }
        return (places, gains);
    }
}

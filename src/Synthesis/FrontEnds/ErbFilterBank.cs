namespace PerceptionStudy.Synthesis.FrontEnds;

/// <summary>One filter of the bank: what it does to the bins of the sound's discrete Fourier transform. It is 0 elsewhere.</summary>
/// <param name="FirstBin">The first bin that passes.</param>
/// <param name="Response">Gain at this bin and the following.</param>
internal sealed record CochlearFilter(int FirstBin, double[] Response);

/// <summary>
/// Half-cosine filters, evenly spaced and equally wide on the ERB scale of Glasberg and Moore (1990), with low- and high-pass filters at the ends, so that the
/// squared responses sum to 1 (McDermott and Simoncelli 2011; as <c>make_erb_cos_filters_nx</c> of pycochleagram, which Feather et al. 2023 use).
/// </summary>
internal static class ErbFilterBank
{
    private const double Quality = 9.265, LeastWidthHz = 24.7;

    /// <summary>The filters, from low to high.</summary>
    /// <param name="parameters">Number, ends and overcompleteness.</param>
    /// <param name="rateHz">Sampling rate of the sound.</param>
    /// <param name="samples">Length of the sound: bin k stands for k·rate/samples Hz.</param>
    public static CochlearFilter[] Of(CochleagramParameters parameters, int rateHz, int samples)
    {
        var (dense, count) = (parameters.Overcompleteness, parameters.Overcompleteness * (parameters.Filters + 1) - 1);
        var (low, high) = (Erb(parameters.LowHz), Erb(parameters.HighHz));
        var spacing = (high - low) / (count + 1);
        var bins = Enumerable.Range(0, samples / 2 + 1).Select(k => Erb((double)k * rateHz / samples)).ToArray();

        double Centre(int filter) => low + (filter + 1) * spacing;
        double Cosine(double erb, int filter) =>
            Math.Abs(erb - Centre(filter)) < dense * spacing ? Math.Cos((erb - Centre(filter)) / (2 * dense * spacing) * Math.PI) : 0;
        CochlearFilter Filter(Func<double, bool> passes, Func<double, double> gain)
        {
            var first = Array.FindIndex(bins, erb => passes(erb));
            if (first < 0)
                return new(0, [0]); // Between two bins: the sound is too short for so narrow a filter.
            return new(first, [.. bins.Skip(first).TakeWhile(passes).Select(erb => gain(erb) / Math.Sqrt(dense))]);
        }
        double Rest(double erb, int filter) => Math.Sqrt(1 - Math.Pow(Cosine(erb, filter), 2));

        var inner = Enumerable.Range(0, count).Select(i => Filter(erb => Cosine(erb, i) > 0, erb => Cosine(erb, i)));
        // Each low-pass is what its half-cosine leaves below its centre, each high-pass what one leaves above.
        var below = Enumerable.Range(0, dense).Select(i => Filter(erb => erb < Centre(i), erb => Rest(erb, i)));
        var above = Enumerable.Range(0, dense).Select(i => count - dense + i).Select(i => Filter(erb => erb > Centre(i), erb => Rest(erb, i)));
        return [.. below, .. inner, .. above];
    }

    /// <summary>Number of equivalent rectangular bandwidths below a frequency.</summary>
    public static double Erb(double hz) => Quality * Math.Log(1 + hz / (LeastWidthHz * Quality));
}

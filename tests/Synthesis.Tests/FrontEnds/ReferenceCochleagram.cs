using System.Numerics;
using MathNet.Numerics;
using MathNet.Numerics.IntegralTransforms;
using PerceptionStudy.Synthesis.FrontEnds;

namespace PerceptionStudy.Synthesis.Tests.FrontEnds;

/// <summary>The cochleagram as its definition says, in float64 at the sound's full rate with MathNet's Fourier transform; nothing of it is shared with the graph.</summary>
internal static class ReferenceCochleagram
{
    /// <summary>Gains [bands][bins] from the formulas of Glasberg and Moore, bin by bin.</summary>
    public static double[][] Filters(CochleagramParameters p, int rate, int samples)
    {
        static double Erb(double hz) => 9.265 * Math.Log(1 + hz / (24.7 * 9.265));
        var (s, count) = (p.Overcompleteness, p.Overcompleteness * (p.Filters + 1) - 1);
        var step = (Erb(p.HighHz) - Erb(p.LowHz)) / (count + 1);
        var erb = Enumerable.Range(0, samples / 2 + 1).Select(k => Erb(k * (double)rate / samples)).ToArray();
        var centres = Enumerable.Range(1, count).Select(i => Erb(p.LowHz) + i * step).ToArray();
        var cosines = centres.Select(c => erb.Select(e => e > c - s * step && e < c + s * step ? Math.Cos(Math.PI * (e - c) / (2 * s * step)) : 0).ToArray()).ToArray();
        var low = Enumerable.Range(0, s).Select(i => erb.Select((e, k) => e < centres[i] ? Math.Sqrt(1 - cosines[i][k] * cosines[i][k]) : 0).ToArray());
        var high = Enumerable.Range(count - s, s).Select(i => erb.Select((e, k) => e > centres[i] ? Math.Sqrt(1 - cosines[i][k] * cosines[i][k]) : 0).ToArray());
        return [.. low.Concat(cosines).Concat(high).Select(f => f.Select(g => g / Math.Sqrt(s)).ToArray())];
    }

    /// <summary>[bands][frames], before compression.</summary>
    public static double[][] Envelopes(double[] sound, CochleagramParameters p, int rate)
    {
        var (samples, factor, window) = (sound.Length, rate / p.EnvelopeRateHz, p.LowPassSamples);
        var spectrum = sound.Select(v => new Complex(v, 0)).ToArray();
        Fourier.Forward(spectrum, FourierOptions.Matlab);
        var taps = Enumerable.Range(0, window).Select(j =>
        {
            var (t, u) = ((j - window / 2.0) / factor, 2.0 * j / (window - 1) - 1);
            return Trig.Sinc(t) / factor * SpecialFunctions.BesselI0(5 * Math.Sqrt(1 - u * u)) / SpecialFunctions.BesselI0(5);
        }).ToArray();
        return [.. Filters(p, rate, samples).AsParallel().AsOrdered().Select(filter =>
        {
            var band = spectrum.Select((x, k) => k < filter.Length ? x * filter[k] : Complex.Zero).ToArray();
            Fourier.Inverse(band, FourierOptions.Matlab);
            var magnitude = band.Select(z => Math.Sqrt(Math.Max(z.Real * z.Real + z.Imaginary * z.Imaginary, 1e-16))).ToArray();
            return Enumerable.Range(0, (samples - window) / factor + 1).Select(f => taps.Select((h, j) => h * magnitude[f * factor + j]).Sum()).ToArray();
        })];
    }

    /// <summary>[bands][frames].</summary>
    public static double[][] Of(double[] sound, CochleagramParameters p, int rate) =>
        [.. Envelopes(sound, p, rate).Select(b => b.Select(e => Math.Pow(Math.Max(e, 0) + p.Offset, p.Power)).ToArray())];
}

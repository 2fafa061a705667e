using System.Numerics;

namespace PerceptionStudy.Synthesis.Media;

/// <summary>
/// Changes a sound's sampling rate by band-limited interpolation: a sinc in a Kaiser window, its taps kept for each of the places that an output sample can
/// have between two input samples. It passes up to 0.9 of the lower of the two Nyquist frequencies, lets nothing through above it, and does not shift the sound in time.
/// </summary>
public static class Resampler
{
    // The window reaches 90 dB; from 0.9 to 1 of the Nyquist frequency it then needs 57 samples of the lower rate to each side (Kaiser 1974).
    private const double Beta = 8.96, Middle = 0.95;
    private const int HalfSamples = 57;

    /// <summary>The sound at another rate, as long as it was to within one sample.</summary>
    /// <param name="sound">The sound.</param>
    /// <param name="rateHz">The rate wanted.</param>
    public static Sound To(Sound sound, int rateHz)
    {
        ArgumentNullException.ThrowIfNull(sound);
        if (rateHz == sound.RateHz)
            return sound;
        var common = (int)BigInteger.GreatestCommonDivisor(sound.RateHz, rateHz);
        long up = rateHz / common, down = sound.RateHz / common;
        var narrowing = Math.Min(1, (double)rateHz / sound.RateHz);
        var half = (int)Math.Ceiling(HalfSamples / narrowing);
        var phases = new double[up][];
        var output = new float[(int)((sound.Samples.Length * up + down - 1) / down)];
        for (var n = 0; n < output.Length; n++)
        {
            var (at, phase) = Math.DivRem(n * down, up);
            var taps = phases[phase] ??= Taps((double)phase / up, half, narrowing);
            double sum = 0;
            for (var (k, last) = (Math.Max(0, half - 1 - at), Math.Min(taps.Length, sound.Samples.Length - at + half - 1)); k < last; k++)
                sum += taps[k] * sound.Samples[at - half + 1 + k];
            output[n] = (float)sum;
        }
        return new(rateHz, output);
    }

    // Taps for the input samples −half + 1 to half around a place that lies a part of a sample after 0.
    private static double[] Taps(double part, int half, double narrowing)
    {
        var taps = new double[2 * half];
        for (var k = 0; k < taps.Length; k++)
        {
            var t = k - half + 1 - part;
            var x = Math.PI * Middle * narrowing * t;
            taps[k] = (x == 0 ? 1 : Math.Sin(x) / x) * KaiserWindow.At(t / half, Beta);
        }
        // A constant stays exactly what it is.
        var sum = taps.Sum();
        return Array.ConvertAll(taps, tap => tap / sum);
    }
}

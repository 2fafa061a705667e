using PerceptionStudy.Synthesis.Media;

namespace PerceptionStudy.Synthesis.FrontEnds;

/// <summary>
/// The low-pass before envelopes are down-sampled: a sinc that cuts at half the envelope rate, in a Kaiser window of β = 5 (<c>SincWithKaiserWindow</c>
/// of chcochleagram, its sinc half a sample beside the middle of its window as there), applied where the window lies wholly within the sound.
/// </summary>
internal static class EnvelopeLowPass
{
    private const double Beta = 5;

    // An envelope of a lower rate stands for the band-limited one through its samples. So seen the low-pass has no end; but it fades beyond its own length, and at so many samples it is gone.
    private const int Tail = 8;

    /// <summary>The low-pass at the sound's rate.</summary>
    /// <param name="samples">Its length.</param>
    /// <param name="factor">Samples for each frame.</param>
    public static double[] Kernel(int samples, int factor) =>
        [.. Enumerable.Range(0, samples).Select(j => KaiserWindow.At(2.0 * j / (samples - 1) - 1, Beta) * Sinc((j - samples / 2.0) / factor) / factor)];

    /// <summary>The same for an envelope that is known at fewer samples.</summary>
    /// <param name="kernel">The low-pass at the sound's rate.</param>
    /// <param name="factor">Samples of the sound for each frame.</param>
    /// <param name="perFrame">Samples of the envelope for each frame.</param>
    /// <param name="length">Samples of the envelope in all.</param>
    /// <returns>The taps, and how many of them lie before the frame.</returns>
    public static (double[] Taps, int Before) At(double[] kernel, int factor, int perFrame, int length)
    {
        if (perFrame == factor)
            return (kernel, 0);
        var last = (int)Math.Ceiling((kernel.Length - 1.0) * perFrame / factor) + Tail;
        return ([.. Enumerable.Range(-Tail, last + Tail + 1).Select(p => kernel.Select((h, j) => h * Between((double)j * perFrame / factor - p, length)).Sum())], Tail);
    }

    // Band-limited interpolation between the samples of a periodic sequence.
    private static double Between(double u, int length) =>
        Math.Abs(u) < 1e-12 ? 1 : Math.Sin(Math.PI * u) / length / (length % 2 == 0 ? Math.Tan(Math.PI * u / length) : Math.Sin(Math.PI * u / length));

    private static double Sinc(double x) => x == 0 ? 1 : Math.Sin(Math.PI * x) / (Math.PI * x);
}

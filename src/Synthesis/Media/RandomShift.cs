using PerceptionStudy.Synthesis.Metamers;

namespace PerceptionStudy.Synthesis.Media;

/// <summary>
/// The augmentation of networks that recognise words, as far as it concerns the word itself: the sound stands at a random place of the time that the model hears. A longer recording is cut
/// anywhere, a shorter one put anywhere, and of one of just that length up to half is shifted out. Then it is prepared as every sound. Backgrounds, which published training adds, are
/// not: a pool that shall have them holds them already.
/// </summary>
public static class RandomShift
{
    private const int Attempts = 20;
    private const double LeastOfPeak = 0.05;

    /// <summary>One random view of a recording.</summary>
    /// <param name="recording">Any recording, at the model's rate.</param>
    /// <param name="samples">Length of the view.</param>
    /// <param name="rms">Level of the view.</param>
    /// <param name="name">Name of the recording, for messages.</param>
    /// <param name="random">Where chance comes from.</param>
    public static Sound Of(Sound recording, int samples, double rms, string name, NoiseSource random)
    {
        ArgumentNullException.ThrowIfNull(recording);
        ArgumentNullException.ThrowIfNull(random);
        var view = Shifted(recording.Samples, samples, random);
        // A pause of a long recording is no sound.
        for (var attempt = 1; attempt < Attempts && view.Max(Math.Abs) < LeastOfPeak * recording.Peak; attempt++)
            view = Shifted(recording.Samples, samples, random);
        return SoundPreparation.Prepared(new(recording.RateHz, view), recording.RateHz, samples, rms, name).Sound;
    }

    // The recording's begin lies between two places of the view so that the view keeps at least half of itself or of the recording.
    private static float[] Shifted(float[] recording, int samples, NoiseSource random)
    {
        var half = Math.Min(samples, recording.Length) / 2;
        var begin = (int)(half - recording.Length + random.Below(samples + recording.Length - 2 * half + 1));
        var view = new float[samples];
        var (from, to) = (Math.Max(0, -begin), Math.Max(0, begin));
        recording.AsSpan(from, Math.Min(samples - to, recording.Length - from)).CopyTo(view.AsSpan(to));
        return view;
    }
}

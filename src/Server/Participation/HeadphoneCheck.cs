using PerceptionStudy.Server.Studies;
using PerceptionStudy.Shared.Sessions;

namespace PerceptionStudy.Server.Participation;

/// <summary>
/// The headphone check of Woods, Siegel, Traer and McDermott 2017 (Attention, Perception and Psychophysics 79): of three tones of 200 Hz one is 6 dB quieter, and one of the two others is in
/// antiphase between the channels. Which is which the session's seed decides: each of the three is the quietest equally often. The browser gets amplitudes alone.
/// </summary>
public static class HeadphoneCheck
{
    private const int Tones = 3;

    /// <summary>What is played.</summary>
    /// <param name="seed">That of the session.</param>
    /// <param name="rms">Level (RMS) of the two louder tones, where full scale is 1: that of the sounds, for which the volume was set.</param>
    public static HeadphoneCheckPlan Plan(int seed, double rms = SoundSettings.PreparedRms)
    {
        double loud = Math.Round(rms * Math.Sqrt(2), 6), quiet = Math.Round(loud * Math.Pow(10, -6 / 20.0), 6);
        return new()
        {
            ToneHz = 200, ToneMs = 1000, RampMs = 100, GapMs = 500,
            Rounds = [.. Draw(seed).Select(round => new ToneRound([.. Enumerable.Range(1, Tones).Select(n =>
                n == round.Quietest ? new Tone(quiet, quiet) : n == round.Antiphase ? new Tone(loud, -loud) : new Tone(loud, loud))]))],
        };
    }

    /// <summary>How many rounds were right; null if the answers are not one of 1 to 3 for each round.</summary>
    public static int? Score(int seed, IReadOnlyList<int> answers)
    {
        var rounds = Draw(seed);
        if (answers.Count != rounds.Length || answers.Any(answer => answer is < 1 or > Tones)) return null;
        return rounds.Zip(answers).Count(r => r.First.Quietest == r.Second);
    }

    private static (int Quietest, int Antiphase)[] Draw(int seed)
    {
        // Another sequence than that of the trials, which begins with the seed itself.
        var random = new SequenceRandom(unchecked(seed ^ 0x3A0D3A0D));
        return [.. random.Shuffled(Enumerable.Range(0, SoundSettings.HeadphoneRounds).Select(n => n % Tones + 1))
            .Select(quietest => (quietest, random.Shuffled(Enumerable.Range(1, Tones).Where(n => n != quietest))[0]))];
    }
}

namespace PerceptionStudy.Shared.Sessions;

/// <summary>
/// A check for headphones by tones in antiphase (Woods, Siegel, Traer and McDermott 2017): of three tones one is 6 dB quieter, and another one has opposite signs in the two
/// channels, so that loudspeakers cancel it in the air. Who wears headphones hears which is the quietest.
/// </summary>
public sealed record HeadphoneCheckPlan
{
    /// <summary>Frequency of the tones, Hz.</summary>
    public double ToneHz { get; init; }

    /// <summary>Duration of a tone with its ramps, ms.</summary>
    public int ToneMs { get; init; }

    /// <summary>Duration of the ramp at each end, ms.</summary>
    public int RampMs { get; init; }

    /// <summary>Silence between two tones, ms.</summary>
    public int GapMs { get; init; }

    /// <summary>The rounds, in order.</summary>
    public required ToneRound[] Rounds { get; init; }
}

/// <summary>Tones that are played one after the other; which is the quietest?</summary>
public sealed record ToneRound(Tone[] Tones);

/// <summary>A tone by its amplitude in each channel, where full scale is 1; the sign is that of its phase. It says no more than what is heard.</summary>
public sealed record Tone(double Left, double Right);

/// <summary>What somebody heard.</summary>
/// <param name="Quietest">For each round, which tone was the quietest: 1, 2 or 3.</param>
public sealed record HeadphoneAnswers(int[] Quietest);

/// <summary>The server's word that the answers are stored; of two different ones, the first. What they come to, the next plan tells.</summary>
/// <param name="ReceivedAt">When they were stored, UTC.</param>
public sealed record HeadphoneReceipt(DateTimeOffset ReceivedAt);

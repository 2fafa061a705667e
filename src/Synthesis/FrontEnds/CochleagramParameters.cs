namespace PerceptionStudy.Synthesis.FrontEnds;

/// <summary>
/// The numbers of a cochleagram; the defaults are those of Feather et al. (2023). What they mean: docs/SOUNDS.md.
/// </summary>
public sealed record CochleagramParameters
{
    /// <summary>Filters at an overcompleteness of 1, 1 to 1,000, default 50.</summary>
    public int Filters { get; init; } = 50;

    /// <summary>Lower end of the filters in Hz, default 50.</summary>
    public double LowHz { get; init; } = 50;

    /// <summary>Upper end of the filters in Hz, at most half the sampling rate, default 10,000.</summary>
    public double HighHz { get; init; } = 10_000;

    /// <summary>How densely filters of the same width stand: 1, 2 or 4 (the default).</summary>
    public int Overcompleteness { get; init; } = 4;

    /// <summary>Frames per second; the sampling rate must be a multiple. Default 200 Hz.</summary>
    public int EnvelopeRateHz { get; init; } = 200;

    /// <summary>Length of the low-pass before down-sampling, in samples of the sound, default 1,001.</summary>
    public int LowPassSamples { get; init; } = 1001;

    /// <summary>Exponent of the compression, above 0 to 1, default 0.3.</summary>
    public double Power { get; init; } = 0.3;

    /// <summary>Added before compression, above 0, default 1e-8.</summary>
    public double Offset { get; init; } = 1e-8;

    /// <summary>Steepest slope of the compression that a gradient sees, above 0, default 5.</summary>
    public double SteepestSlope { get; init; } = 5;

    /// <summary>Number of filters in all: overcompleteness·(filters + 1) − 1 between the ends, and as many as the overcompleteness above and below.</summary>
    public int Bands => Overcompleteness * (Filters + 1) - 1 + 2 * Overcompleteness;

    /// <summary>Number of frames that lie wholly within a sound.</summary>
    /// <param name="rateHz">Sampling rate.</param>
    /// <param name="samples">Length of the sound.</param>
    public int Frames(int rateHz, int samples) => (samples - LowPassSamples) / (rateHz / EnvelopeRateHz) + 1;
}

using System.Security.Cryptography;
using System.Text.Json;
using PerceptionStudy.Synthesis.Graphs;
using PerceptionStudy.Synthesis.Hosting;
using PerceptionStudy.Synthesis.Media;
using PerceptionStudy.Synthesis.Metamers;

namespace PerceptionStudy.Synthesis.FrontEnds;

/// <summary>How a sound becomes a model's input: its waveform, or the cochleagram of it.</summary>
public sealed record SoundPipeline : StimulusPipeline
{
    internal const string Word = "sound";

    /// <summary>Level (RMS) of prepared sounds, where full scale is 1.</summary>
    internal const double Rms = 0.1;

    /// <summary>Always <c>sound</c>: tells it from a picture pipeline in JSON.</summary>
    public string Kind => Word;

    /// <summary>Sampling rate, 4,000 to 384,000 Hz, default 20,000.</summary>
    public int RateHz { get; init; } = 20_000;

    /// <summary>Length of the model's sound in samples, default 40,000.</summary>
    public int Samples { get; init; } = 40_000;

    /// <summary>The cochleagram that the model reads; absent (the default) if it reads the waveform, as one does that carries a front end of its own.</summary>
    public CochleagramParameters? Cochleagram { get; init; }

    /// <summary>Shape of the model's input without the batch; absent means [samples] or [bands, frames].</summary>
    public long[]? Shape { get; init; }

    internal override long[] StimulusShape => [1, 1, 1, Samples];

    internal override long[] InputShape => [1, .. Shape ?? Natural];

    internal override (double Low, double High) Limits => (-1, 1);

    private long[] Natural => Cochleagram is { } c ? [c.Bands, c.Frames(RateHz, Samples)] : [Samples];

    /// <inheritdoc/>
    public override string Sha256() =>
        Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(new { Kind, RateHz, Samples, Cochleagram, Input = InputShape }, HostProtocol.Lines)));

    /// <inheritdoc/>
    public override void Check()
    {
        if (RateHz is < WavFile.LowestRateHz or > WavFile.HighestRateHz)
            throw Wrong($"rateHz must be {WavFile.LowestRateHz} to {WavFile.HighestRateHz}");
        if (Samples < 2 || Samples > SoundFile.MostSeconds * (long)RateHz)
            throw Wrong($"samples must be at least 2 and last no longer than {SoundFile.MostSeconds / 60} minutes");
        if (Cochleagram is { } cochleagram)
            Check(cochleagram);
        if (Shape is { } shape && (shape.Any(d => d < 1) || shape.Aggregate(1.0, (product, d) => product * d) != Shapes.Size(Natural)))
            throw Wrong($"shape must hold {Shapes.Size(Natural)} values, as [{string.Join(',', Natural)}] does");
        StimulusPipelineFile.CheckCategories(this, Wrong);
    }

    internal override string Emit(GraphBuilder builder, string stimulus)
    {
        var count = builder.Shape(stimulus)[0];
        var wave = builder.Reshape(stimulus, count, Samples);
        var seen = Cochleagram is null ? wave : FrontEnds.Cochleagram.Emit(builder, wave, Cochleagram, RateHz);
        return builder.Reshape(seen, InputShape.With(0, count));
    }

    internal override Stimulus Read(string path)
    {
        var sound = SoundFile.Read(path);
        return sound.RateHz == RateHz && sound.Samples.Length == Samples && sound.Peak <= 1
            ? sound : SoundPreparation.Prepared(sound, RateHz, Samples, Rms, Path.GetFileName(path)).Sound;
    }

    internal override Stimulus FromTensor(ReadOnlySpan<float> values) => new Sound(RateHz, values.ToArray());

    internal override float[] Start(int seed) => NoiseSource.Start(seed, Samples, 0, 1e-7, -1, 1);

    private void Check(CochleagramParameters c)
    {
        if (c.Filters is < 1 or > 1000)
            throw Wrong("cochleagram.filters must be 1 to 1000");
        if (c.Overcompleteness is not (1 or 2 or 4))
            throw Wrong("cochleagram.overcompleteness must be 1, 2 or 4");
        if (!(c.LowHz >= 0 && c.LowHz < c.HighHz && c.HighHz <= RateHz / 2.0))
            throw Wrong($"cochleagram.lowHz must lie below highHz, and highHz at most at half the sampling rate, {RateHz / 2} Hz");
        if (c.EnvelopeRateHz < 1 || RateHz % c.EnvelopeRateHz != 0)
            throw Wrong($"rateHz must be a multiple of cochleagram.envelopeRateHz, as 20000 is of 200");
        if (Samples % (RateHz / c.EnvelopeRateHz) != 0)
            throw Wrong($"samples must be a multiple of {RateHz / c.EnvelopeRateHz}, the samples of one frame of the cochleagram");
        if (c.LowPassSamples < 3 || c.LowPassSamples > Samples)
            throw Wrong("cochleagram.lowPassSamples must be at least 3 and no more than the sound has");
        if (!(c.Power is > 0 and <= 1) || !(c.Offset > 0) || !(c.SteepestSlope > 0))
            throw Wrong("cochleagram.power must be above 0 and at most 1, offset and steepestSlope above 0");
    }

    private static SynthesisException Wrong(string why) => new($"The sound pipeline makes no sense: {why}.");
}

using PerceptionStudy.Synthesis.FrontEnds;
using PerceptionStudy.Synthesis.Media;

namespace PerceptionStudy.DemoAssets.Sounds;

/// <summary>A word in the form that the networks hear: 0.64 s at 10 kHz, alone or before a background.</summary>
public static class WordSound
{
    /// <summary>How sounds become the networks' input, as in the committed pipeline.json: fewer filters and frames than published, enough for 24 words.</summary>
    public static readonly SoundPipeline Pipeline = new()
    {
        RateHz = 10_000,
        Samples = 6_400,
        Cochleagram = new() { Filters = 38, HighHz = 5_000, Overcompleteness = 1, EnvelopeRateHz = 100, LowPassSamples = 301 },
        Shape = [1, 40, 61],
        Classes = Vocabulary.Words,
        Categories = Vocabulary.Words.Index().ToDictionary(w => w.Item, w => new[] { w.Index }),
    };

    private const double Level = 0.1;

    /// <summary>A word in the middle of silence, prepared as the product does it.</summary>
    public static Sound Alone(Sound word) => Prepared(word.Samples);

    /// <summary>A word at any place before a background.</summary>
    /// <param name="word">The word without silence.</param>
    /// <param name="begin">Sample at which it begins.</param>
    /// <param name="background">As long as the whole sound; null for silence.</param>
    /// <param name="snrDb">Level of the word, while it lasts, above that of the background.</param>
    public static Sound Before(Sound word, int begin, float[]? background, double snrDb)
    {
        var mixed = new float[Pipeline.Samples];
        if (background is not null)
        {
            var gain = word.Rms / new Sound(Pipeline.RateHz, background).Rms * Math.Pow(10, -snrDb / 20);
            for (var i = 0; i < mixed.Length; i++) mixed[i] = (float)(gain * background[i]);
        }
        for (var i = 0; i < word.Samples.Length; i++) mixed[begin + i] += word.Samples[i];
        return Prepared(mixed);
    }

    private static Sound Prepared(float[] samples) => SoundPreparation.Prepared(new(Pipeline.RateHz, samples), Pipeline.RateHz, Pipeline.Samples, Level, "word").Sound;
}

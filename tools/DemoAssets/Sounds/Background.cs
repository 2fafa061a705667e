using PerceptionStudy.Synthesis.Media;

namespace PerceptionStudy.DemoAssets.Sounds;

/// <summary>What words are mixed with. All of it is generated; only its shape matters, its level is set where it is mixed.</summary>
public static class Background
{
    private const int Voices = 5;
    private static readonly int Length = WordSound.Pipeline.Samples, RateHz = WordSound.Pipeline.RateHz;

    /// <summary>A background by chance: babble, pink noise, pink noise that comes and goes, or tones.</summary>
    /// <param name="random">Where chance comes from.</param>
    /// <param name="speech">Words that babble is made of.</param>
    public static float[] Draw(Random random, IReadOnlyList<Sound> speech) => random.Next(4) switch
    {
        0 => Babble(random, speech),
        1 => Pink(random),
        2 => Modulated(random),
        _ => Tones(random),
    };

    // Several words at once, each over and over from a place of its own.
    private static float[] Babble(Random random, IReadOnlyList<Sound> speech)
    {
        var sum = new float[Length];
        for (var voice = 0; voice < Voices; voice++)
        {
            var word = speech[random.Next(speech.Count)].Samples;
            var (from, gain) = (random.Next(word.Length), .5f + random.NextSingle());
            for (var i = 0; i < Length; i++) sum[i] += gain * word[(from + i) % word.Length];
        }
        return sum;
    }

    // White noise through first-order low-passes of four corner frequencies falls by about 3 dB per octave from 20 Hz on.
    private static float[] Pink(Random random)
    {
        var (noise, states) = (new float[Length], new double[4]);
        for (var i = -RateHz / 10; i < Length; i++)
        {
            var white = random.NextDouble() * 2 - 1;
            var sum = 0d;
            for (var k = 0; k < states.Length; k++)
            {
                var pole = Math.Exp(-2 * Math.PI * 20 * Math.Pow(4, k) / RateHz);
                states[k] += (1 - pole) * (white - states[k]);
                sum += states[k] / Math.Sqrt(1 - pole);
            }
            if (i >= 0) noise[i] = (float)sum;
        }
        return noise;
    }

    private static float[] Modulated(Random random)
    {
        var noise = Pink(random);
        var (turn, phase) = (2 * Math.PI * (2 + 6 * random.NextDouble()) / RateHz, 2 * Math.PI * random.NextDouble());
        for (var i = 0; i < Length; i++) noise[i] *= (float)(1 + .95 * Math.Sin(turn * i + phase));
        return noise;
    }

    private static float[] Tones(Random random)
    {
        var sum = new float[Length];
        for (var tone = random.Next(1, 5); tone > 0; tone--)
        {
            var (turn, phase) = (2 * Math.PI * 150 * Math.Pow(20, random.NextDouble()) / RateHz, 2 * Math.PI * random.NextDouble());
            for (var i = 0; i < Length; i++) sum[i] += (float)Math.Sin(turn * i + phase);
        }
        return sum;
    }
}

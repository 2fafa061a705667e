using PerceptionStudy.DemoAssets.Networks;
using PerceptionStudy.Synthesis.Media;

namespace PerceptionStudy.DemoAssets.Sounds;

/// <summary>
/// Cochleagrams that the word networks are trained and measured on, as files of a folder: <c>train</c>, words of the trained speakers, a fifth of them alone, the others before
/// backgrounds; <c>clean</c> and <c>noisy</c>, words of held-out speakers alone and 5 dB above a background. Each sound is a function of the seed and its number.
/// </summary>
public static class WordCorpus
{
    private const int UtterancesPerWord = 120, MixturesOfEach = 10, HeldOutPerWord = 25;
    private const double AloneShare = .2, LowestSnrDb = -3, HighestSnrDb = 18, NoisySnrDb = 5;

    public static void Write(string folder, int seed)
    {
        Directory.CreateDirectory(folder);
        EspeakNg.CheckVersion();
        var trained = Utterances(Voice.Trained, UtterancesPerWord, seed);
        Console.WriteLine($"{trained.Length} words spoken by {Voice.Trained.Length} speakers, {trained.Min(u => u.Seconds):0.00} to {trained.Max(u => u.Seconds):0.00} s.");
        Save("train", trained, MixturesOfEach, r => r.NextDouble() < AloneShare ? double.PositiveInfinity : LowestSnrDb + (HighestSnrDb - LowestSnrDb) * r.NextDouble());
        var held = Utterances(Voice.HeldOut, HeldOutPerWord, seed + 1);
        Save("clean", held, 1, _ => double.PositiveInfinity);
        Save("noisy", held, 1, _ => NoisySnrDb);

        void Save(string name, Sound[] words, int each, Func<Random, double> snrDb)
        {
            using var cochleagrams = new Cochleagrams();
            var inputs = new LabelledInputs(new byte[words.Length * each], new Half[words.Length * each * Cochleagrams.Size]);
            for (var i = 0; i < inputs.Count; i++)
            {
                var random = new Random(SeedOf(seed, i));
                var word = words[i % words.Length];
                var (begin, snr) = (random.Next(WordSound.Pipeline.Samples - word.Samples.Length + 1), snrDb(random));
                var sound = WordSound.Before(word, begin, double.IsInfinity(snr) ? null : Background.Draw(random, words), snr);
                inputs.Set(i, i % words.Length % Vocabulary.Words.Length, cochleagrams.Of(sound));
            }
            inputs.Write(Path.Combine(folder, name));
            Console.WriteLine($"{name}: {inputs.Count} cochleagrams.");
        }
    }

    // Word number i says the word i modulo the vocabulary.
    private static Sound[] Utterances(string[] variants, int perWord, int seed)
    {
        using var espeak = new EspeakNg();
        return [.. Enumerable.Range(0, perWord * Vocabulary.Words.Length).Select(i => espeak.Say(Vocabulary.Words[i % Vocabulary.Words.Length], Voice.Draw(new Random(SeedOf(seed, i)), variants)))];
    }

    private static int SeedOf(int seed, int number) => unchecked((int)((uint)number * 2654435761 + (uint)seed) & int.MaxValue);
}

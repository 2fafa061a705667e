using System.Globalization;
using System.Text.Json;
using PerceptionStudy.Synthesis.FrontEnds;
using PerceptionStudy.Synthesis.Hosting;

namespace PerceptionStudy.DemoAssets.Sounds;

/// <summary>The natural stimuli of the demo: words of held-out speakers without background, each by a speaker of its own, and the pipeline of both networks.</summary>
public static class WordFiles
{
    private const int LikedRate = 160;

    /// <summary>Speakers that are easily understood, half of them women.</summary>
    private static readonly string[] Speakers = ["f2", "m3", "steph", "edward", "f5", "m7", "linda", "john", "belinda", "paul", "steph3", "rob"];

    private static readonly string[] Accents = ["en", "en-us", "en-gb-x-rp"];

    /// <summary>Writes <c>sounds/WORD/WORD-1.wav</c> of every word, a second one of every third word, <c>models/pipeline.json</c> and <c>sounds.csv</c>.</summary>
    public static void Write(string folder)
    {
        EspeakNg.CheckVersion();
        using var espeak = new EspeakNg();
        var sources = new List<string> { "file,accent,variant,words_per_minute,pitch" };
        for (var i = 0; i < Vocabulary.Words.Length * 4 / 3; i++)
        {
            // The second round takes every third word, and speakers the other way round.
            var (round, at) = Math.DivRem(i, Vocabulary.Words.Length);
            var word = Vocabulary.Words[round == 0 ? at : 3 * at + 1];
            var voice = new Voice(Accents[i % Accents.Length], round == 0 ? Speakers[i % Speakers.Length] : Speakers[^(i % Speakers.Length + 1)], LikedRate, 50, '.');
            var file = $"sounds/{word}/{word}-{round + 1}.wav";
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(folder, file))!);
            WordSound.Alone(espeak.Say(word, voice)).Write(Path.Combine(folder, file));
            sources.Add(string.Create(CultureInfo.InvariantCulture, $"{file},{voice.Accent},{voice.Variant},{voice.WordsPerMinute},{voice.Pitch}"));
        }
        File.WriteAllLines(Path.Combine(folder, "sounds.csv"), sources);
        Directory.CreateDirectory(Path.Combine(folder, "models"));
        File.WriteAllText(Path.Combine(folder, "models", "pipeline.json"), JsonSerializer.Serialize<StimulusPipeline>(WordSound.Pipeline, HostProtocol.Files) + "\n");
    }
}

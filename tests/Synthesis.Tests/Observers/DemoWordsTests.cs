using System.Globalization;
using PerceptionStudy.Synthesis.FrontEnds;
using PerceptionStudy.Synthesis.Hosting;
using PerceptionStudy.Synthesis.Observers;

namespace PerceptionStudy.Synthesis.Tests.Observers;

/// <summary>What demo/README.md says of the demo's words, measured again on the files.</summary>
public sealed class DemoWordsTests
{
    private static readonly string Demo = Path.Combine(Repository.Root, "demo"), Words = Path.Combine(Demo, "words");

    [Fact]
    public void Either_network_hears_in_words_and_metamers_what_the_readme_says()
    {
        using var sessions = new ModelSessions(threads: 1);
        var pipeline = StimulusPipelineFile.Read(Path.Combine(Words, "models", "pipeline.json"));
        var networks = new[] { "words-standard", "words-robust" }.Select(name => new StimulusModel(sessions, Path.Combine(Words, "models", name + ".onnx"), pipeline)).ToArray();
        // Made by, stage, metamers, loss, Spearman, correct by the standard network, correct by the robust one.
        var rows = File.ReadLines(Path.Combine(Demo, "README.md")).SkipWhile(line => !line.Contains("words-standard network: correct", StringComparison.Ordinal)).Skip(2)
            .TakeWhile(line => line.StartsWith('|')).Select(line => line.Split('|', StringSplitOptions.TrimEntries)[1..^1]).ToArray();
        Assert.Equal(1 + 12, rows.Length);
        foreach (var row in rows)
        {
            var files = Directory.GetFiles(row[1] == "" ? Path.Combine(Words, "sounds") : Path.Combine(Words, "metamers", row[0], row[1]), "*.wav", SearchOption.AllDirectories);
            Assert.Equal(row[2], files.Length.ToString(CultureInfo.InvariantCulture));
            var correct = networks.Select(network => files.Average(file => network.Answer(network.Read(file)).Category == CategoryOf(file) ? 1 : 0.0).ToString("0.00", CultureInfo.InvariantCulture));
            Assert.Equal(row[5..7], correct);
        }
    }

    [Fact]
    public void The_vocabulary_is_the_same_in_pipeline_and_sounds()
    {
        var pipeline = StimulusPipelineFile.Read(Path.Combine(Words, "models", "pipeline.json"));
        Assert.True(pipeline.Categories.Count >= 24);
        Assert.Equal(pipeline.Categories.Keys.Order(), Directory.GetDirectories(Path.Combine(Words, "sounds")).Select(folder => Path.GetFileName(folder)!).Order());
        Assert.Equal(pipeline.Classes!.Select((word, index) => (word, index)), pipeline.Categories.Select(c => (c.Key, Assert.Single(c.Value))));
    }

    private static string CategoryOf(string file) => Path.GetFileNameWithoutExtension(file) is var name ? name[..name.LastIndexOf('-')] : "";
}

using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using PerceptionStudy.Server.Analysis;
using PerceptionStudy.Server.Analysis.Statistics;
using PerceptionStudy.Synthesis.Tests;

namespace PerceptionStudy.Server.Tests.Analysis.Statistics;

/// <summary>
/// Our curves against published numbers. The public matrices of Feather et al. (2023) come with the analysis of variance that was published
/// from them, and its sums of squares are functions of a curve's means and SEMs alone: so the printed table checks both, to every printed digit.
/// </summary>
public sealed partial class PublishedCurvesTests
{
    [Theory]
    [InlineData("17-Mar-2022-EXP1_ANALYSIS_ANOVA_NETWORK_HUMAN_RESULTS.txt", "vision", 5)]
    [InlineData("17-Mar-2022-EXPERIMENT_1_ANOVA_NETWORK_HUMAN_RESULTS.txt", "audio", 2)]
    public void Experiment_1_gives_the_published_sums_of_squares(string file, string modality, int models)
    {
        using var matrix = File.OpenText(TestFolder.NeedShared("reference", "feather2023", "participant_stage_accuracy_exp1.csv"));
        var curves = StageAccuracyTable.Curves(StageAccuracyTable.Read(matrix)).Where(c => c.Modality == modality).GroupBy(c => c.Model).ToDictionary(c => c.Key, c => c.ToList());
        var published = File.ReadAllText(TestFolder.NeedShared("reference", "feather2023", "published-anova", file)).Split("Loading ")[1..];
        Assert.Equal(models, published.Length);
        foreach (var text in published)
        {
            var curve = curves[MatrixName().Match(text).Groups[1].Value];
            var n = curve[0].N;
            var (people, network) = (curve.Select(c => c.Human!.Value.Mean).ToList(), curve.Select(c => c.Network!.Value.Mean).ToList());
            var (both, apart) = (people.Zip(network, (h, m) => (h + m) / 2).ToList(), people.Zip(network, (h, m) => h - m).ToList());
            Assert.All(curve, c => Assert.Equal((n, n, n), (c.N, c.Human!.Value.N, c.Network!.Value.N)));

            Printed(text, "(Intercept)").Matches(2 * n * curve.Count * Math.Pow(both.Average(), 2), "(Intercept)");
            Printed(text, "network_or_human").Matches(n * curve.Count / 2.0 * Math.Pow(apart.Average(), 2), "network_or_human");
            Printed(text, "(Intercept):layer").Matches(2 * n * both.Sum(m => Math.Pow(m - both.Average(), 2)), "(Intercept):layer");
            Printed(text, "network_or_human:layer").Matches(n / 2.0 * apart.Sum(d => Math.Pow(d - apart.Average(), 2)), "network_or_human:layer");

            // Squared deviations from the cells' means: N times N SEM² of each cell, and in the table the two errors together.
            var (between, within) = (Printed(text, "Error"), Printed(text, "Error(layer)"));
            var error = curve.Sum(c => (double)n * n * (Math.Pow(c.Human!.Value.Sem, 2) + Math.Pow(c.Network!.Value.Sem, 2)));
            Assert.InRange(error, between.Value + within.Value - (between.Unit + within.Unit) / 2, between.Value + within.Value + (between.Unit + within.Unit) / 2);
        }
    }

    [Theory]
    [InlineData("resnet50", ".895 .937 .945 .945 .845 .212 .117 .130")]
    [InlineData("resnet101", ".895 .955 .908 .917 .867 .278 .117 .071")]
    [InlineData("alexnet", ".895 .923 .774 .407 .372 .180 .106 .051 .059")]
    [InlineData("vgg_19", ".895 .937 .921 .909 .595 .167 .182 .121 .104 .117")]
    [InlineData("cornet_s", ".895 .938 .877 .824 .254 .055")]
    public void Experiment_1_gives_the_human_curves_of_the_public_matrices(string model, string means)
    {
        using var matrix = File.OpenText(TestFolder.NeedShared("reference", "feather2023", "participant_stage_accuracy_exp1.csv"));
        var curve = StageAccuracyTable.Curves(StageAccuracyTable.Read(matrix)).Where(c => c.Modality == "vision" && c.Model == model);
        Assert.Equal(means, string.Join(' ', curve.Select(c => c.Human!.Value.Mean.ToString(".000", CultureInfo.InvariantCulture))));
    }

    [Fact]
    public void Trials_of_the_edge_experiment_give_its_accuracy_and_SEM_over_subjects()
    {
        var folder = TestFolder.NeedShared("reference", "model-vs-human");
        var trials = new List<TrialRecord>();
        foreach (var file in Directory.GetFiles(folder, "edge_subject-*.csv"))
        {
            foreach (var row in File.ReadLines(file).Skip(1).Select(line => line.Split(',')))
            {
                var subject = int.Parse(row[0].Split('-')[1], CultureInfo.InvariantCulture);
                trials.Add(Trials.Of(subject, row[4] == row[5], stage: 1, generating: "edge") with { Choices = 16 });
            }
        }
        using var reference = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "reference-values-edge.json")));
        var expected = reference.RootElement.GetProperty("edge").GetProperty("accuracy_by_condition").GetProperty("0");

        var point = Assert.Single(Assert.Single(Assert.Single(RecognitionCurve.Of(trials).Panels()).Lines).Points);
        Assert.Equal((1600, 10), (point.Trials, point.Value.N));
        Assert.Equal(expected.GetProperty("accuracy").GetDouble(), point.Value.Mean, 14);
        Assert.Equal(expected.GetProperty("sem_across_subjects_ddof0").GetDouble(), point.Value.Sem, 14);
    }

    private static PrintedNumber Printed(string table, string row) => new(Regex.Match(table, $@"^\s*{Regex.Escape(row)}\s+(\S+)", RegexOptions.Multiline).Groups[1].Value);

    [GeneratedRegex(@"datamatrix_(\w+)\.mat")]
    private static partial Regex MatrixName();
}

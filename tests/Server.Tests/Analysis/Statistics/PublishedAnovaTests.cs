using System.Globalization;
using System.Text.RegularExpressions;
using PerceptionStudy.Server.Analysis.Statistics;
using PerceptionStudy.Synthesis.Tests;

namespace PerceptionStudy.Server.Tests.Analysis.Statistics;

/// <summary>Every number of the published tables of Feather et al. (2023), from the public matrices, to every printed digit.</summary>
public sealed partial class PublishedAnovaTests
{
    private const int Permutations = 10_000;

    [Theory]
    [InlineData("17-Mar-2022-EXP1_ANALYSIS_ANOVA_NETWORK_HUMAN_RESULTS.txt", "vision", 5)]
    [InlineData("17-Mar-2022-EXPERIMENT_1_ANOVA_NETWORK_HUMAN_RESULTS.txt", "audio", 2)]
    public void People_against_network_over_stages(string file, string modality, int models)
    {
        var table = Read("participant_stage_accuracy_exp1.csv");
        var sections = Published(file).Split("Loading ")[1..];
        Assert.Equal(models, sections.Length);
        foreach (var section in sections)
        {
            var model = MatrixName().Match(section).Groups[1].Value;
            var cells = StageCells.Of(table, modality, "1", [model], [], network: true);
            Assert.Empty(cells.LeftOut);
            var anova = StageAnova.Mixed(cells.People, cells.Network!, Permutations, seed: 1);
            Assert.Equal(2 * cells.People.Count, anova.Rows);
            Matches(section, "(Intercept)", "Error", anova.Intercept);
            Matches(section, "network_or_human", "Error", anova["observer"]);
            Matches(section, "(Intercept):layer", "Error(layer)", anova["stage"]);
            Matches(section, "network_or_human:layer", "Error(layer)", anova["observer:stage"]);

            // Printed apart, with more digits; and no permutation in 10,000 reaches effects as strong as these.
            Assert.Equal(Line(section, @"F\(observer\) main effect: (\S+)"), Math.Round(anova["observer"].F!.Value, 4), 4);
            Assert.Equal(Line(section, @"F\(stage, observer\) interaction: (\S+)"), Math.Round(anova["observer:stage"].F!.Value, 4), 4);
            foreach (var (effect, p) in new[] { ("observer", Line(section, @"p-value main effect: (\S+)")), ("observer:stage", Line(section, @"p-value interaction: (\S+)")) })
            {
                Assert.Equal(p, anova[effect].Permutation!.Value.Published);
                Assert.Equal(1.0 / (Permutations + 1), anova[effect].Permutation!.Value.PlusOne, 15);
            }
        }
    }

    [Fact]
    public void Stages_by_models_within_participants()
    {
        var section = Published("EXP10_ANALYSIS-StylizedImageNet_AlexNet-N_10000-ANOVA_HUMAN_RESULTS.txt");
        string[] models = [.. ModelNames().Match(section).Groups[1].Value.Split(',', StringSplitOptions.TrimEntries)];
        var cells = StageCells.Of(Read("participant_stage_accuracy_vision10.csv"), null, "10", models, [], network: false);
        var anova = StageAnova.Within(cells.People, models.Length, Permutations, seed: 1);
        Assert.Equal(21, anova.Rows);
        MatchesWithin(section, anova);

        // No effect: here the permutations tell something. Two samples of 10,000 differ by √(2 p (1 − p) / 10,000); four of these.
        foreach (var (effect, name) in new[] { ("model", "main_effect_model"), ("stage:model", "interaction") })
        {
            var published = Line(section, $@"p_value_{name} =\s+(\S+)");
            Assert.InRange(anova[effect].Permutation!.Value.Published, published - 4 * Error(published), published + 4 * Error(published));
        }

        static double Error(double p) => Math.Sqrt(2 * p * (1 - p) / Permutations);
    }

    // As printed in the public outputs of audio experiments 4 and 6, whose matrices are in the table of all audio experiments.
    private const string ThreeModels = """
        (Intercept)                      226.49      1       226.49      3698    3.0845e-23    3.0845e-23    3.0845e-23    3.0845e-23             NaN
        Error                            1.1637     19     0.061248                                                                               NaN
        (Intercept):layer                47.159      9       5.2399    246.59    4.8641e-93    3.2537e-61    3.3014e-90    2.4518e-12         0.92846
        Error(layer)                     3.6336    171     0.021249                                                                               NaN
        (Intercept):model_type             1.81      2      0.90502    109.35     1.724e-16    8.3137e-16     1.724e-16    2.5491e-09         0.85197
        Error(model_type)               0.31449     38    0.0082761                                                                               NaN
        (Intercept):layer:model_type     2.3875     18      0.13264    7.8863    2.2638e-17    5.7842e-09    1.1682e-14       0.01122         0.29332
        Error(layer:model_type)          5.7521    342     0.016819                                                                               NaN
        """;

    private const string OneWay = """
        (Intercept)           39.408     1       39.408    2994.8    2.2626e-22    2.2626e-22    2.2626e-22    2.2626e-22             NaN
        Error                0.25001    19     0.013159                                                                               NaN
        (Intercept):stage     10.043     4       2.5107    515.29    3.2577e-54     3.007e-47    3.2577e-54    3.1495e-15         0.96444
        Error(stage)          0.3703    76    0.0048724                                                                               NaN
        """;

    [Fact]
    public void More_than_two_models_within_participants()
    {
        string[] models = ["kell2018", "kell2018_l2_1_robust_waveform", "kell2018_linf_p002_robust_waveform"];
        var cells = StageCells.Of(Read("participant_stage_accuracy_audio.csv"), null, "4", models, [], network: false);
        MatchesWithin(ThreeModels, StageAnova.Within(cells.People, models.Length, 0, seed: 1));
    }

    [Fact]
    public void One_way_over_stages_with_the_last_left_out()
    {
        var cells = StageCells.Of(Read("participant_stage_accuracy_audio.csv"), "audio", null, ["spectemp_filters"], ["final"], network: false);
        var anova = StageAnova.OneWay(cells.People, Permutations, seed: 1);
        Matches(OneWay, "(Intercept)", "Error", anova.Intercept);
        Matches(OneWay, "(Intercept):stage", "Error(stage)", anova["stage"]);
        Assert.Equal(0.0001, anova["stage"].Permutation!.Value.Published);
    }

    private static void MatchesWithin(string section, AnovaTable anova)
    {
        Matches(section, "(Intercept)", "Error", anova.Intercept);
        Matches(section, "(Intercept):layer", "Error(layer)", anova["stage"]);
        Matches(section, "(Intercept):model_type", "Error(model_type)", anova["model"]);
        Matches(section, "(Intercept):layer:model_type", "Error(layer:model_type)", anova["stage:model"]);
    }

    private static void Matches(string table, string row, string errorRow, AnovaEffect ours)
    {
        var (printed, error) = (Row(table, row), Row(table, errorRow));
        Assert.Equal(9, printed.Length);
        double?[] numbers =
        [
            ours.SumOfSquares, ours.Df, ours.SumOfSquares / ours.Df, ours.F, ours.P, ours.PGreenhouseGeisser, ours.PHuynhFeldt, ours.PLowerBound, ours.PartialEtaSquared,
        ];
        foreach (var (text, number) in printed.Zip(numbers))
        {
            // The intercept's partial eta squared is not printed.
            if (text != "NaN") new PrintedNumber(text).Matches(number, row);
        }
        foreach (var (text, number) in error.Zip(new double?[] { ours.ErrorSumOfSquares, ours.ErrorDf, ours.ErrorSumOfSquares / ours.ErrorDf })) new PrintedNumber(text).Matches(number, errorRow);
        Assert.Null(ours.Reason);
    }

    private static string[] Row(string table, string name) =>
        Regex.Match(table, $@"^\s*{Regex.Escape(name)}\s+(\S.*)$", RegexOptions.Multiline).Groups[1].Value.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    private static double Line(string section, string pattern) => double.Parse(Regex.Match(section, pattern).Groups[1].Value, CultureInfo.InvariantCulture);

    private static string Published(string file) => File.ReadAllText(TestFolder.NeedShared("reference", "feather2023", "published-anova", file));

    private static IReadOnlyList<StageAccuracy> Read(string file)
    {
        using var text = File.OpenText(TestFolder.NeedShared("reference", "feather2023", file));
        return StageAccuracyTable.Read(text);
    }

    [GeneratedRegex(@"datamatrix_(\w+)\.mat")]
    private static partial Regex MatrixName();

    [GeneratedRegex(@"MODELS_INCLUDED_IN_ANOVA: (.+)")]
    private static partial Regex ModelNames();
}

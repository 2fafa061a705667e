using System.CommandLine;
using System.Text.Json;
using PerceptionStudy.Server.Commands;
using PerceptionStudy.Synthesis.Tests;

namespace PerceptionStudy.Server.Tests.Commands;

/// <summary>What the analyze commands print and how they end, on the public tables.</summary>
public sealed class AnalyzeCommandsTests
{
    private static string Matrix(string name) => TestFolder.NeedShared("reference", "feather2023", name);

    [Fact]
    public async Task A_mixed_anova_is_one_document_with_the_fields_of_its_contract()
    {
        using var document = await JsonAsync("anova", Matrix("participant_stage_accuracy_exp1.csv"), "--design", "mixed", "--experiment", "1", "--model", "cornet_s", "--permutations", "1000", "--seed", "4");
        var effects = document.RootElement.GetProperty("effects").EnumerateArray().ToList();
        Assert.Equal(["observer", "stage", "observer:stage"], effects.Select(e => e.GetProperty("effect").GetString()));
        string[] fields = ["ss", "df", "errorSs", "errorDf", "f", "p", "pGreenhouseGeisser", "pHuynhFeldt", "pLowerBound", "partialEtaSquared", "pPermutation"];
        Assert.All(effects, e => Assert.All(fields, f => Assert.Equal(JsonValueKind.Number, e.GetProperty(f).ValueKind)));
        Assert.Equal(424.3749, effects[0].GetProperty("f").GetDouble(), 4);
        Assert.Equal(0.001, effects[0].GetProperty("pPermutation").GetDouble());
        Assert.Equal(173.3, document.RootElement.GetProperty("intercept").GetProperty("ss").GetDouble(), 2);
        Assert.Equal(6, document.RootElement.GetProperty("contrasts").GetArrayLength());
    }

    [Fact]
    public async Task A_within_anova_and_a_one_way_anova_without_a_stage()
    {
        using var within = await JsonAsync("anova", Matrix("participant_stage_accuracy_vision10.csv"), "--design", "within", "--experiment", "10", "--model", "alexnet,texture_shape_alexnet_trained_on_SIN", "--permutations", "0");
        Assert.Equal(["stage", "model", "stage:model"], within.RootElement.GetProperty("effects").EnumerateArray().Select(e => e.GetProperty("effect").GetString()));
        Assert.All(within.RootElement.GetProperty("effects").EnumerateArray(), e => Assert.Equal(JsonValueKind.Null, e.GetProperty("pPermutation").ValueKind));
        using var oneWay = await JsonAsync("anova", Matrix("participant_stage_accuracy_audio.csv"), "--design", "oneway", "--experiment", "6", "--model", "spectemp_filters", "--drop", "final", "--permutations", "100");
        Assert.Equal(515.2883, Assert.Single(oneWay.RootElement.GetProperty("effects").EnumerateArray()).GetProperty("f").GetDouble(), 4);
    }

    [Fact]
    public async Task Cross_model_agreement_as_published()
    {
        using var document = await JsonAsync("cross-model", Matrix("cross_model_accuracy_audio.csv"), Matrix("participant_stage_accuracy_audio.csv"));
        var root = document.RootElement;
        Assert.Equal((144, 0.863, 0.949, 0.713), (root.GetProperty("n").GetInt32(), Rounded("spearman"), Rounded("r2"), Rounded("kendallTau")));
        Assert.Equal(root.GetProperty("r2").GetDouble(), Math.Pow(root.GetProperty("pearson").GetDouble(), 2), 12);

        double Rounded(string name) => Math.Round(root.GetProperty(name).GetDouble(), 3);
    }

    [Fact]
    public async Task Agreement_of_the_edge_experiment_has_the_fields_of_its_contract()
    {
        var files = Directory.GetFiles(TestFolder.NeedShared("reference", "model-vs-human"), "edge_subject-*.csv");
        using var document = await JsonAsync(["agreement", .. files]);
        var root = document.RootElement;
        Assert.Equal((1600, 0.87125), (root.GetProperty("trials").GetInt32(), root.GetProperty("accuracy").GetDouble()));
        Assert.Equal(0.030261877833340084, root.GetProperty("sem").GetDouble(), 1e-9);
        Assert.Equal(10, root.GetProperty("subjects").GetArrayLength());
        Assert.Equal(("subject-01", 160, 0.89375), (root.GetProperty("subjects")[0].GetProperty("subject").GetString(), root.GetProperty("subjects")[0].GetProperty("trials").GetInt32(), root.GetProperty("subjects")[0].GetProperty("accuracy").GetDouble()));
        Assert.Equal(("0", 1600), (root.GetProperty("conditions")[0].GetProperty("condition").GetString(), root.GetProperty("conditions")[0].GetProperty("trials").GetInt32()));
        Assert.Equal(3.958283226182658, root.GetProperty("entropy").GetDouble(), 1e-9);
        Assert.Equal(17, root.GetProperty("confusion").GetProperty("responses").GetArrayLength());
        Assert.Equal(17, root.GetProperty("confusion").GetProperty("rows")[0].GetProperty("counts").GetArrayLength());
        Assert.Equal(0.3184364338405932, root.GetProperty("errorConsistency").GetProperty("mean").GetDouble(), 1e-9);
        var pair = root.GetProperty("errorConsistency").GetProperty("pairs")[0];
        Assert.Equal(("subject-01", "subject-02"), (pair.GetProperty("a").GetString(), pair.GetProperty("b").GetString()));
        Assert.All((string[])["observed", "expected", "kappa"], f => Assert.Equal(JsonValueKind.Number, pair.GetProperty(f).ValueKind));
        Assert.False(root.TryGetProperty("shapeBias", out _));
    }

    [Fact]
    public async Task Cue_conflicts_add_the_shape_bias()
    {
        using var folder = new TestFolder();
        await File.WriteAllTextAsync(folder["cue.csv"], "subj,session,trial,rt,object_response,category,condition,imagename\nresnet50,1,1,NaN,bottle,airplane,NaN,airplane1-bottle2.png\nresnet50,1,2,NaN,cat,cat,NaN,cat1-dog2.png\nresnet50,1,3,NaN,dog,cat,NaN,cat2-dog2.png\n");
        using var document = await JsonAsync("agreement", folder["cue.csv"]);
        var bias = document.RootElement.GetProperty("shapeBias");
        Assert.Equal((1, 2, 1 / 3.0), (bias.GetProperty("shape").GetInt32(), bias.GetProperty("texture").GetInt32(), bias.GetProperty("overall").GetDouble()));
        Assert.Equal("resnet50", bias.GetProperty("subjects")[0].GetProperty("subject").GetString());
        Assert.Equal(JsonValueKind.Null, document.RootElement.GetProperty("errorConsistency").GetProperty("mean").ValueKind);
    }

    [Fact]
    public async Task Curves_carry_intervals_and_the_noise_ceiling()
    {
        using var document = await JsonAsync("curves", Matrix("participant_stage_accuracy_vision10.csv"));
        var first = document.RootElement.GetProperty("curves")[0];
        var (mean, interval) = (first.GetProperty("human").GetProperty("mean").GetDouble(), first.GetProperty("human").GetProperty("interval"));
        Assert.InRange(mean, interval.GetProperty("lower").GetDouble(), interval.GetProperty("upper").GetDouble());
        Assert.InRange(document.RootElement.GetProperty("noiseCeilings")[0].GetProperty("splitHalf").GetDouble(), 0.97, 1);
    }

    [Theory]
    [InlineData("curves FILE")]
    [InlineData("anova FILE --design mixed --experiment 10 --model resnet50 --permutations 10")]
    [InlineData("anova FILE --design within --experiment 10 --model resnet50 --model alexnet --drop final --permutations 10", "models pair by stage index")]
    public async Task For_people_there_are_tables_and_what_fails_is_one_sentence(string line, string? failure = null)
    {
        var (code, output, error) = await RunAsync(line.Replace("FILE", Matrix("participant_stage_accuracy_vision10.csv"), StringComparison.Ordinal).Split(' '));
        Assert.Equal(failure is null ? 0 : 1, code);
        if (failure is null) Assert.Contains("resnet50", output, StringComparison.Ordinal);
        else Assert.Contains(failure, Assert.Single(error.Trim().Split('\n')), StringComparison.Ordinal);
        Assert.Equal(failure is null, output.Length > 0);
    }

    [Theory]
    [InlineData("curves nowhere.csv", "nowhere.csv cannot be read")]
    [InlineData("cross-model nowhere.csv nowhere-else.csv", "nowhere.csv cannot be read")]
    [InlineData("agreement nowhere.csv --json", "nowhere.csv cannot be read")]
    public async Task A_missing_file_fails_with_its_name(string line, string message)
    {
        var (code, output, error) = await RunAsync(line.Split(' '));
        Assert.Equal((1, ""), (code, output));
        Assert.Contains(message, Assert.Single(error.Trim().Split('\n')), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("curves")]
    [InlineData("curves a.csv b.csv")]
    [InlineData("curves a.csv --study s")]
    [InlineData("curves a.csv --colour red")]
    [InlineData("cross-model a.csv")]
    [InlineData("anova a.csv --model m")]
    [InlineData("anova a.csv --design sideways --model m")]
    [InlineData("anova a.csv --design mixed")]
    [InlineData("anova a.csv --design mixed --model m,n")]
    [InlineData("anova a.csv --design within --model m")]
    [InlineData("anova a.csv --design mixed --model m --permutations -1")]
    public void Wrong_use_is_told_before_anything_is_read(string line) => Assert.NotEmpty(AnalyzeCommands.Create().Parse(line.Split(' ')).Errors);

    private static async Task<JsonDocument> JsonAsync(params string[] line)
    {
        var (code, output, error) = await RunAsync([.. line, "--json"]);
        Assert.True(code == 0, error);
        return JsonDocument.Parse(output);
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(string[] line)
    {
        using StringWriter output = new(), error = new();
        var parsed = AnalyzeCommands.Create().Parse(line);
        Assert.Empty(parsed.Errors);
        var code = await parsed.InvokeAsync(new InvocationConfiguration { Output = output, Error = error });
        return (code, output.ToString(), error.ToString());
    }
}

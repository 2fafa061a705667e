using System.Text.Json;
using PerceptionStudy.Server.Analysis;
using PerceptionStudy.Server.Analysis.Statistics;
using PerceptionStudy.Server.Participation;
using PerceptionStudy.Synthesis.Tests;

namespace PerceptionStudy.Server.Tests.Analysis.Statistics;

public sealed class ChoiceSummaryTests
{
    [Fact]
    public void The_edge_experiment_of_model_vs_human_to_nine_digits()
    {
        var folder = TestFolder.NeedShared("reference", "model-vs-human");
        var summary = ChoiceSummary.Of(Read(Directory.GetFiles(folder, "edge_subject-*.csv")));
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "reference-values-edge.json")));
        var edge = document.RootElement.GetProperty("edge");
        double Number(params string[] path) => path.Aggregate(edge, (e, name) => e.GetProperty(name)).GetDouble();

        Assert.Equal(Number("trials"), summary.Trials);
        Same(Number("accuracy"), summary.Accuracy);
        Same(Number("accuracy_by_condition", "0", "sem_across_subjects_ddof0"), summary.OverObservers.Sem);
        Same(Number("response_entropy_bits_na_left_out_mean_over_subjects"), summary.EntropyBits);
        Same(Number("response_entropy_bits_na_as_response_mean_over_subjects"), summary.EntropyBitsWithMissing);
        Assert.Equal(Number("na_responses"), summary.Observers.Sum(o => o.Missing));
        Assert.Equal(edge.GetProperty("subjects").EnumerateArray().Select(s => s.GetString()), summary.Observers.Select(o => o.Observer));
        foreach (var observer in summary.Observers) Same(Number("accuracy_by_subject", observer.Observer), observer.Accuracy);

        Assert.Equal(45, summary.Pairs.Count);
        Assert.All(summary.Pairs, p => Assert.Equal(160, p.Trials));
        Same(Number("human_human_error_consistency_by_condition", "0", "mean_kappa"), summary.MeanKappa);
        Same(Number("human_human_error_consistency_by_condition", "0", "mean_kappa"), Assert.Single(summary.Conditions).MeanKappa);
        Assert.All(summary.Pairs, p => Assert.True(p.Bounds.Lower <= p.Kappa + 1e-12 && p.Kappa <= p.Bounds.Upper + 1e-12 && p.Interval!.Value.Lower <= p.Kappa && p.Kappa <= p.Interval.Value.Upper));

        var confusion = edge.GetProperty("confusion_counts_rows_category_cols_response");
        Assert.Equal(16, summary.Confusion.Categories.Count);
        foreach (var (category, counts) in summary.Confusion.Categories.Zip(summary.Confusion.Counts))
        {
            var expected = confusion.GetProperty(category).EnumerateObject().ToDictionary(r => r.Name, r => r.Value.GetInt32());
            Assert.Equal(expected.OrderBy(r => r.Key), summary.Confusion.Responses.Zip(counts).Where(r => r.Second > 0).ToDictionary(r => r.First, r => r.Second).OrderBy(r => r.Key));
        }
        Assert.Null(summary.ShapeBias);

        static void Same(double expected, double? ours) => Assert.Equal(expected, ours!.Value, 1e-9);
    }

    [Fact]
    public void Order_of_trials_and_names_of_observers_do_not_matter()
    {
        var random = new SequenceRandom(3);
        string[] categories = ["cat", "dog", "truck"];
        Choice[] choices =
        [
            .. from observer in (string[])["x", "y", "z"]
               from s in Enumerable.Range(0, 40)
               select new Choice(observer, $"c{s % 2}", $"s{s}", categories[s % 3], random.Below(8) == 0 ? null : categories[random.Below(3)], 300 + random.Below(900)),
        ];
        var one = ChoiceSummary.Of(choices);
        var other = ChoiceSummary.Of(random.Shuffled(choices.Select(c => c with { Observer = "observer " + c.Observer })));
        Assert.Equal(one.Accuracy, other.Accuracy, 12);
        Assert.Equal(one.EntropyBits!.Value, other.EntropyBits!.Value, 12);
        Assert.Equal(one.Conditions.Select(c => (c.Condition, c.Trials, Round(c.Accuracy), Round(c.Sem), Round(c.MeanKappa!.Value))), other.Conditions.Select(c => (c.Condition, c.Trials, Round(c.Accuracy), Round(c.Sem), Round(c.MeanKappa!.Value))));
        Assert.Equal(one.Pairs.Select(p => (p.Trials, p.Observed, p.Expected, p.Kappa, p.Bounds, p.Interval)), other.Pairs.Select(p => (p.Trials, p.Observed, p.Expected, p.Kappa, p.Bounds, p.Interval)));
        Assert.Equal(one.Confusion.Counts, other.Confusion.Counts);

        static double Round(double v) => Math.Round(v, 12);
    }

    [Fact]
    public void Cue_conflicts_are_told_by_names_in_either_layout()
    {
        Assert.Equal(("cat", "truck"), ShapeBias.Cues("cat1-truck3.png"));
        Assert.Equal(("cat", "clock"), ShapeBias.Cues("0001_cue_s01_0_cat_10_cat7-clock2.png"));
        Assert.Null(ShapeBias.Cues("oven10.png"));
        Assert.Null(ShapeBias.Cues("n02951358_5952.JPEG"));

        Choice Of(string name, string? response) => new("a", "", name, name[..3], response);
        // Two by shape, one by texture, one neither, one without an answer; a stimulus whose cues agree is no conflict.
        var bias = ShapeBias.Of([Of("cat1-dog1.png", "cat"), Of("cat2-dog1.png", "cat"), Of("dog1-cat1.png", "cat"), Of("dog3-cat1.png", "car"), Of("dog4-car1.png", null), Of("cat1-cat2.png", "cat")])!.Value;
        Assert.Equal(new ShapeBias(2, 1, 5), bias);
        Assert.Equal(2 / 3.0, bias.Overall!.Value, 12);
        Assert.Null(new ShapeBias(0, 0, 3).Overall);
    }

    [Fact]
    public void Error_consistency_by_hand_and_at_its_edges()
    {
        // 10 stimuli: both right 5, only a 2, only b 1, neither 2. p .7 and .6; observed .7; expected .42 + .12 = .54; kappa .16 / .46; bounds (.3 − .54) / .46 and (.9 − .54) / .46.
        List<(bool, bool)> shared = [.. Enumerable.Repeat((true, true), 5), .. Enumerable.Repeat((true, false), 2), (false, true), .. Enumerable.Repeat((false, false), 2)];
        var pair = ErrorConsistency.Of("a", "b", shared)!;
        Assert.Equal((0.7, 0.54, 0.347826), (pair.Observed, Math.Round(pair.Expected, 12), Math.Round(pair.Kappa, 6)));
        Assert.Equal((Math.Round(-0.24 / 0.46, 9), Math.Round(0.36 / 0.46, 9)), (Math.Round(pair.Bounds.Lower, 9), Math.Round(pair.Bounds.Upper, 9)));
        Assert.Null(pair.Interval);
        Assert.Equal(1, ErrorConsistency.Of("a", "b", [(true, true), (true, true)])!.Kappa);
        Assert.Null(ErrorConsistency.Of("a", "b", []));
    }

    [Fact]
    public void Stimuli_match_within_their_condition_unless_some_source_names_none()
    {
        Choice[] people = [new("a", "low", "s", "cat", "cat"), new("a", "high", "s", "cat", "dog"), new("b", "low", "s", "cat", "cat")];
        Assert.Equal(1, Assert.Single(ErrorConsistency.Pairs(people)).Trials);
        Assert.Empty(ErrorConsistency.Pairs([people[1], people[2]]));
        Assert.Equal([("a", "b"), ("a", "net"), ("b", "net")], ErrorConsistency.Pairs([.. people, new("net", "", "s", "cat", "cat")]).Select(p => (p.A, p.B)));
        Assert.Equal("net", Assert.Single(ErrorConsistency.Pairs([people[0], new("net", "", "s", "cat", "cat")], (_, b) => b == "net")).B);
    }

    [Fact]
    public void Confusions_with_sensitivities_and_differences()
    {
        Choice Of(string category, string? response) => new("a", "", "s", category, response);
        var matrix = ConfusionMatrix.Of([Of("cat", "cat"), Of("cat", "cat"), Of("cat", "dog"), Of("cat", null), Of("dog", "dog"), Of("dog", "fox"), Of("dog", "dog"), Of("dog", "cat")]);
        Assert.Equal(["cat", "dog"], matrix.Categories);
        Assert.Equal(["cat", "dog", "fox", "na"], matrix.Responses);
        Assert.Equal([[2, 1, 0, 1], [1, 2, 1, 0]], matrix.Counts);
        Assert.Equal([4 / 12.0, 4 / 12.0], matrix.UnbiasedHitRates);
        Assert.Equal(Detectability.OfCategory(2, 4, 1, 4), matrix.Sensitivities[0]);
        var (categories, _, difference) = matrix.Less(ConfusionMatrix.Of([Of("cat", "cat")]));
        Assert.Equal("cat", Assert.Single(categories));
        Assert.Equal([-0.5, 0.25, 0, 0.25], difference[0]);
    }

    [Fact]
    public void Entropy_of_even_and_single_answers()
    {
        Choice Of(string? response) => new("a", "", "s", "cat", response);
        Assert.Equal(2, ResponseEntropy.Bits([Of("a"), Of("b"), Of("c"), Of("d"), Of(null)])!.Value, 12);
        Assert.Equal(Math.Log2(5), ResponseEntropy.BitsWithMissing([Of("a"), Of("b"), Of("c"), Of("d"), Of(null)])!.Value, 12);
        Assert.Equal(0, ResponseEntropy.Bits([Of("a"), Of("a")]));
        Assert.Null(ResponseEntropy.Bits([Of(null)]));
    }

    [Theory]
    [InlineData("0001_edg_s01_0_oven_00_oven10.png", "oven10.png")]
    [InlineData("0000_cl_s01_bw_boat_40_n02951358_5952.JPEG", "n02951358_5952.JPEG")]
    [InlineData("airplane1-bicycle2.png", "airplane1-bicycle2.png")]
    public void Images_are_the_same_for_all_who_saw_them(string name, string image) => Assert.Equal(image, ModelVsHumanTable.ImageId(name));

    [Fact]
    public void Files_of_models_and_of_several_sessions_are_read_together()
    {
        var table = new ModelVsHumanTable();
        table.Add(new StringReader("subj,Session,trial,rt,object_response,category,condition,imagename\nsubject-01,1,1,0.5,na,cat,sat,0001_x_s01_sat_cat_00_cat1.png\nsubject-01,2,1,NaN,cat,cat,0,0001_x_s01_0_cat_00_cat2.png\n"));
        table.Add(new StringReader("subj,session,trial,rt,object_response,category,condition,imagename\nresnet50,1,1,NaN,\"dog\",cat,NaN,cat1.png\n"));
        Assert.Equal([new("subject-01", "sat", "cat1.png", "cat", null, 500), new("subject-01", "0", "cat2.png", "cat", "cat"), new("resnet50", "", "cat1.png", "cat", "dog")], table.Choices);
        Assert.Contains("Line 2: trial 1 of resnet50 was there before", Assert.Throws<FormatException>(() =>
            table.Add(new StringReader("subj,session,trial,rt,object_response,category,condition,imagename\nresnet50,1,1,NaN,dog,cat,NaN,cat1.png\n"))).Message, StringComparison.Ordinal);
        Assert.Contains("'imagename' is missing", Assert.Throws<FormatException>(() => table.Add(new StringReader("subj,session,trial,rt,object_response,category,condition\n"))).Message, StringComparison.Ordinal);
    }

    private static IReadOnlyList<Choice> Read(IEnumerable<string> files)
    {
        var table = new ModelVsHumanTable();
        foreach (var file in files)
        {
            using var text = File.OpenText(file);
            table.Add(text);
        }
        return table.Choices;
    }
}

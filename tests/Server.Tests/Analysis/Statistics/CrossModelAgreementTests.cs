using PerceptionStudy.Server.Analysis;
using PerceptionStudy.Server.Analysis.Statistics;
using PerceptionStudy.Synthesis.Tests;

namespace PerceptionStudy.Server.Tests.Analysis.Statistics;

public sealed class CrossModelAgreementTests
{
    [Fact]
    public void The_audio_experiments_agree_as_published()
    {
        using var cross = File.OpenText(TestFolder.NeedShared("reference", "feather2023", "cross_model_accuracy_audio.csv"));
        using var people = File.OpenText(TestFolder.NeedShared("reference", "feather2023", "participant_stage_accuracy_audio.csv"));
        var agreement = CrossModelAgreement.Of(CrossModelTable.Read(cross), StageAccuracyTable.Read(people)).Agreement;
        Assert.Equal((144, 0.863, 0.949, 0.713), (agreement.N, Math.Round(agreement.Spearman!.Value, 3), Math.Round(agreement.R2!.Value, 3), Math.Round(agreement.KendallTau!.Value, 3)));
    }

    [Fact]
    public void Experiments_are_pooled_and_the_generating_model_and_natural_left_out()
    {
        CrossModelAccuracy[] models = [new("a", "a", "s_fake_relu", 1), new("a", "b", "s_fake_relu", 0.5), new("a", "c", "s_fake_relu", 0.25), new("a", "b", "natural_audio", 0.9), new("b", "a", "t", 0.1)];
        StageAccuracy Person(string experiment, string name, string stage, double? p) => new("audio", experiment, "a", 1, stage, name, p, null);
        var result = CrossModelAgreement.Of(models, [Person("1", "0", "s", 0.2), Person("2", "0", "s_fakerelu", 0.6), Person("2", "1", "s", 0.7), Person("2", "2", "s", null), Person("1", "0", "natural_audio", 1), Person("1", "0", "u", 1)]);
        Assert.Equal([new CrossModelPoint("a", "s", (0.2 + 0.6 + 0.7) / 3, 0.375)], result.Points);
        Assert.Equal(["b t", "a u"], result.Unmatched);
        Assert.Equal(new Agreement(1, null, null, null, null), result.Agreement);
    }
}

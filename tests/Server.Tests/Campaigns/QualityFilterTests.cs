using PerceptionStudy.Server.Campaigns;
using PerceptionStudy.Server.Stimuli;

namespace PerceptionStudy.Server.Tests.Campaigns;

public sealed class QualityFilterTests
{
    private static readonly Guid Model = Guid.NewGuid(), Stage = Guid.NewGuid();

    [Theory]
    [InlineData(null, 3)]
    [InlineData("accepted", 1)]
    [InlineData("failed", 1)]
    [InlineData("left-out", 1)]
    [InlineData("nonsense", 3)]
    public void Verdicts(string? verdict, int shown)
    {
        MetamerRow[] rows = [Row(meets: true), Row(meets: false), Row(meets: true, rejected: "blurred")];
        Assert.Equal(shown, rows.Count(new QualityFilter(verdict).Passes));
    }

    [Fact]
    public void A_metamer_that_fails_and_was_left_out_is_left_out() => Assert.Equal(MetamerState.LeftOut, Row(meets: false, rejected: "blurred").State);

    [Fact]
    public void All_conditions_have_to_hold()
    {
        var row = Row(meets: true);
        Assert.True(new QualityFilter("accepted", Model, Stage, "cat").Passes(row));
        Assert.False(new QualityFilter("accepted", Model, Stage, "dog").Passes(row));
        Assert.False(new QualityFilter("accepted", Guid.NewGuid(), Stage, "cat").Passes(row));
        Assert.False(new QualityFilter("accepted", Model, Guid.NewGuid(), "cat").Passes(row));
    }

    internal static MetamerRow Row(bool meets, string? rejected = null, double spearman = 0.9) => new()
    {
        Id = Guid.NewGuid(), Name = "cat-1", Category = "cat", Sha256 = "a", NaturalName = "cat-1", NaturalSha256 = "b", ModelId = Model, StageId = Stage, Stage = new StageName("net", "conv1"),
        Seed = 0, LossOfSavedFile = 0.1, Spearman = spearman, Pearson = 0.9, SnrDb = 20, PaperSnrDb = 10, NaturalClass = "cat", MetamerClass = "cat", MeetsCriteria = meets, Reasons = "", RejectedBecause = rejected,
    };
}

using PerceptionStudy.Server.Analysis.Statistics;
using PerceptionStudy.Server.Participation;

namespace PerceptionStudy.Server.Tests.Analysis.Statistics;

public sealed class StageCellsTests
{
    private static readonly StageAccuracy[] Table =
    [
        .. from model in (string[])["a", "b"]
           from stage in Enumerable.Range(0, 3)
           from person in Enumerable.Range(0, 3)
           select new StageAccuracy("vision", "7", model, stage, stage == 0 ? "natural_image" : $"{model}{stage}_fake_relu", $"p{person}", (person + stage) / 10.0, model == "a" ? 1 - stage / 10.0 : null)
    ];

    [Fact]
    public void Models_pair_by_stage_index_whatever_their_stages_are_called()
    {
        var cells = Of(["b", "a"]);
        Assert.Equal(["natural_image", "b1_fake_relu", "b2_fake_relu"], cells.Stages);
        Assert.Equal([0.1, 0.1, 0.2, 0.2, 0.3, 0.3], cells.People[1]);
        Assert.Equal(("vision", "7"), (cells.Modality, cells.Experiment));
    }

    [Fact]
    public void A_participant_without_a_value_is_left_out_whole_and_named()
    {
        var table = Table.Select(r => r is { Participant: "p1", StageIndex: 2 } ? r with { Human = null } : r).ToList();
        var cells = StageCells.Of(table, null, null, ["a"], [], network: true);
        Assert.Equal(["p0", "p2"], cells.Participants);
        Assert.Equal(["p1"], cells.LeftOut);
        // A missing row is as a missing value; where the network is not asked for, its gaps do not matter.
        Assert.Equal(["p1"], StageCells.Of([.. Table.Where(r => r is not { Participant: "p1", Model: "b", StageIndex: 1 })], null, "7", ["b"], [], network: false).LeftOut);
        Assert.Contains("Only 0 of 3 participants", Assert.Throws<FormatException>(() => StageCells.Of(Table, null, "7", ["b"], [], network: true)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a2_fake_relu")]
    [InlineData("a2")]
    [InlineData("natural")]
    public void Stages_are_dropped_by_name_with_or_without_the_ending(string drop) => Assert.Equal(2, Of(["a"], drop).Stages.Count);

    [Fact]
    public void What_is_not_there_is_said_with_what_is()
    {
        Refused("There is no model 'c' in the table: there are 'a', 'b'.", () => Of(["c"]));
        Refused("There is no stage 'x' to drop: there are 'natural_image', 'a1_fake_relu', 'a2_fake_relu'.", () => Of(["a"], "x"));
        Refused("There is no such experiment: there are 'vision 7'.", () => StageCells.Of(Table, null, "8", ["a"], [], network: false));
        Refused("a has the stages 0 1 and b 0 1 2: models pair by stage index, so drop those that one of them lacks.", () => Of(["a", "b"], "a2"));
        Refused("Participant p0 stands twice at stage 0 of a.", () => StageCells.Of([.. Table, Table[0]], null, null, ["a"], [], network: false));
        Refused("Only one stage is left, and an analysis of variance over stages needs at least 2.", () => Of(["a"], "a1", "a2"));
        Refused("More than one experiment has a: say which of 'vision 7', 'vision 8'.",
            () => StageCells.Of([.. Table, .. Table.Select(r => r with { Experiment = "8" })], null, null, ["a"], [], network: false));
    }

    [Fact]
    public void Neither_the_order_of_rows_nor_the_names_of_participants_change_an_analysis() => CsCheck.Check.Sample(CsCheck.Gen.Int, seed =>
    {
        var random = new SequenceRandom(seed);
        var table = Table.Select(r => r with { Human = random.Below(11) / 10.0, Network = random.Below(11) / 10.0 }).ToList();
        var renamed = random.Shuffled(table).Select(r => r with { Participant = "p" + (7 - int.Parse(r.Participant[1..])) });
        var (one, other) = (StageCells.Of(table, null, null, ["a"], [], network: true), StageCells.Of([.. renamed], null, null, ["a"], [], network: true));
        Assert.Equal(StageAnova.Mixed(one.People, one.Network!, 50, 1).Effects, StageAnova.Mixed(other.People, other.Network!, 50, 1).Effects);
        (one, other) = (StageCells.Of(table, null, null, ["b", "a"], [], network: false), StageCells.Of([.. renamed], null, null, ["b", "a"], [], network: false));
        Assert.Equal(StageAnova.Within(one.People, 2, 50, 1).Effects, StageAnova.Within(other.People, 2, 50, 1).Effects);
    }, iter: 100);

    private static StageCells Of(string[] models, params string[] drop) => StageCells.Of(Table, null, null, models, drop, network: false);

    private static void Refused(string message, Action action) => Assert.Equal(message, Assert.Throws<FormatException>(action).Message);
}

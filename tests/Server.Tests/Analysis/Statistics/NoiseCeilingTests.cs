using PerceptionStudy.Server.Analysis.Statistics;
using PerceptionStudy.Synthesis.Tests;

namespace PerceptionStudy.Server.Tests.Analysis.Statistics;

public sealed class NoiseCeilingTests
{
    [Fact]
    public void The_first_vision_experiment_is_as_reliable_as_other_software_finds()
    {
        // 36 conditions without natural, 1,000 splits of 22 participants: .997.
        using var text = File.OpenText(TestFolder.NeedShared("reference", "feather2023", "participant_stage_accuracy_exp1.csv"));
        var rows = StageAccuracyTable.Read(text).Where(r => r.Modality == "vision").ToList();
        var ceiling = NoiseCeiling.Of(StageAccuracyTable.Proportions(rows.Where(r => r.StageIndex > 0)));
        Assert.Equal((22, 36), (ceiling.Participants, ceiling.Conditions));
        Assert.Equal(0.997, ceiling.SplitHalf!.Value, 3);
        Assert.True(ceiling.LeaveOneOutLower < ceiling.LeaveOneOutUpper && ceiling.LeaveOneOutUpper < ceiling.SplitHalf);
        Assert.Equal(37, NoiseCeiling.Of(StageAccuracyTable.Proportions(rows)).Conditions);
    }

    [Fact]
    public void Four_people_by_hand()
    {
        // Two who rise and two who fall: whole halves of one kind correlate −1 with the other (left out), mixed halves are flat (left out); leave-one-out: see below.
        var ceiling = NoiseCeiling.Of([[0.1, 0.2, 0.3], [0.3, 0.5, 0.7], [0.9, 0.8, 0.7], [0.7, 0.5, 0.3]]);
        // Mean of all rises not at all: .5 .5 .5, so no upper bound; the others of a riser fall, those of a faller rise: −1.
        Assert.Null(ceiling.LeaveOneOutUpper);
        Assert.Equal(-1, ceiling.LeaveOneOutLower!.Value, 12);
    }

    [Fact]
    public void People_who_agree_fully_reach_1_with_gaps_left_out()
    {
        var ceiling = NoiseCeiling.Of([[0.1, 0.5, 0.9, double.NaN], [0.2, 0.6, 1, 0.4], [0.0, 0.4, 0.8, 0.2], [0.1, 0.5, double.NaN, 0.3]]);
        Assert.InRange(ceiling.SplitHalf!.Value, 0.9, 1);
        Assert.InRange(ceiling.LeaveOneOutLower!.Value, 0.9, 1);
    }

    [Fact]
    public void Where_nothing_can_be_said_nothing_is()
    {
        Assert.Equal(new NoiseCeiling(0, 0, null, null, null), NoiseCeiling.Of([]));
        Assert.Equal(new NoiseCeiling(1, 3, null, null, null), NoiseCeiling.Of([[0.1, 0.2, 0.3]]));
        Assert.Equal(new NoiseCeiling(2, 2, null, null, null), NoiseCeiling.Of([[0.1, 0.2], [0.3, 0.4]]));
    }

    [Fact]
    public void The_order_of_participants_does_not_matter()
    {
        double[][] rows = [[0.1, 0.5, 0.9], [0.2, 0.3, 0.7], [0.4, 0.4, 0.8], [0.9, 0.2, 0.6]];
        Assert.Equal(NoiseCeiling.Of(rows), NoiseCeiling.Of([rows[2], rows[0], rows[3], rows[1]]));
    }
}

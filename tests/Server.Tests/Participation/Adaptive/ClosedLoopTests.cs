using PerceptionStudy.Server.Analysis.Simulation;
using PerceptionStudy.Server.Participation.Adaptive;
using PerceptionStudy.Server.Studies;

namespace PerceptionStudy.Server.Tests.Participation.Adaptive;

/// <summary>The estimators on simulated observers whose level is known; the long form is bench/Adaptive.</summary>
public class ClosedLoopTests
{
    private const int Levels = 8, Trials = 48, Seed = 11;
    private static readonly PsychometricFunction[] Observers = LoopSimulation.Observers(300, Levels, 1 / 16.0, Seed);
    private static readonly AdaptiveSettings Stairs = new() { Method = AdaptiveMethod.Staircase, RightInARow = 2 };

    private static LoopAccuracy Run(AdaptiveSettings settings) => LoopSimulation.Run(DesignOf(settings), Levels, Stairs.CriterionOfMethod, Trials, Observers, Seed);

    private static StudyDesign DesignOf(AdaptiveSettings settings) =>
        DrawCase.Make(categories: 16, each: 1, practice: 0, stages: 2, trials: 2, catches: 0, holes: 0, seed: 1).Design with { Adaptive = settings };

    [Fact]
    public void QuestPlus_comes_nearer_than_constant_stimuli_at_equal_trials_and_says_how_near()
    {
        var (quest, constant) = (Run(new AdaptiveSettings { Method = AdaptiveMethod.QuestPlus, Criterion = Stairs.CriterionOfMethod }), Run(new AdaptiveSettings()));
        Assert.InRange(Math.Abs(quest.Bias), 0, 0.15);
        Assert.True(quest.Rmse < 0.85 * constant.Rmse, $"QUEST+ {quest.Rmse:0.000}, constant stimuli {constant.Rmse:0.000} levels.");
        Assert.InRange(quest.Covered, 0.90, 1);
        Assert.Equal(0, quest.WithoutEstimate);
    }

    [Fact]
    public void A_loop_over_five_loss_levels_is_as_honest()
    {
        const int few = 5;
        var people = LoopSimulation.Observers(300, few, 1 / 16.0, Seed);
        LoopAccuracy Of(AdaptiveSettings settings) => LoopSimulation.Run(DesignOf(settings), few, Stairs.CriterionOfMethod, Trials, people, Seed);
        var (quest, stairs, constant) = (Of(new AdaptiveSettings { Method = AdaptiveMethod.QuestPlus, Criterion = Stairs.CriterionOfMethod }), Of(Stairs), Of(new AdaptiveSettings()));
        Assert.InRange(Math.Abs(quest.Bias), 0, 0.15);
        Assert.InRange(Math.Abs(stairs.Bias), 0, 0.25);
        Assert.True(quest.Rmse < constant.Rmse, $"QUEST+ {quest.Rmse:0.000}, constant stimuli {constant.Rmse:0.000} levels.");
        Assert.InRange(quest.Covered, 0.90, 1);
    }

    [Fact]
    public void A_staircase_settles_near_its_criterion()
    {
        var stairs = Run(Stairs);
        Assert.InRange(Math.Abs(stairs.Bias), 0, 0.5);
        Assert.InRange(stairs.Sd, 0.1, 1);
        Assert.InRange(stairs.WithoutEstimate, 0, Observers.Length / 10);
    }

    [Fact]
    public void The_same_answers_and_seed_give_the_same_decisions()
    {
        var design = DesignOf(new AdaptiveSettings { Method = AdaptiveMethod.QuestPlus });
        LevelAnswer[] answers = [new(4, true), new(5, false), new(4, true)];
        Assert.Equal(ClosedLoop.Next(design, Levels, answers, 5), ClosedLoop.Next(design, Levels, answers, 5));
        Assert.Null(ClosedLoop.Next(design, Levels, [], 5).Estimate);
        Assert.NotNull(ClosedLoop.Next(design, Levels, answers, 5).Estimate);
    }
}

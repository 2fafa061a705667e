using PerceptionStudy.Server.Analysis.Simulation;
using PerceptionStudy.Server.Studies;
using PerceptionStudy.Server.Tests.Studies;

namespace PerceptionStudy.Server.Tests.Analysis.Simulation;

public sealed class DesignPlanTests
{
    [Fact]
    public void Trials_are_those_that_participants_would_get()
    {
        var world = StudyWorld.Create(perCategory: 6);
        var draft = StudyTemplate.Draft(world.Material(), "A study", world.MetamerSets, mainTrials: 14, practiceTrials: 4);
        var plan = DesignPlan.Of(draft, world.Material(), new ObserverProfile(), participants: 10);
        Assert.Equal(["natural", "adversarially trained, conv1", "adversarially trained, block2", "adversarially trained, logits", "standard, conv1", "standard, block2", "standard, logits"], plan.Conditions);
        Assert.Equal(10, plan.Trials.Count);
        Assert.All(plan.Trials, counts => Assert.All(counts, n => Assert.Equal(2, n)));
        Assert.Equal(0.9, plan.Expected[0]);
        Assert.True(plan.Expected[1] > plan.Expected[2] && plan.Expected[2] > plan.Expected[3]);
    }

    [Fact]
    public void Where_metamers_are_missing_fewer_trials_count()
    {
        // Only every fourth natural stimulus has a metamer at the last stage of one model.
        var gaps = StudyWorld.Create(perCategory: 3, accepted: (number, model, stage) => model.Name != "standard" || stage.Name != "logits" || number % 4 == 0);
        var draft = StudyTemplate.Draft(gaps.Material(), "A study", gaps.MetamerSets, mainTrials: 12, practiceTrials: 0) with { MainTrials = 12 };
        var plan = DesignPlan.Of(draft, gaps.Material(), new ObserverProfile(), participants: 20);
        Assert.All(plan.Trials, counts => Assert.True(counts.Sum() <= 12));
        Assert.True(plan.Trials.Average(t => t[6]) <= plan.Trials.Average(t => t[5]));
    }
}

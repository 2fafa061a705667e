using PerceptionStudy.Server.Studies;

namespace PerceptionStudy.Server.Tests.Studies;

public sealed class StudyTemplateTests
{
    [Fact]
    public void Conditions_are_natural_and_every_stage_with_accepted_metamers_in_order()
    {
        var world = StudyWorld.Create(accepted: (_, model, stage) => !(model.Name == "standard" && stage.Name == "logits"));
        var design = StudyTemplate.Draft(world.Material(), "A study", world.MetamerSets, mainTrials: 8, practiceTrials: 4);

        var names = design.Conditions.Select(world.Material().NameOf);
        Assert.Equal(
            ["natural", "adversarially trained, conv1", "adversarially trained, block2", "adversarially trained, logits", "standard, conv1", "standard, block2"],
            names);
        Assert.Equal([world.Robust.Id, world.Standard.Id], design.RecognisingModels);
        Assert.Equal((500, 300, 300, 300), (design.Durations.BlankMs, design.Durations.FixationMs, design.Durations.StimulusMs, design.Durations.MaskMs));
    }

    [Fact]
    public void Practice_is_held_back_from_different_categories_and_never_in_the_main_block()
    {
        var world = StudyWorld.Create();
        var material = world.Material();
        var design = StudyTemplate.Draft(material, "A study", world.MetamerSets, mainTrials: 8, practiceTrials: 4);

        Assert.Equal(4, design.PracticeStimuli.Length);
        Assert.Equal(world.Categories, design.PracticeStimuli.Select(id => material.Naturals[id].Category).Order());
        Assert.Equal(8, design.NaturalStimuli.Length);
        Assert.Empty(design.PracticeStimuli.Intersect(design.NaturalStimuli));
        Assert.Equal(design.PracticeStimuli, StudyTemplate.Draft(material, "A study", world.MetamerSets, 8).PracticeStimuli);
    }

    [Fact]
    public void Stimuli_without_accepted_metamers_serve_as_practice_first()
    {
        // Every third natural stimulus has no accepted metamer.
        var world = StudyWorld.Create(accepted: (number, _, _) => number % 3 != 0);
        var design = StudyTemplate.Draft(world.Material(), "A study", world.MetamerSets, mainTrials: 8, practiceTrials: 4);
        var without = world.NaturalSet.Stimuli.Where((_, number) => number % 3 == 0).Select(s => s.Id);

        Assert.Equal(without.Order(), design.PracticeStimuli.Order());
        Assert.Equal(8, design.NaturalStimuli.Length);
    }

    [Fact]
    public void One_picture_per_category_leaves_none_for_practice()
    {
        string[] sixteen = [.. Enumerable.Range(0, 16).Select(i => $"category {i:00}")];
        var world = StudyWorld.Create(sixteen, perCategory: 1);
        var design = StudyTemplate.Draft(world.Material(), "A study", world.MetamerSets);

        Assert.Empty(design.PracticeStimuli);
        Assert.Equal(16, design.NaturalStimuli.Length);
        Assert.Equal(16, design.MainTrials);
        Assert.Equal(sixteen, design.Categories);
        Assert.DoesNotContain(DesignValidator.Validate(design, null, world.Material()), p => p.Blocking);
    }

    [Fact]
    public void Categories_are_those_of_the_stimuli_alphabetically()
    {
        var world = StudyWorld.Create(["whale", "apple", "cat"]);
        Assert.Equal(["apple", "cat", "whale"], StudyTemplate.Draft(world.Material(), "A study", world.MetamerSets, 6).Categories);
    }
}

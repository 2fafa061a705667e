using PerceptionStudy.Server.Studies;

namespace PerceptionStudy.Server.Tests.Studies;

/// <summary>What the validator says of metamers on demand and of closed loops.</summary>
public class LateSettingsValidatorTests
{
    private static readonly StudyWorld World = StudyWorld.Create(perCategory: 6);
    private static readonly StudyMaterial Material = World.Material();

    private static StudyDesign Draft()
    {
        var draft = StudyTemplate.Draft(Material, "t", World.MetamerSets, mainTrials: 20, practiceTrials: 0);
        return draft with { OnDemand = new OnDemandSettings { Conditions = [.. draft.Conditions.Where(c => c.ModelId == World.Standard.Id)] } };
    }

    private static IEnumerable<string> Problems(StudyDesign design, DesignField field) =>
        DesignValidator.Validate(design, null, Material).Where(p => p.Blocking && p.Field == field).Select(p => p.Sentence);

    [Fact]
    public void A_design_with_sound_settings_passes()
    {
        Assert.Empty(Problems(Draft(), DesignField.OnDemand));
        Assert.Empty(Problems(Draft() with { Adaptive = Loop() }, DesignField.Adaptive));
        // Without a single metamer there is something to show nevertheless.
        var bare = new StudyMaterial([.. Material.Naturals.Values], [], Material.Models);
        Assert.DoesNotContain(DesignValidator.Validate(Draft() with { Conditions = [StudyCondition.Natural, .. Draft().OnDemand.Conditions] }, null, bare), p => p.Blocking && p.Field == DesignField.Conditions);
    }

    [Fact]
    public void Every_setting_out_of_range_is_named()
    {
        var s = Draft().OnDemand;
        foreach (var (wrong, part) in new (OnDemandSettings, string)[]
        {
            (s with { Preset = "quick" }, "no preset quick"), (s with { Steps = 0 }, "0 steps"), (s with { Seeds = 0 }, "0 seeds"), (s with { NullPairs = 0 }, "0 null pairs"),
            (s with { NullAugmentation = "upside-down" }, "varied by upside-down"), (s with { AheadTrials = 0 }, "window has 0"), (s with { PatienceMs = 2000 }, "patience is 2000 ms"),
            (s with { Conditions = [StudyCondition.Natural] }, "take natural out"), (s with { Conditions = [new StudyCondition(World.Robust.Id, Guid.NewGuid())] }, "no condition of the design"),
        })
            Assert.Contains(Problems(Draft() with { OnDemand = wrong }, DesignField.OnDemand), sentence => sentence.Contains(part, StringComparison.Ordinal));
        // What is to be made needs the model's file.
        var without = new StudyMaterial([.. Material.Naturals.Values], Material.Metamers, [.. Material.Models.Select(m => m with { FileMissing = true })]);
        Assert.Contains(DesignValidator.Validate(Draft(), null, without), p => p is { Blocking: true, Field: DesignField.OnDemand } && p.Sentence.StartsWith($"The file of {World.Standard.Name} is missing", StringComparison.Ordinal));
        Assert.Contains(Problems(Draft() with { Response = new ResponseSettings { ChoicesPerTrial = 2 } }, DesignField.Answers), sentence => sentence.StartsWith("Choices that are drawn", StringComparison.Ordinal));
    }

    [Fact]
    public void A_loop_needs_levels_and_a_criterion_above_chance()
    {
        foreach (var (wrong, part) in new (AdaptiveSettings, string)[]
        {
            (Loop() with { ModelId = null }, "there are none"), (Loop() with { RightInARow = 5 }, "5 right answers"), (Loop() with { Criterion = 0.25 }, "above chance (0.25)"), (Loop() with { Criterion = 0.9 }, "at 0.8 at most"),
        })
            Assert.Contains(Problems(Draft() with { Adaptive = wrong }, DesignField.Adaptive), sentence => sentence.Contains(part, StringComparison.Ordinal));
        Assert.Contains(DesignValidator.Validate(Draft() with { Adaptive = Loop() }, null, Material), p => p is { Blocking: false, Field: DesignField.Adaptive } && p.Sentence.Contains("about 8 trials", StringComparison.Ordinal));
    }

    [Fact]
    public void Loss_levels_are_fractions_a_factor_of_two_apart_and_made_on_demand()
    {
        Assert.Empty(Problems(Levels(0.5, 0.25, 0.125), DesignField.Adaptive));
        foreach (var (wrong, part) in new (StudyDesign, string)[]
        {
            (Levels(), "there is 1"), (Levels(0.5, 0.3), "0.3 and 0.5 are nearer than a factor of two"), (Levels(1, 0.25), "A loss level of 1:"),
        })
            Assert.Contains(Problems(wrong, DesignField.Adaptive), sentence => sentence.Contains(part, StringComparison.Ordinal));
    }

    [Fact]
    public void The_editor_makes_the_levels_of_a_loop_on_demand_and_takes_them_back()
    {
        var form = new DesignForm(Levels(0.5, 0.25));
        Assert.Equal([0.25, 0.5], form.LossLevels);
        form.Adapt(form.Adaptive, 0.4, 0.1);
        var design = form.Design(Material);
        Assert.Equal([0, 0.1, 0.4], design.Conditions.Where(design.Adaptive.Chooses).Select(c => c.LossLevel));
        Assert.Equal([0.1, 0.4], design.OnDemand.Conditions.Select(c => c.LossLevel).Where(level => level > 0).Order());
        Assert.EndsWith(" at loss 0.4", Material.NameOf(design.Conditions.Single(c => c.LossLevel == 0.4)), StringComparison.Ordinal);
        form.Adapt(form.Adaptive with { LossStageId = null });
        Assert.Equal(Draft().Conditions, form.Design(Material).Conditions);
        Assert.Equal(Draft().OnDemand.Conditions, form.Design(Material).OnDemand.Conditions);
    }

    /// <summary>A loop over loss levels of the first stage; its finished metamers are a level too.</summary>
    private static StudyDesign Levels(params double[] lossLevels)
    {
        var draft = Draft();
        var finished = draft.OnDemand.Conditions[0];
        StudyCondition[] cut = [.. lossLevels.Select(level => finished with { LossLevel = level })];
        return draft with
        {
            Conditions = [.. draft.Conditions, .. cut], OnDemand = draft.OnDemand with { Conditions = [.. draft.OnDemand.Conditions, .. cut] }, Adaptive = Loop() with { LossStageId = finished.StageId },
        };
    }

    private static AdaptiveSettings Loop() => new() { Method = AdaptiveMethod.QuestPlus, ModelId = World.Standard.Id };
}

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

    private static AdaptiveSettings Loop() => new() { Method = AdaptiveMethod.QuestPlus, ModelId = World.Standard.Id };
}

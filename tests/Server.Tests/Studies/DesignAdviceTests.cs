using PerceptionStudy.Server.Studies;

namespace PerceptionStudy.Server.Tests.Studies;

public sealed class DesignAdviceTests
{
    private readonly StudyWorld world = StudyWorld.Create();

    [Fact]
    public void A_category_with_few_metamers_in_a_condition_is_named_with_its_numbers()
    {
        // One of three cats is accepted at the last stage of one model.
        var thin = StudyWorld.Create(accepted: (number, model, stage) => !(model.Name == "standard" && stage.Name == "logits" && number is 3 or 4));
        var design = StudyTemplate.Draft(thin.Material(), "A study", thin.MetamerSets, mainTrials: 12, practiceTrials: 0);
        var problem = Assert.Single(DesignValidator.Validate(design, null, thin.Material()), p => p.Sentence.Contains("few accepted", StringComparison.Ordinal));
        Assert.False(problem.Blocking);
        Assert.Equal(DesignField.Conditions, problem.Field);
        Assert.StartsWith("'standard, logits' has few accepted metamers of cat (1 of 3): ", problem.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_session_is_warned_of_by_its_minutes()
    {
        var design = Draft() with { MainTrials = 8, Durations = new() { BlankMs = 5000, FixationMs = 5000 }, LongestMinutes = 2 };
        // 12 trials of 10,600 ms and two seconds for the answer are 151.2 s.
        Assert.Equal(3, SessionLength.Minutes(design));
        Assert.Contains(Advice(design), p => p is { Blocking: false, Field: DesignField.Course } && p.Sentence.StartsWith("A session takes about 3 minutes, longer than the 2 that you allow", StringComparison.Ordinal));
        Assert.DoesNotContain(Advice(design with { LongestMinutes = null }), p => p.Field == DesignField.Course);
        Assert.DoesNotContain(Advice(design with { LongestMinutes = 3 }), p => p.Field == DesignField.Course);
    }

    [Fact]
    public void A_set_without_licence_is_named_where_its_pictures_are_shown()
    {
        var material = world.Material();
        Guid set = Guid.CreateVersion7(), unused = Guid.CreateVersion7();
        var licensed = (string? licence) => new StudyMaterial([.. material.Naturals.Values.Select(n => n with { SetId = set })], material.Metamers, material.Models,
            [new(set, "holiday pictures", licence), new(unused, "others", null)]);
        Assert.Contains(DesignValidator.Validate(Draft(), null, licensed(null)), p => !p.Blocking && p.Sentence.StartsWith("The set 'holiday pictures' names no licence", StringComparison.Ordinal));
        Assert.Empty(DesignValidator.Validate(Draft(), null, licensed("CC0")));
    }

    [Fact]
    public void Categories_without_a_drawing_among_others_are_named()
    {
        var mixed = StudyWorld.Create(["bear", "cat", "unicorn"]);
        var design = StudyTemplate.Draft(mixed.Material(), "A study", mixed.MetamerSets, 6);
        Assert.Contains(DesignValidator.Validate(design, null, mixed.Material()), p => p is { Blocking: false, Field: DesignField.Answers } && p.Sentence.StartsWith("There is no drawing of unicorn: ", StringComparison.Ordinal));
        Assert.DoesNotContain(DesignValidator.Validate(design with { Response = new() { Icons = false } }, null, mixed.Material()), p => p.Field == DesignField.Answers);
    }

    [Fact]
    public void Every_problem_of_an_empty_design_leads_somewhere_and_errors_come_first()
    {
        var empty = Draft() with { Title = "", Consent = "", Instructions = "", MainTrials = 0, Conditions = [], CatchTrials = 99, LongestMinutes = 0 };
        var problems = Advice(empty);
        Assert.Equal(problems.Where(p => p.Blocking).Concat(problems.Where(p => !p.Blocking)), problems);
        Assert.Superset(new HashSet<DesignField>([DesignField.Title, DesignField.Consent, DesignField.Instructions, DesignField.Trials, DesignField.Conditions, DesignField.Course]), problems.Select(p => p.Field).ToHashSet());
    }

    private IReadOnlyList<DesignProblem> Advice(StudyDesign design) => DesignValidator.Validate(design, null, world.Material());

    private StudyDesign Draft() => StudyTemplate.Draft(world.Material(), "A study", world.MetamerSets, mainTrials: 8);
}

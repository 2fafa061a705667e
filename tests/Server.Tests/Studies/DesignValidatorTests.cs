using PerceptionStudy.Server.Studies;
using PerceptionStudy.Shared.Sessions;

namespace PerceptionStudy.Server.Tests.Studies;

public sealed class DesignValidatorTests
{
    private readonly StudyWorld world = StudyWorld.Create();

    [Fact]
    public void The_templates_draft_is_sound() => Assert.Empty(DesignValidator.Validate(Draft(), 10, world.Material()));

    public static TheoryData<string, Func<StudyDesign, StudyDesign>> Mistakes => new()
    {
        { "The study has no title", d => d with { Title = " " } },
        { "The consent text is empty", d => d with { Consent = "" } },
        { "The instructions are empty", d => d with { Instructions = "" } },
        { "The study has no main trials", d => d with { MainTrials = 0 } },
        { "9 main trials need as many natural stimuli, and there are 8", d => d with { MainTrials = 9 } },
        { "Catch trials show each category's icon at most once: choose a number from 0 to 4.", d => d with { CatchTrials = 5 } },
        { "The blank has -1 ms: choose from 0 to 5000.", d => d with { Durations = d.Durations with { BlankMs = -1 } } },
        { "The fixation has 6000 ms", d => d with { Durations = d.Durations with { FixationMs = 6000 } } },
        { "The stimulus has 0 ms: choose from 10 to 10000.", d => d with { Durations = d.Durations with { StimulusMs = 0 } } },
        { "The mask has 5001 ms", d => d with { Durations = d.Durations with { MaskMs = 5001 } } },
        { "The picture has 16 CSS pixels: choose from 32 to 1024.", d => d with { DisplaySizeCssPx = 16 } },
        { "The response grid has room for 2 to 16 categories, and the design has 1: choose typed words for more.", d => d with { Categories = ["cat"] } },
        { "The category 'cat' is listed twice", d => d with { Categories = ["bear", "cat", "cat", "dog", "truck"] } },
        { "1 stimulus of the design is no longer in the database", d => d with { NaturalStimuli = [.. d.NaturalStimuli, Guid.Empty] } },
        { "A natural stimulus is listed twice", d => d with { NaturalStimuli = [.. d.NaturalStimuli, d.NaturalStimuli[0]] } },
        { "Stimuli show 'truck', which is not among the categories", d => d with { Categories = ["bear", "cat", "dog"] } },
        { "No natural stimulus of the main block shows 'zebra'", d => d with { Categories = [.. d.Categories, "zebra"] } },
        { "is in the practice and in the main block", d => d with { PracticeStimuli = [d.NaturalStimuli[0]] } },
        { "No stage is among the conditions", d => d with { Conditions = [StudyCondition.Natural] } },
        { "A condition is listed twice", d => d with { Conditions = [.. d.Conditions, d.Conditions[1]] } },
        { "The natural condition is missing", d => d with { Conditions = d.Conditions[1..] } },
        { "The condition 'an unknown model, an unknown stage' is no longer in the database", d => d with { Conditions = [.. d.Conditions, new(Guid.Empty, Guid.Empty)] } },
        { "The picture has 0.1°", d => d with { Display = new() { SizeDegrees = 0.1 } } },
        { "A row has room for 2 to 9 categories, and the design has 10", d => d with { Response = new() { Format = AnswerFormat.Row }, Categories = [.. d.Categories, "1", "2", "3", "4", "5", "6"] } },
        { "Extra words are for typed answers", d => d with { Response = new() { ExtraWords = ["zebra"] } } },
        { "The extra word 'zebra' is empty or listed twice", d => d with { Response = new() { Format = AnswerFormat.Word, ExtraWords = ["zebra", "zebra"] } } },
        { "There are 2 keys for 4 answers", d => d with { Response = new() { Keys = ["KeyF", "KeyJ"] } } },
        { "There are 4 keys for 5 answers", d => d with { Response = new() { Keys = ["KeyA", "KeyS", "KeyD", "KeyF"], DontKnow = true } } },
        { "A key is named twice", d => d with { Response = new() { Keys = ["KeyA", "KeyS", "KeyD", "KeyA"] } } },
        { "'Key A' is no key", d => d with { Response = new() { Keys = ["Key A", "KeyS", "KeyD", "KeyF"] } } },
        { "Typed words need no keys", d => d with { Response = new() { Format = AnswerFormat.Word, Keys = ["KeyF"] } } },
        { "Each trial draws 4 choices of 4 categories", d => d with { Response = new() { ChoicesPerTrial = 4 } } },
        { "Each trial draws 1 choices of 4 categories", d => d with { Response = new() { ChoicesPerTrial = 1 } } },
        { "Choices can be drawn from at most 64 categories", d => d with { Response = new() { ChoicesPerTrial = 2 }, Categories = [.. d.Categories, .. Enumerable.Range(0, 61).Select(n => $"{n}")] } },
        { "Typed words complete to all categories", d => d with { Response = new() { ChoicesPerTrial = 2, Format = AnswerFormat.Word } } },
        { "Choices that are drawn for each trial have a new order each time", d => d with { Response = new() { ChoicesPerTrial = 2, OrderPerParticipant = true } } },
        { "There are 2 keys for 3 answers", d => d with { Response = new() { ChoicesPerTrial = 3, Keys = ["KeyF", "KeyJ"] } } },
        { "The time limit is 20 ms", d => d with { Response = new() { TimeLimitMs = 20 } } },
        { "The confidence rating has 1 levels", d => d with { Response = new() { ConfidenceLevels = 1 } } },
        { "The share of the practice that has to be right lies from 0 to 1", d => d with { Practice = new() { RequiredProportion = 80 } } },
        { "The gate needs a practice", d => d with { Practice = new() { RequiredProportion = 0.5 }, PracticeStimuli = [] } },
        { "The practice may be done 0 times", d => d with { Practice = new() { Attempts = 0 } } },
        { "A break after every -1 trials", d => d with { BreakEveryTrials = -1 } },
        { "There are no texts in the language 'tlh': choose en or de", d => d with { Language = "tlh" } },
        { "A session of at most 0 minutes", d => d with { LongestMinutes = 0 } },
        { "An exclusion rule asks for a proportion outside 0 to 1", d => d with { Exclusion = new() { HastyAtMost = 2 } } },
        { "The least age is 0 years", d => d with { Exclusion = new() { AgeAtLeast = 0 }, Questionnaire = new() { Age = true } } },
        { "An exclusion rule looks at the practice, and the design has none", d => d with { Exclusion = new() { PracticeCorrectAtLeast = .5 }, PracticeStimuli = [] } },
        { "An exclusion rule looks at what participants say of their vision", d => d with { Exclusion = new() { NoImpairedVision = true } } },
        { "An exclusion rule looks at the age", d => d with { Exclusion = new() { AgeAtLeast = 18 } } },
        { "An exclusion rule looks at people who take part again", d => d with { Exclusion = new() { NoRepeats = true } } },
        { "Places are given back by exclusion rules, and there are none", d => d with { Exclusion = new() { GivePlacesBack = true } } },
        { "A recognising model is no longer in the database", d => d with { RecognisingModels = [Guid.Empty] } },
    };

    [Theory, MemberData(nameof(Mistakes))]
    public void A_mistake_is_named_and_forbids_publication(string sentence, Func<StudyDesign, StudyDesign> mistake) =>
        Assert.Contains(DesignValidator.Validate(mistake(Draft()), null, world.Material()), p => p.Blocking && p.Sentence.Contains(sentence, StringComparison.Ordinal));

    [Fact]
    public void Places_below_one_are_refused() =>
        Assert.Contains(DesignValidator.Validate(Draft(), 0, world.Material()), p => p.Blocking && p.Sentence.StartsWith("A study needs at least one place", StringComparison.Ordinal));

    [Fact]
    public void Without_accepted_metamers_it_says_what_to_do()
    {
        var poor = StudyWorld.Create(accepted: (_, _, _) => false);
        var design = StudyTemplate.Draft(poor.Material(), "A study", poor.MetamerSets);
        var problem = Assert.Single(DesignValidator.Validate(design, null, poor.Material()), p => p.Sentence.Contains("accepted", StringComparison.Ordinal));
        Assert.True(problem.Blocking);
        Assert.Equal("This study has no accepted metamers: open Campaigns, synthesise some and look at their criteria; then make the study from their set.", problem.Sentence);
    }

    [Fact]
    public void A_stage_that_lost_its_metamers_is_named()
    {
        var design = Draft();
        var changed = StudyWorld.Create(accepted: (_, model, stage) => model.Name != "standard" || stage.Name != "block2");
        design = StudyTemplate.Draft(changed.Material(), "A study", changed.MetamerSets, 8) with
        {
            Conditions = changed.Material().PossibleConditions(),
        };
        Assert.Contains(DesignValidator.Validate(design, null, changed.Material()), p => p.Blocking && p.Sentence.StartsWith("'standard, block2' has no accepted metamers", StringComparison.Ordinal));
    }

    [Fact]
    public void Missing_metamers_of_a_condition_are_counted_but_allowed()
    {
        var gaps = StudyWorld.Create(accepted: (number, _, stage) => stage.Name != "logits" || number >= 6);
        var problems = DesignValidator.Validate(StudyTemplate.Draft(gaps.Material(), "A study", gaps.MetamerSets, 12, 0), null, gaps.Material());
        Assert.All(problems, p => Assert.False(p.Blocking));
        // Conditions of which the same is to be said share a line.
        Assert.Matches("^'[^']+, logits' and '[^']+, logits' have accepted metamers for 6 of 12 natural stimuli", Incomplete(problems));
        Assert.Contains(problems, p => p.Sentence.StartsWith("There is no practice", StringComparison.Ordinal));
        var half = StudyWorld.Create(accepted: (number, _, stage) => stage.Name == "block2" || number >= 6);
        Assert.Matches("^'[^']+', '[^']+' and [0-9]+ more have accepted metamers for 6 of 12 ", Incomplete(DesignValidator.Validate(StudyTemplate.Draft(half.Material(), "A study", half.MetamerSets, 12, 0), null, half.Material())));

        static string Incomplete(IEnumerable<DesignProblem> problems) => Assert.Single(problems, p => p.Sentence.Contains(" accepted metamers for ", StringComparison.Ordinal)).Sentence;
    }

    [Fact]
    public void A_model_without_a_class_for_a_category_cannot_recognise()
    {
        var material = world.Material();
        var narrow = new StudyMaterial([.. material.Naturals.Values], material.Metamers, [.. material.Models.Select(m => m with { Categories = ["bear", "cat", "dog"] })]);
        Assert.Contains(DesignValidator.Validate(Draft(), null, narrow), p => p.Blocking && p.Sentence.StartsWith("The model 'standard' cannot answer 'truck'", StringComparison.Ordinal));
    }

    [Fact]
    public void A_model_whose_file_is_missing_forbids_nothing_and_is_named()
    {
        var material = world.Material();
        var waiting = new StudyMaterial([.. material.Naturals.Values], material.Metamers, [.. material.Models.Select(m => m with { Categories = [], FileMissing = true })]);
        var problems = DesignValidator.Validate(Draft(), null, waiting);
        Assert.DoesNotContain(problems, p => p.Blocking);
        Assert.Contains(problems, p => p.Sentence.StartsWith("The file of the model 'standard' is missing", StringComparison.Ordinal));
    }

    private StudyDesign Draft() => StudyTemplate.Draft(world.Material(), "A study", world.MetamerSets, mainTrials: 8);
}

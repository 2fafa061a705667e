using PerceptionStudy.Server.Stimuli;
using PerceptionStudy.Server.Studies;
using PerceptionStudy.Server.Tests.Participation;
using PerceptionStudy.Shared.Sessions;

namespace PerceptionStudy.Server.Tests.Studies;

/// <summary>Designs of sounds: the template, the published protocol, and each mistake by its sentence.</summary>
public sealed class SoundValidatorTests
{
    private static readonly MaterialSound TwoSeconds = new(20_000, 40_000, Rms: 0.1, Peak: 0.7);
    private static readonly Guid ClearSet = Guid.CreateVersion7();
    private static readonly StudyWorld World = StudyWorld.Create(TestStudy.SixteenCategories, perCategory: 3);
    private static readonly MaterialNatural[] Clear = [.. World.Categories.Select(c => new MaterialNatural(Guid.CreateVersion7(), $"clear-{c}", c, ClearSet, TwoSeconds))];

    /// <summary>The same world as sounds, with a set of clear words.</summary>
    private static StudyMaterial Material(Func<MaterialNatural, MaterialNatural>? natural = null, MaterialSound? ofMetamers = null)
    {
        var pictures = World.Material();
        return new StudyMaterial([.. pictures.Naturals.Values.Select(n => n with { Sound = TwoSeconds }).Select(natural ?? (n => n)), .. Clear],
            [.. pictures.Metamers.Select(m => m with { Sound = ofMetamers ?? TwoSeconds })], [.. pictures.Models.Select(m => m with { RateHz = TwoSeconds.RateHz })]);
    }

    private static StudyDesign Draft()
    {
        var (main, practice) = Protocol.SpokenWords.Fit(World.NaturalSet.Stimuli.Count);
        var draft = Protocol.SpokenWords.Apply(StudyTemplate.Draft(Material(), "A study", World.MetamerSets, main, practice, [.. Clear.Select(c => c.Id)]));
        return draft with { CatchStimuli = [.. Clear.Select(c => c.Id)] };
    }

    [Fact]
    public void Spoken_words_have_their_published_numbers()
    {
        Assert.Equal((400, 22), Protocol.SpokenWords.Fit(500));
        var design = Draft();
        Assert.Equal((StimulusMedium.Sound, AnswerFormat.Word, null, 16), (design.Medium, design.Response.Format, design.Response.TimeLimitMs, design.CatchTrials));
        Assert.Equal(new SoundSettings { AdjustLevel = true, HeadphoneCheck = true, PassMark = 5 }, design.Sound);
        Assert.Equal(new TrialDurations { BlankMs = 500, FixationMs = 300, StimulusMs = 2000, MaskMs = 0 }, design.Durations);
        // Of a full practice the last 12 of 22 come without feedback, and 5 of them have to be right.
        var full = Protocol.SpokenWords.Apply(design with { PracticeStimuli = [.. Enumerable.Range(0, 22).Select(_ => Guid.NewGuid())] }).Practice;
        Assert.Equal((12, 5.0 / 12, 1), (full.ScoredTrials, full.RequiredProportion, full.Attempts));
        Assert.DoesNotContain(DesignValidator.Validate(design, null, Material()), p => p.Blocking);
    }

    [Fact]
    public void Clear_words_enter_neither_practice_nor_main_block()
    {
        var design = Draft();
        Assert.Empty(design.NaturalStimuli.Concat(design.PracticeStimuli).Intersect(Clear.Select(c => c.Id)));
        Assert.NotEmpty(design.PracticeStimuli);
    }

    public static TheoryData<string, Func<StudyDesign, StudyDesign>> Mistakes => new()
    {
        { "The stimuli are sounds, and the design is made for pictures", d => d with { Medium = StimulusMedium.Picture, CatchTrials = 0 } },
        { "The level of the sounds is 0.3 (RMS): choose above 0 and up to 0.2", d => d with { Sound = new() { Rms = 0.3 } } },
        { "The level of the sounds is 0 (RMS)", d => d with { Sound = new() { Rms = 0 } } },
        { "The headphone check asks for 7 right rounds of 6: choose from 1 to 6.", d => d with { Sound = new() { PassMark = 7 } } },
        { "16 catch trials need as many clear sounds, and the design has 0", d => d with { CatchStimuli = [] } },
        { "1 of the clear sounds of catch trials are no longer in the database", d => d with { CatchStimuli = [.. d.CatchStimuli, Guid.Empty] } },
        { "A clear sound of the catch trials is 'truck', which is none of the study's words", d => d with { Categories = d.Categories[..^1] } },
        { "is a catch trial and in the practice or the main block as well", d => d with { CatchStimuli = [.. d.CatchStimuli, d.NaturalStimuli[0]] } },
        { "50 of the practice trials come without feedback, and there are", d => d with { Practice = new() { ScoredTrials = 50 } } },
    };

    [Theory, MemberData(nameof(Mistakes))]
    public void A_mistake_is_named_and_forbids_publication(string sentence, Func<StudyDesign, StudyDesign> mistake) =>
        Assert.Contains(DesignValidator.Validate(mistake(Draft()), null, Material()), p => p.Blocking && p.Sentence.Contains(sentence, StringComparison.Ordinal));

    [Fact]
    public void A_level_at_which_not_all_sounds_fit_is_refused_with_the_highest_that_does()
    {
        // A peak of 0.7 at the RMS 0.1 fits up to the RMS 0.1428, one of 0.4 at 0.05 up to 0.1250.
        var material = Material(ofMetamers: TwoSeconds with { Rms = 0.05, Peak = 0.4 });
        var draft = Draft();
        int metamers = StudyPublisher.Freeze(draft, material).Metamers.Length, others = draft.NaturalStimuli.Length + draft.PracticeStimuli.Length + draft.CatchStimuli.Length;
        var refused = Assert.Single(At(0.13), p => p.Blocking);
        Assert.Equal((DesignField.Sound, $"At the level 0.13 (RMS) the peaks of {metamers} of {metamers + others} sounds would not fit into full scale, and nothing is clipped: set 0.1249 or less, at which all fit."), (refused.Field, refused.Sentence));
        Assert.DoesNotContain(At(0.1249), p => p.Blocking);

        IReadOnlyList<DesignProblem> At(double rms) => DesignValidator.Validate(draft with { Sound = draft.Sound with { Rms = rms } }, null, material);
    }

    [Fact]
    public void Levels_that_differ_are_told_before_the_start()
    {
        var (even, quiet) = (Material(), Material(ofMetamers: TwoSeconds with { Rms = 0.05, Peak = 0.4 }));
        Assert.Equal([], OfLevels(null, even));
        Assert.Equal(["The sounds differ in level by up to 6 dB, from 0.05 to 0.1 (RMS): loudness may tell what is a metamer, and loud ones may startle. Set one level for all of them."], OfLevels(null, quiet));
        Assert.Equal(["People hear every sound at the level 0.1, models as it is kept, from 0.05 to 0.1 (RMS): where that matters to a model, make sets and campaigns at the level of the study."], OfLevels(0.1, quiet));
        Assert.Equal([], OfLevels(0.1, even));

        static string[] OfLevels(double? rms, StudyMaterial material) => [.. DesignValidator.Validate(Draft() with { Sound = new() { Rms = rms } }, null, material)
            .Where(p => p is { Blocking: false, Field: DesignField.Sound }).Select(p => p.Sentence)];
    }

    [Fact]
    public void A_model_that_sees_neither_generates_nor_recognises_for_a_study_of_sounds()
    {
        var heard = Material();
        var seeing = new MaterialModel(Guid.CreateVersion7(), "a network of pictures", [new(Guid.CreateVersion7(), "conv1", 0)], World.Categories);
        var material = new StudyMaterial([.. heard.Naturals.Values], heard.Metamers, [.. heard.Models, seeing]);
        var draft = Draft();
        Assert.Equal((DesignField.Models, "The model 'a network of pictures' takes pictures, and the study is one of sounds: take it out of the recognising models."),
            Refused(draft with { RecognisingModels = [.. draft.RecognisingModels, seeing.Id] }));
        Assert.Contains(DesignValidator.Validate(draft with { Conditions = [.. draft.Conditions, new(seeing.Id, seeing.Stages[0].Id)] }, null, material), p => p is { Blocking: true, Field: DesignField.Conditions }
            && p.Sentence == "'a network of pictures, conv1' is of a model that takes pictures, and the study is one of sounds: take it out.");

        (DesignField, string) Refused(StudyDesign design)
        {
            var only = Assert.Single(DesignValidator.Validate(design, null, material), p => p.Blocking);
            return (only.Field, only.Sentence);
        }
    }

    [Fact]
    public void Rates_that_differ_and_a_mixture_of_media_are_named()
    {
        Assert.Contains(DesignValidator.Validate(Draft(), null, Material(ofMetamers: TwoSeconds with { RateHz = 16_000, Samples = 32_000 })), p => p.Blocking && p.Sentence.StartsWith("The sounds have different sampling rates (16,000 Hz, 20,000 Hz)", StringComparison.Ordinal));
        var first = Draft().NaturalStimuli[0];
        Assert.Contains(DesignValidator.Validate(Draft(), null, Material(n => n.Id == first ? n with { Sound = null } : n)), p => p.Blocking && p.Sentence.StartsWith("Some stimuli are pictures and some are sounds", StringComparison.Ordinal));
    }
}

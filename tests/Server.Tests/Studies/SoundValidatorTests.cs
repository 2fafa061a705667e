using PerceptionStudy.Server.Stimuli;
using PerceptionStudy.Server.Studies;
using PerceptionStudy.Server.Tests.Participation;
using PerceptionStudy.Shared.Sessions;

namespace PerceptionStudy.Server.Tests.Studies;

/// <summary>Designs of sounds: the template, the published protocol, and each mistake by its sentence.</summary>
public sealed class SoundValidatorTests
{
    private static readonly MaterialSound TwoSeconds = new(20_000, 40_000);
    private static readonly Guid ClearSet = Guid.CreateVersion7();
    private static readonly StudyWorld World = StudyWorld.Create(TestStudy.SixteenCategories, perCategory: 3);
    private static readonly MaterialNatural[] Clear = [.. World.Categories.Select(c => new MaterialNatural(Guid.CreateVersion7(), $"clear-{c}", c, ClearSet, TwoSeconds))];

    /// <summary>The same world as sounds, with a set of clear words.</summary>
    private static StudyMaterial Material(Func<MaterialNatural, MaterialNatural>? natural = null, MaterialSound? ofMetamers = null)
    {
        var pictures = World.Material();
        return new StudyMaterial([.. pictures.Naturals.Values.Select(n => n with { Sound = TwoSeconds }).Select(natural ?? (n => n)), .. Clear],
            [.. pictures.Metamers.Select(m => m with { Sound = ofMetamers ?? TwoSeconds })], pictures.Models);
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
    public void Rates_that_differ_and_a_mixture_of_media_are_named()
    {
        Assert.Contains(DesignValidator.Validate(Draft(), null, Material(ofMetamers: new(16_000, 32_000))), p => p.Blocking && p.Sentence.StartsWith("The sounds have different sampling rates (16,000 Hz, 20,000 Hz)", StringComparison.Ordinal));
        var first = Draft().NaturalStimuli[0];
        Assert.Contains(DesignValidator.Validate(Draft(), null, Material(n => n.Id == first ? n with { Sound = null } : n)), p => p.Blocking && p.Sentence.StartsWith("Some stimuli are pictures and some are sounds", StringComparison.Ordinal));
    }
}

using PerceptionStudy.Server.Participation;
using PerceptionStudy.Server.Studies;
using PerceptionStudy.Shared.Sessions;
using PerceptionStudy.Shared.Texts;
using PerceptionStudy.Shared.Trials;

namespace PerceptionStudy.Server.Tests.Participation;

public sealed class ResponseRulesTests
{
    private static readonly StudyDesign Design = new()
    {
        Title = "", Consent = "", Instructions = "", Thanks = "", Categories = ["cat", "dog"], Conditions = [], NaturalStimuli = [], PracticeStimuli = [],
    };

    private static StudyDesign With(ResponseSettings response) => Design with { Response = response };

    private static readonly TrialResponse Cat = Answers.Of(Guid.Empty, "cat");
    private static readonly TrialResponse DontKnow = Cat with { Kind = ResponseKind.DontKnow, Choice = null };
    private static readonly TrialResponse TimedOut = Cat with { Kind = ResponseKind.TimedOut, Choice = null, ReactionTimeMs = null };

    public static TheoryData<string, StudyDesign, TrialResponse> Taken => new()
    {
        { "a category", Design, Cat },
        { "don't know, where it is allowed", With(new() { DontKnow = true }), DontKnow },
        { "time ran out, where there is a limit", With(new() { TimeLimitMs = 1000 }), TimedOut },
        { "a rating on the scale", With(new() { ConfidenceLevels = 4 }), Cat with { Confidence = 4, ConfidenceTimeMs = 300 } },
        { "an interruption, where it is not shown again", Design with { Resume = new() { RepeatInterrupted = false } }, TrialResponse.OfInterrupted(Guid.Empty) },
        { "a word besides the categories", With(new() { Format = AnswerFormat.Word, ExtraWords = ["unicorn"] }), Cat with { Choice = "unicorn" } },
    };

    [Theory, MemberData(nameof(Taken))]
    public void Is_taken(string what, StudyDesign design, TrialResponse answer) => Assert.True(ResponseRules.WhyNot(design, null, answer) is null, what);

    public static TheoryData<string, StudyDesign, TrialResponse> Refused => new()
    {
        { "'unicorn' is not one of the choices of this study", Design, Cat with { Choice = "unicorn" } },
        { "The answer names no choice", Design, Cat with { Choice = null } },
        { "This study does not take \"I don't know\"", Design, DontKnow },
        { "This study has no time limit", Design, TimedOut },
        { "This study shows an interrupted picture again", Design, TrialResponse.OfInterrupted(Guid.Empty) },
        { "An answer without a choice names one", With(new() { DontKnow = true }), DontKnow with { Choice = "cat" } },
        { "The answer has no reaction time", Design, Cat with { ReactionTimeMs = null } },
        { "The reaction time is not possible", Design, Cat with { ReactionTimeMs = -1 } },
        { "The confidence is not on this study's scale", Design, Cat with { Confidence = 1 } },
        { "The confidence is not on this study's scale", With(new() { ConfidenceLevels = 4 }), Cat with { Confidence = 5 } },
    };

    [Theory, MemberData(nameof(Refused))]
    public void Is_refused(string why, StudyDesign design, TrialResponse answer) =>
        Assert.Equal(why + ", so the answer was not stored.", ResponseRules.WhyNot(design, null, answer)?.Invoke(ParticipantTexts.In("en", null)));

    [Fact]
    public void What_was_not_offered_in_a_trial_is_refused_in_the_participants_language()
    {
        Assert.Null(ResponseRules.WhyNot(Design, ["cat", "dog"], Cat));
        Assert.Equal("„cat“ steht hier nicht zur Wahl. Deshalb wurde die Antwort nicht gespeichert.", ResponseRules.WhyNot(Design, ["dog", "bird"], Cat)?.Invoke(ParticipantTexts.In("de", null)));
    }
}

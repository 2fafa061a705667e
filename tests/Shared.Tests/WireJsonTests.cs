using System.Text.Json;
using PerceptionStudy.Shared.Sessions;
using PerceptionStudy.Shared.Trials;

namespace PerceptionStudy.Shared.Tests;

/// <summary>The words on the wire, letter by letter: a browser with yesterday's page must still be understood.</summary>
public sealed class WireJsonTests
{
    private static readonly Guid Session = new("11111111-1111-1111-1111-111111111111"), Trial = new("22222222-2222-2222-2222-222222222222");

    [Fact]
    public void A_plan()
    {
        var plan = new SessionPlan
        {
            SessionId = Session, Title = "T", Instructions = "I", Choices = ["cat", "dog"], Answered = [],
            Durations = new PhaseDurations { BlankMs = 500, FixationMs = 300, StimulusMs = 300, MaskMs = 300 },
            Display = new DisplayPlan { PictureCssPx = 224 }, Answers = new AnswerPlan { DontKnow = true, ConfidenceLevels = 4 }, HasGate = true,
            Trials = [new TrialPresentation { TrialId = Trial, IsPractice = true, WithFeedback = true, StimulusAddress = "x/1", MaskSeed = 7 }],
        };
        Assert.Equal(
            """{"sessionId":"11111111-1111-1111-1111-111111111111","progress":"Active","title":"T","instructions":"I","choices":["cat","dog"],"durations":{"blankMs":500,"fixationMs":300,"stimulusMs":300,"maskMs":300},"display":{"pictureCssPx":224,"pictureDegrees":null,"maySkipCalibration":false,"squarePixels":false,"mask":"PixelNoise","allowTouch":true},"sound":null,"answers":{"format":"Grid","icons":true,"keys":null,"dontKnow":true,"timeLimitMs":null,"confidenceLevels":4},"hasGate":true,"breakEveryTrials":null,"questionnaire":null,"language":null,"showInstructionsAgain":false,"showInterruptedAgain":true,"withdrawalDeletes":false,"picturesAhead":null,"trials":[{"trialId":"22222222-2222-2222-2222-222222222222","isPractice":true,"withFeedback":true,"stimulusAddress":"x/1","maskSeed":7,"choices":null}],"answered":[]}""",
            JsonSerializer.Serialize(plan, WireJson.Default.SessionPlan));
    }

    [Fact]
    public void A_receipt_comes_back_as_it_went()
    {
        var receipt = new ResponseReceipt { TrialId = Trial, Choice = "cat", ReceivedAt = new DateTimeOffset(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero) };
        var json = JsonSerializer.Serialize(receipt, WireJson.Default.ResponseReceipt);
        Assert.Equal("""{"trialId":"22222222-2222-2222-2222-222222222222","choice":"cat","receivedAt":"2026-01-02T03:04:05.678+00:00","correctChoice":null}""", json);
        Assert.Equal(receipt, JsonSerializer.Deserialize(json, WireJson.Default.ResponseReceipt));
    }

    [Theory]
    [InlineData("""{"choice":"cat","timing":null}""")]
    [InlineData("""{"trialId":"22222222-2222-2222-2222-222222222222","kind":"Guess","choice":"cat","reactionTimeMs":1}""")]
    [InlineData("""{"trialId":"22222222-2222-2222-2222-222222222222","choice":"cat","reactionTimeMs":1}""")]
    public void An_answer_that_lacks_something_is_not_read(string json) =>
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize(json, WireJson.Default.TrialResponse));
}

using System.Text.Json;
using System.Text.Json.Serialization;
using PerceptionStudy.Shared.Sessions;
using PerceptionStudy.Shared.Texts;
using PerceptionStudy.Shared.Trials;

namespace PerceptionStudy.Client.Trials;

/// <summary>A plan as <c>present/image.js</c> and <c>present/sound.js</c> take it: <c>create(host, options)</c> says what each is.</summary>
internal sealed record PresenterOptions(
    int BlankMs, int FixationMs, int StimulusMs, int MaskMs, int? TimeLimitMs, PresenterDisplay Display, int? SoundRateHz, PresenterAnswers Answers, PresenterRating? Rating)
{
    private const string IconFolder = "/icons";

    public static PresenterOptions Of(SessionPlan plan, VisualAngle? angle, ParticipantTexts texts)
    {
        var (display, answers) = (plan.Display, plan.Answers);
        var side = display.PictureDegrees is { } degrees && angle is not null ? angle.CssPx(degrees) : display.PictureCssPx;
        var levels = Enumerable.Range(1, answers.ConfidenceLevels ?? 0).ToArray();
        return new PresenterOptions(
            plan.Durations.BlankMs, plan.Durations.FixationMs, plan.Durations.StimulusMs, plan.Durations.MaskMs, answers.TimeLimitMs,
            new PresenterDisplay(side, display.SquarePixels, display.Mask, angle?.CssPxPerDegree, angle?.ViewingDistanceMm), plan.Sound?.RateHz,
            new PresenterAnswers(answers.Format, plan.Trials.FirstOrDefault()?.Choices ?? plan.Choices, answers.Icons ? IconFolder : null,
                [.. plan.Trials.SelectMany(trial => trial.Choices ?? []).Distinct()], answers.Keys, answers.DontKnow ? texts.DontKnow : null,
                answers.Format == AnswerFormat.Word ? texts.TypeWord : texts.ChooseAnswer, texts.Next),
            levels.Length == 0 ? null : new PresenterRating(
                [.. levels.Select(level => level.ToString())],
                [.. levels.Select(level => level == 1 ? $"{level} {texts.Guessed}" : level == levels.Length ? $"{level} {texts.Certain}" : $"{level}")], texts.HowSure));
    }
}

internal sealed record PresenterDisplay(double PictureCssPx, bool SquarePixels, MaskKind Mask, double? CssPxPerDegree, double? ViewingDistanceMm);

internal sealed record PresenterAnswers(AnswerFormat Format, string[] Choices, string? Icons, string[] LaterChoices, string[]? Keys, string? DontKnow, string Name, string Next);

internal sealed record PresenterRating(string[] Choices, string[] Labels, string Name);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UseStringEnumConverter = true)]
[JsonSerializable(typeof(PresentedAnswer))]
[JsonSerializable(typeof(PresenterOptions))]
[JsonSerializable(typeof(HeadphoneCheckPlan))]
[JsonSerializable(typeof(Tone[]))]
internal sealed partial class PresenterJson : JsonSerializerContext;

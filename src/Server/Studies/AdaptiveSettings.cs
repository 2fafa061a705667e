using System.Text.Json.Serialization;

namespace PerceptionStudy.Server.Studies;

/// <summary>How the level of the next trial is chosen from the answers so far.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<AdaptiveMethod>))]
public enum AdaptiveMethod
{
    /// <summary>Not at all: conditions are drawn before the session, each equally often.</summary>
    None,

    /// <summary>1-up-n-down: one level harder after n right answers in a row, one back after each wrong one (Levitt 1971).</summary>
    Staircase,

    /// <summary>The level whose answer is expected to tell most about the participant (Watson 2017).</summary>
    QuestPlus,
}

/// <summary>
/// The closed loop: for each participant the level at which recognition falls to a criterion. The levels are the design's conditions of one model, from input to
/// output; or those of one stage of it, from the finished metamer to what was cut off at the highest loss. They are numbered from 1, and all main trials that are
/// drawn for them are the loop's.
/// </summary>
public sealed record AdaptiveSettings
{
    public AdaptiveMethod Method { get; init; }

    /// <summary>The generating model whose stages, or the loss levels of one of them, are the levels.</summary>
    public Guid? ModelId { get; init; }

    /// <summary>The stage whose loss levels are the levels; null where the model's stages are.</summary>
    public Guid? LossStageId { get; init; }

    /// <summary>Right answers in a row after which a staircase goes one level up, 1 to 4: with 2, the default, it settles where 71 % are right.</summary>
    public int RightInARow { get; init; } = 2;

    /// <summary>The proportion correct whose level QUEST+ estimates; above chance, at most 0.8.</summary>
    public double Criterion { get; init; } = 0.5;

    [JsonIgnore]
    public bool Any => Method != AdaptiveMethod.None;

    /// <summary>Whether a condition is a level, and so its trials the loop's.</summary>
    public bool Chooses(StudyCondition condition) =>
        Any && !condition.IsNatural && condition.ModelId == ModelId && (LossStageId is null ? condition.LossLevel == 0 : condition.StageId == LossStageId);

    /// <summary>The proportion correct that the estimated level belongs to: a staircase settles where n right in a row are as likely as not.</summary>
    [JsonIgnore]
    public double CriterionOfMethod => Method == AdaptiveMethod.Staircase ? Math.Pow(0.5, 1.0 / RightInARow) : Criterion;
}

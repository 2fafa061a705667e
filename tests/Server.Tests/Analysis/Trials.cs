using PerceptionStudy.Server.Analysis;

namespace PerceptionStudy.Server.Tests.Analysis;

/// <summary>Trial records in a line, for tests of what is made from them.</summary>
public static class Trials
{
    /// <summary>A main trial of a person, or of a model where <paramref name="model"/> is named; natural unless a stage is.</summary>
    public static TrialRecord Of(int session, bool correct, int stage = 0, string? model = null, string generating = "net", int version = 1) => new()
    {
        Study = "A study",
        StudyVersion = version,
        Observer = model is null ? ObserverKind.Human : ObserverKind.Model,
        ObserverId = model ?? $"P{session}",
        SessionObserver = ObserverKind.Human,
        Session = session,
        SessionCompleted = true,
        Position = 0,
        IsPractice = false,
        Condition = stage == 0 ? ConditionKind.Natural : ConditionKind.Metamer,
        GeneratingModel = stage == 0 ? null : generating,
        Stage = stage == 0 ? null : $"stage{stage}",
        StageIndex = stage,
        NaturalStimulus = "cat-1",
        Category = "cat",
        Choices = 4,
        Response = correct ? "cat" : "dog",
        Correct = correct,
        SessionStartedAt = new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero),
    };
}

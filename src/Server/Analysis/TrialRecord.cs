using System.Globalization;
using System.Text.Json;
using PerceptionStudy.Server.Participation;
using PerceptionStudy.Server.Stimuli;
using PerceptionStudy.Server.Studies;
using PerceptionStudy.Shared;
using PerceptionStudy.Shared.Trials;

namespace PerceptionStudy.Server.Analysis;

/// <summary>Who answered: a person, a simulated observer, a researcher who tried a draft, or a model on the stimuli that one of them saw.</summary>
public enum ObserverKind { Human, Synthetic, Preview, Model }

/// <summary>Whose session it is, as a kind of observer, and how such observers are called.</summary>
public static class ObserverKinds
{
    public static ObserverKind Of(ObserverType session) => session switch
    {
        ObserverType.Human => ObserverKind.Human,
        ObserverType.Synthetic => ObserverKind.Synthetic,
        _ => ObserverKind.Preview,
    };

    /// <summary>P1, P2, … for people, S1, … for synthetic observers, T1, … for tries of a draft: by the session's number within its version.</summary>
    public static string NameOf(ObserverKind session, int number) =>
        string.Create(CultureInfo.InvariantCulture, $"{session switch { ObserverKind.Human => 'P', ObserverKind.Synthetic => 'S', _ => 'T' }}{number}");
}

/// <summary>What was drawn for a trial.</summary>
public enum ConditionKind { Natural, Metamer, Catch }

/// <summary>
/// One answered trial: one flat row, the same for every kind of observer. Every statistic reads it and the export prints it;
/// <see cref="TrialColumns"/> says what each column is called and means.
/// </summary>
public sealed record TrialRecord
{
    public required string Study { get; init; }
    public required int StudyVersion { get; init; }

    /// <summary>Whether the study shows pictures or plays sounds.</summary>
    public StimulusMedium Medium { get; init; }

    public required ObserverKind Observer { get; init; }
    public required string ObserverId { get; init; }

    /// <summary>Whose session it is: for a model's row, the kind of the observer whose stimuli it answered. Never <see cref="ObserverKind.Model"/>.</summary>
    public required ObserverKind SessionObserver { get; init; }

    public required int Session { get; init; }
    public required bool SessionCompleted { get; init; }
    /// <summary>Null unless a rule of the design leaves the session out.</summary>
    public ExclusionReason? ExcludedBecause { get; init; }

    public required int Position { get; init; }
    public required bool IsPractice { get; init; }
    public required ConditionKind Condition { get; init; }

    /// <summary>Null unless a metamer was drawn.</summary>
    public string? GeneratingModel { get; init; }

    /// <summary>Null unless a metamer was drawn; with the loss level where it was cut off.</summary>
    public string? Stage { get; init; }

    /// <summary>0 for natural; 1, 2, … for the study's stages of the generating model from input to output, loss levels of a stage after it; null for a catch trial.</summary>
    public int? StageIndex { get; init; }

    /// <summary>Fraction of the loss at the start at which the synthesis of what was drawn is cut off; 0 of finished metamers, and unless a metamer was drawn.</summary>
    public double LossLevel { get; init; }

    /// <summary>The drawn condition had no accepted metamer, so that the natural stimulus was shown.</summary>
    public bool Swapped { get; init; }

    /// <summary>What is shown was made while the study ran.</summary>
    public bool MadeOnDemand { get; init; }

    /// <summary>What was shown instead of a metamer made on demand; null where nothing was.</summary>
    public OnDemandFallback? Fallback { get; init; }

    /// <summary>How long the browser was kept waiting until it was settled what is shown; null where that was settled before the session.</summary>
    public double? WaitedMs { get; init; }

    /// <summary>Shows a picture once more whose first trial had bad timing.</summary>
    public bool IsRepeat { get; init; }

    /// <summary>Had bad timing, and its picture was shown and answered once more: that answer counts instead of this one.</summary>
    public bool Repeated { get; init; }

    public string? NaturalStimulus { get; init; }
    public string? Stimulus { get; init; }
    public string? StimulusSha256 { get; init; }

    /// <summary>Level (RMS) of the sound as it was played, over its own length; for a model, which hears the file, that of the file. Null of a picture.</summary>
    public double? SoundRmsLevel { get; init; }

    public required string Category { get; init; }

    /// <summary>Number of categories to choose from.</summary>
    public required int Choices { get; init; }

    /// <summary>These categories in the order of the response screen, where they were drawn for the trial; otherwise null.</summary>
    public IReadOnlyList<string>? DrawnChoices { get; init; }

    /// <summary>How the trial ended; a model always chooses.</summary>
    public ResponseKind Kind { get; init; }

    public string? Response { get; init; }
    public required bool Correct { get; init; }
    public double? ReactionTimeMs { get; init; }

    /// <summary>Confidence from 1 up; null where it was not asked, and for a model.</summary>
    public int? Confidence { get; init; }

    public double? ConfidenceTimeMs { get; init; }

    /// <summary>What the presenter measured, as it is stored; null for a model.</summary>
    public string? TimingJson { get; init; }

    /// <summary>What the presenter measured; null for a model. Read when it is first asked for: most uses of a trial need no timing.</summary>
    public TrialTiming? Timing
    {
        get => field ??= TimingJson is null ? null : JsonSerializer.Deserialize(TimingJson, WireJson.Default.TrialTiming);
        init;
    }

    public required DateTimeOffset SessionStartedAt { get; init; }

    /// <summary>Null for a model.</summary>
    public DateTimeOffset? ReceivedAt { get; init; }

    /// <summary>Whether the trial enters proportions: a main trial, no catch trial, what was drawn was shown to the end, it was not repeated, and no rule leaves the session out.</summary>
    public bool Counts => ExcludedBecause is null && !IsPractice && Condition != ConditionKind.Catch && !Swapped && !Repeated && Kind != ResponseKind.Interrupted;
}

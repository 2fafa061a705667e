using PerceptionStudy.Server.Analysis.Statistics;
using PerceptionStudy.Server.Stimuli;

namespace PerceptionStudy.Server.Analysis.Results;

/// <summary>What results are computed from: counts for the figures at first sight, and the trials themselves for the rest.</summary>
public sealed record ResultsSource
{
    /// <summary>Counted trials of people and models by session and condition.</summary>
    public required IReadOnlyList<ConditionCount> Counts { get; init; }

    public required int Participants { get; init; }

    /// <summary>Sessions that an exclusion rule leaves out; they are not among the participants.</summary>
    public required int Excluded { get; init; }

    public required int Swapped { get; init; }
    public required int CatchTrials { get; init; }
    public required int CatchCorrect { get; init; }

    public StimulusMedium Medium { get; init; }

    /// <summary>Number of categories to choose from; null without trials.</summary>
    public required int? Choices { get; init; }

    /// <summary>The trials one by one, without their timing; can be read again and again.</summary>
    public required IEnumerable<TrialRecord> Trials { get; init; }

    /// <summary>Of trials that are at hand, for example read from a file.</summary>
    public static ResultsSource Of(IReadOnlyCollection<TrialRecord> trials)
    {
        var own = trials.Where(t => t.Observer != ObserverKind.Model && !t.IsPractice && t.ExcludedBecause is null).ToList();
        return new ResultsSource
        {
            Counts = [.. trials.Where(t => t.Counts).GroupBy(Cell).Select(cell => cell.Key with { Trials = cell.Count(), Correct = cell.Count(t => t.Correct) })],
            Participants = own.Select(t => (t.StudyVersion, t.Session)).Distinct().Count(),
            Excluded = trials.Where(t => t.ExcludedBecause is not null).Select(t => (t.StudyVersion, t.Session)).Distinct().Count(),
            Swapped = own.Count(t => t.Swapped),
            CatchTrials = own.Count(t => t.Condition == ConditionKind.Catch),
            CatchCorrect = own.Count(t => t.Condition == ConditionKind.Catch && t.Correct),
            Medium = own.Count > 0 ? own[^1].Medium : default,
            Choices = own.Count > 0 ? own[^1].Choices : null,
            Trials = trials,
        };
    }

    private static ConditionCount Cell(TrialRecord t)
    {
        var natural = t.Condition == ConditionKind.Natural;
        return new ConditionCount(t.Observer, t.Observer == ObserverKind.Model ? t.ObserverId : "",
            natural ? null : t.GeneratingModel, natural ? 0 : t.StageIndex!.Value, natural ? "natural" : t.Stage!, t.StudyVersion, t.Session, 0, 0);
    }
}

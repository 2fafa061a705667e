using PerceptionStudy.Server.Analysis.Statistics;

namespace PerceptionStudy.Server.Analysis;

/// <summary>What the results page shows: the panels, and how many trials of which kind lie behind them.</summary>
public sealed record StudySummary
{
    public required IReadOnlyList<CurvePanel> Panels { get; init; }
    public required int Participants { get; init; }

    /// <summary>Main trials of participants that enter the proportions.</summary>
    public required int Trials { get; init; }

    public required int Swapped { get; init; }
    public required int CatchTrials { get; init; }
    public required int CatchCorrect { get; init; }

    /// <summary>Proportion correct of guessing; null without trials.</summary>
    public required double? Chance { get; init; }

    /// <summary>Reads the trials once.</summary>
    public static async Task<StudySummary> OfAsync(IAsyncEnumerable<TrialRecord> trials, CancellationToken cancel = default)
    {
        var curve = new RecognitionCurve();
        var participants = new HashSet<(int, int)>();
        int counted = 0, swapped = 0, catchTrials = 0, catchCorrect = 0, choices = 0;
        await foreach (var trial in trials.WithCancellation(cancel))
        {
            curve.Add(trial);
            if (trial.Observer == ObserverKind.Model || trial.IsPractice) continue;
            participants.Add((trial.StudyVersion, trial.Session));
            choices = trial.Choices;
            if (trial.Counts) counted++;
            if (trial.Swapped) swapped++;
            if (trial.Condition != ConditionKind.Catch) continue;
            catchTrials++;
            if (trial.Correct) catchCorrect++;
        }
        return new StudySummary
        {
            Panels = curve.Panels(),
            Participants = participants.Count,
            Trials = counted,
            Swapped = swapped,
            CatchTrials = catchTrials,
            CatchCorrect = catchCorrect,
            Chance = choices > 0 ? 1.0 / choices : null,
        };
    }
}

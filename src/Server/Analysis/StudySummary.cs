using PerceptionStudy.Server.Analysis.Statistics;

namespace PerceptionStudy.Server.Analysis;

/// <summary>What the results page shows first: the panels, and how many trials of which kind lie behind them.</summary>
public sealed record StudySummary
{
    public required RecognitionCurve Curve { get; init; }
    public required IReadOnlyList<CurvePanel> Panels { get; init; }
    public required int Participants { get; init; }

    /// <summary>Main trials of participants that enter the proportions.</summary>
    public required int Trials { get; init; }

    public required int Swapped { get; init; }
    public required int CatchTrials { get; init; }
    public required int CatchCorrect { get; init; }

    /// <summary>Proportion correct of guessing; null without trials.</summary>
    public required double? Chance { get; init; }

    /// <param name="resamples">Of the bootstrap behind the intervals; 0 for none.</param>
    public static StudySummary Of(ResultsSource source, int resamples = ParticipantBootstrap.Resamples)
    {
        var curve = new RecognitionCurve();
        foreach (var count in source.Counts) curve.Add(count);
        return new StudySummary
        {
            Curve = curve,
            Panels = curve.Panels(resamples),
            Participants = source.Participants,
            Trials = source.Counts.Where(c => c.Observer != ObserverKind.Model).Sum(c => c.Trials),
            Swapped = source.Swapped,
            CatchTrials = source.CatchTrials,
            CatchCorrect = source.CatchCorrect,
            Chance = source.Choices is { } choices ? 1.0 / choices : null,
        };
    }
}

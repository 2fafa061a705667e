using PerceptionStudy.Server.Analysis.Statistics;

namespace PerceptionStudy.Server.Analysis.Results;

/// <summary>What the results page shows first: the panels, and how many trials of which kind lie behind them.</summary>
public sealed record StudySummary
{
    /// <summary>Null where only proportions are known.</summary>
    public required RecognitionCurve? Curve { get; init; }
    public required IReadOnlyList<CurvePanel> Panels { get; init; }
    public required int Participants { get; init; }

    /// <summary>Main trials of participants that enter the proportions.</summary>
    public required int Trials { get; init; }

    /// <summary>Sessions that an exclusion rule leaves out.</summary>
    public required int Excluded { get; init; }

    public required int Swapped { get; init; }
    public required int CatchTrials { get; init; }
    public required int CatchCorrect { get; init; }

    /// <summary>Proportion correct of guessing; null without trials.</summary>
    public required double? Chance { get; init; }

    /// <summary>Unit values of people and generating models, as tests need them.</summary>
    public required IReadOnlyList<StageAccuracy> StageAccuracies { get; init; }

    /// <summary>The tests of every panel; takes a moment.</summary>
    public IReadOnlyList<PanelTests> Tests() => [.. Panels.Select(p => PanelTests.Of(p, StageAccuracies))];

    /// <summary>The test between the generating models; null with one model. Takes a moment.</summary>
    public ModelComparison? Comparison() => ModelComparison.Of(Panels, StageAccuracies);

    /// <summary>The same with 95 % intervals; takes a moment where participants are many.</summary>
    public StudySummary WithIntervals() => this with { Panels = Curve is null ? PanelsOf(StageAccuracies, ParticipantBootstrap.Resamples) : Curve.Panels() };

    /// <summary>Without intervals, so that it is there at once.</summary>
    public static StudySummary Of(ResultsSource source, string study)
    {
        var curve = new RecognitionCurve();
        foreach (var count in source.Counts) curve.Add(count);
        return new StudySummary
        {
            Curve = curve,
            Panels = curve.Panels(resamples: 0),
            StageAccuracies = curve.StageAccuracies(study, source.Medium),
            Participants = source.Participants,
            Trials = source.Counts.Where(c => c.Observer != ObserverKind.Model).Sum(c => c.Trials),
            Excluded = source.Excluded,
            Swapped = source.Swapped,
            CatchTrials = source.CatchTrials,
            CatchCorrect = source.CatchCorrect,
            Chance = source.Choices is { } choices ? 1.0 / choices : null,
        };
    }

    /// <summary>Of proportions whose trials are not known, as the public matrices hold them; without intervals.</summary>
    public static StudySummary Of(IReadOnlyList<StageAccuracy> table) => new()
    {
        Curve = null, Panels = PanelsOf(table, resamples: 0), StageAccuracies = table,
        Participants = table.Select(r => (r.Modality, r.Experiment, r.Participant)).Distinct().Count(),
        Trials = 0, Excluded = 0, Swapped = 0, CatchTrials = 0, CatchCorrect = 0, Chance = null,
    };

    private static IReadOnlyList<CurvePanel> PanelsOf(IReadOnlyList<StageAccuracy> table, int resamples)
    {
        bool modalities = table.Select(r => r.Modality).Distinct().Skip(1).Any(), experiments = table.Select(r => r.Experiment).Distinct().Skip(1).Any();
        return
        [
            .. from model in StageAccuracyTable.Curves(table, resamples).GroupBy(c => (c.Modality, c.Experiment, c.Model))
               let people = new CurveLine(ObserverKind.Human, "", false,
                   [.. model.Where(c => c.Human is not null).Select(c => new CurvePoint(c.StageIndex, c.Stage, 0, c.Human!.Value, c.HumanInterval))])
               let network = new CurveLine(ObserverKind.Model, model.Key.Model, true,
                   [.. model.Where(c => c.Network is not null).Select(c => new CurvePoint(c.StageIndex, c.Stage, 0, c.Network!.Value, c.NetworkInterval))])
               select new CurvePanel(model.Key.Model, [.. model.Select(c => c.Stage)], [.. new[] { people, network }.Where(l => l.Points.Count > 0)])
               {
                   Modality = modalities ? model.Key.Modality : null, Experiment = experiments ? $"experiment {model.Key.Experiment}" : null,
               }
        ];
    }
}

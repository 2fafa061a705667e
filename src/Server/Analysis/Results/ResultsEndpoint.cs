using PerceptionStudy.Server.Accounts;
using PerceptionStudy.Server.Accounts.Api;

namespace PerceptionStudy.Server.Analysis.Results;

/// <summary>Proportions correct, as the results page shows them.</summary>
/// <param name="Chance">Proportion correct of guessing; null without trials.</param>
/// <param name="Excluded">Sessions that an exclusion rule leaves out.</param>
public sealed record ResultsInfo(string Study, int Participants, int Trials, int Excluded, int SwappedTrials, int CatchTrials, int CatchCorrect, double? Chance, PanelInfo[] Panels);

/// <summary>The metamers of one generating model.</summary>
public sealed record PanelInfo(string GeneratingModel, LineInfo[] Lines);

/// <summary>One kind of observer: people, synthetic observers, or a model by its name.</summary>
public sealed record LineInfo(ObserverKind Observer, string? Model, bool Generating, PointInfo[] Points);

/// <summary>Mean proportion correct over participants at a stage, its standard error, and the 95 % bootstrap interval.</summary>
public sealed record PointInfo(string Stage, int StageIndex, int Participants, int Trials, double Mean, double? Sem, double? Low, double? High);

/// <summary>Results over the HTTP API.</summary>
public static class ResultsEndpoint
{
    public static void MapResultsApi(this RouteGroupBuilder api) =>
        api.MapGet("/studies/{studyId:guid}/results", async (
                Guid studyId, ResultsLoader loader, bool synthetic = false, bool incomplete = false, int? version = null, string? timing = null, string? exclusions = null, string? recruiter = null, CancellationToken cancel = default) =>
            {
                var loaded = await loader.LoadAsync(studyId, TrialFilter.Of(synthetic, preview: false, version, incomplete, timing, exclusions, recruiter), cancel);
                var summary = loaded.Summary.WithIntervals();
                return new ResultsInfo(loaded.Study.Name, summary.Participants, summary.Trials, summary.Excluded, summary.Swapped, summary.CatchTrials, summary.CatchCorrect, summary.Chance,
                    [.. summary.Panels.Select(p => new PanelInfo(p.GeneratingModel, [.. p.Lines.Select(LineOf)]))]);
            })
            .Needs(TokenScopes.Analyse).WithTags("Results").WithSummary("Proportion correct per stage, of people and of models")
            .WithDescription("The filters are those of the results page. Seeing results of an open study counts as a look, as on the page.");

    private static LineInfo LineOf(Statistics.CurveLine line) => new(line.Observer, line.Name.Length > 0 ? line.Name : null, line.Generating,
        [.. line.Points.Select(p => new PointInfo(p.Stage, p.StageIndex, p.Value.N, p.Trials, p.Value.Mean, Number(p.Value.Sem), p.Interval?.Lower, p.Interval?.Upper))]);

    // JSON knows no "not a number".
    private static double? Number(double value) => double.IsNaN(value) ? null : value;
}

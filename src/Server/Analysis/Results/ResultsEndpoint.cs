using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Accounts;
using PerceptionStudy.Server.Accounts.Api;
using PerceptionStudy.Server.Analysis.Simulation;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Studies;

namespace PerceptionStudy.Server.Analysis.Results;

/// <summary>Proportions correct, as the results page shows them.</summary>
/// <param name="Chance">Proportion correct of guessing; null without trials.</param>
/// <param name="Excluded">Sessions that an exclusion rule leaves out.</param>
public sealed record ResultsInfo(string Study, int Participants, int Trials, int Excluded, int SwappedTrials, int CatchTrials, int CatchCorrect, double? Chance, PanelInfo[] Panels)
{
    /// <summary>With intervals; takes a moment where participants are many.</summary>
    public static ResultsInfo Of(string study, StudySummary summary) =>
        new(study, summary.Participants, summary.Trials, summary.Excluded, summary.Swapped, summary.CatchTrials, summary.CatchCorrect, summary.Chance,
            [.. summary.WithIntervals().Panels.Select(p => new PanelInfo(p.GeneratingModel, [.. p.Lines.Select(LineInfo.Of)]))]);
}

/// <summary>The metamers of one generating model.</summary>
public sealed record PanelInfo(string GeneratingModel, LineInfo[] Lines);

/// <summary>One kind of observer: people, synthetic observers, or a model by its name.</summary>
public sealed record LineInfo(ObserverKind Observer, string? Model, bool Generating, PointInfo[] Points)
{
    public static LineInfo Of(Statistics.CurveLine line) => new(line.Observer, line.Name.Length > 0 ? line.Name : null, line.Generating,
        [.. line.Points.Select(p => new PointInfo(p.Stage, p.StageIndex, p.Value.N, p.Trials, p.Value.Mean, Number(p.Value.Sem), p.Interval?.Lower, p.Interval?.Upper))]);

    // JSON knows no "not a number".
    private static double? Number(double value) => double.IsNaN(value) ? null : value;
}

/// <summary>Mean proportion correct over participants at a stage, its standard error, and the 95 % bootstrap interval.</summary>
public sealed record PointInfo(string Stage, int StageIndex, int Participants, int Trials, double Mean, double? Sem, double? Low, double? High);

/// <summary>Which results an address asks for, in the words of the results page's own.</summary>
public readonly record struct ResultsQuery(bool Synthetic = false, bool Incomplete = false, int? Version = null, string? Timing = null, string? Exclusions = null, string? Recruiter = null)
{
    internal const string Words = "The filters are those of the results page. Seeing results of an open study counts as a look, as on the page.";

    internal TrialFilter Filter => TrialFilter.Of(Synthetic, preview: false, Version, Incomplete, Timing, Exclusions, Recruiter);
}

/// <summary>Results over the HTTP API.</summary>
public static class ResultsEndpoint
{
    public static void MapResultsApi(this RouteGroupBuilder api)
    {
        var study = api.MapGroup("/studies/{studyId:guid}").WithTags("Results").Needs(TokenScopes.Analyse);
        study.MapGet("/results", async (Guid studyId, [AsParameters] ResultsQuery query, ResultsLoader loader, CancellationToken cancel) =>
        {
            var loaded = await loader.LoadAsync(studyId, query.Filter, cancel);
            return ResultsInfo.Of(loaded.Study.Name, loaded.Summary);
        }).WithSummary("Proportion correct per stage, of people and of models").WithDescription(ResultsQuery.Words);
        study.MapResultsTables();
        study.MapGet("/report.html", ReportEndpoint.OfStudyAsync).WithSummary("The results with their tests, as one HTML file").WithDescription(ResultsQuery.Words);
        study.MapPost("/model-answers", AskAsync).WithSummary("Ask the recognising models for answers that are missing").Produces(202);
    }

    private static async Task<IResult> AskAsync(Guid studyId, StudyDb db, StudyAnswers answers, bool draft = false, CancellationToken cancel = default)
    {
        await db.DemandAsync(studyId, StudyRight.SeeResults, cancel);
        var asked = draft ? StudySimulation.SimulatedDrafts(db, studyId) : db.StudyVersions.AsNoTracking().Where(v => v.StudyId == studyId).OrderByDescending(v => v.Number);
        var version = await asked.FirstOrDefaultAsync(cancel) ?? throw new RefusedException(draft ? "No draft of this study was simulated." : "The study is not published.");
        await answers.RequestAsync(version.Design, cancel);
        return Microsoft.AspNetCore.Http.Results.Accepted();
    }
}

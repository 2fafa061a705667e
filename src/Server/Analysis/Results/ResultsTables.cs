using PerceptionStudy.Server.Accounts.Api;
using PerceptionStudy.Server.Analysis.Statistics;
using PerceptionStudy.Server.Data;

namespace PerceptionStudy.Server.Analysis.Results;

/// <summary>The tables of the results page that take every trial, over the HTTP API: the CSV that the page's buttons save.</summary>
internal static class ResultsTables
{
    public static void MapResultsTables(this RouteGroupBuilder study)
    {
        Map(study, "confusions", "How often each observer answered what", results => ChartCsv.Confusions(ResultsDetails.Of(results.Source.Trials)));
        Map(study, "consistency", "Error consistency between observers", results => ChartCsv.Consistency(ResultsDetails.Of(results.Source.Trials)));
        Map(study, "reaction-times", "Densities of the reaction times, condition by condition", results => ChartCsv.ReactionTimes(ResultsDetails.Of(results.Source.Trials)));
        Map(study, "mixed-model", "The logistic mixed model of each generating model", results => ChartCsv.MixedModels(MixedModels(results)));
        foreach (var by in Enum.GetValues<BreakdownBy>())
        {
            var name = BreakdownName.Of(by);
            Map(study, $"recognition-by-{name.Replace(' ', '-')}", $"How often observers were right, {name} by {name}", results => ChartCsv.Breakdown(by, RecognitionBreakdown.Of(results.Source.Trials, by)));
        }
    }

    private static void Map(RouteGroupBuilder study, string name, string what, Func<LoadedResults, string> table) =>
        study.MapGet($"/results/{name}.csv", async (Guid studyId, [AsParameters] ResultsQuery query, ResultsLoader loader, CancellationToken cancel) =>
                Microsoft.AspNetCore.Http.Results.Text(table(await loader.LoadAsync(studyId, query.Filter, cancel)), "text/csv"))
            .WithSummary(what).WithDescription(ResultsQuery.Words).Produces<string>(200, "text/csv");

    private static List<RecognitionMixedModel> MixedModels(LoadedResults results)
    {
        var (models, problems) = (new List<RecognitionMixedModel>(), new List<string>());
        foreach (var panel in results.Summary.Panels)
        {
            try
            {
                models.Add(RecognitionMixedModel.Of(results.Source.Trials, panel.GeneratingModel));
            }
            catch (FormatException problem)
            {
                problems.Add($"{panel.GeneratingModel}: {problem.Message}");
            }
        }
        return models.Count > 0 ? models : throw new RefusedException(problems.Count > 0 ? string.Join(' ', problems) : "Nobody has finished yet.");
    }
}

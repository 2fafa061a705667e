using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Participation;

namespace PerceptionStudy.Server.Analysis.Results;

/// <summary>The results as one HTML file without references, for the record; the browser prints it as PDF.</summary>
public static class ReportEndpoint
{
    public static void MapAnalysis(this IEndpointRouteBuilder app) => app.MapGet("/admin/studies/{studyId:guid}/report.html", ReportAsync).RequireAuthorization();

    private static async Task<IResult> ReportAsync(
        Guid studyId, HttpContext http, ResultsLoader loader, IWebHostEnvironment environment, ILoggerFactory logs, TimeProvider time,
        bool synthetic = false, bool incomplete = false, int? version = null, string? timing = null, string? exclusions = null)
    {
        var filter = ResultsFilter.Of(synthetic ? "synthetic" : null, version, incomplete, timing, exclusions);
        LoadedResults results;
        try
        {
            results = await loader.LoadAsync(studyId, filter, http.RequestAborted);
        }
        catch (RefusedException refusal)
        {
            return Microsoft.AspNetCore.Http.Results.NotFound(refusal.Message);
        }
        var parameters = new Dictionary<string, object?>
        {
            [nameof(ResultsReport.Results)] = results,
            [nameof(ResultsReport.Filter)] = filter,
            [nameof(ResultsReport.Summary)] = results.Summary.WithIntervals(),
            [nameof(ResultsReport.Tests)] = results.Summary.Tests(),
            [nameof(ResultsReport.Comparison)] = results.Summary.Comparison(),
            [nameof(ResultsReport.Details)] = ResultsDetails.Of(results.Source.Trials),
            [nameof(ResultsReport.Css)] = ReportCss.Colours + await TextAsync(environment, "studies.css") + ReportCss.Page,
            [nameof(ResultsReport.At)] = time.GetUtcNow(),
        };
        await using var renderer = new HtmlRenderer(http.RequestServices, logs);
        var html = await renderer.Dispatcher.InvokeAsync(async () => (await renderer.RenderComponentAsync<ResultsReport>(ParameterView.FromDictionary(parameters))).ToHtmlString());
        return Microsoft.AspNetCore.Http.Results.Text(html, "text/html; charset=utf-8");
    }

    private static async Task<string> TextAsync(IWebHostEnvironment environment, string file)
    {
        using var reader = new StreamReader(environment.WebRootFileProvider.GetFileInfo(file).CreateReadStream());
        return await reader.ReadToEndAsync();
    }
}

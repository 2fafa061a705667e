using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using PerceptionStudy.Server.Analysis.Imports;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Participation;
using PerceptionStudy.Server.Studies;

namespace PerceptionStudy.Server.Analysis.Results;

/// <summary>The results of a study or of an import as one HTML file without references, for the record; the browser prints it as PDF.</summary>
public static class ReportEndpoint
{
    public static void MapAnalysis(this IEndpointRouteBuilder app)
    {
        var site = app.MapGroup("/admin").AddEndpointFilter(async (call, next) =>
        {
            try
            {
                return await next(call);
            }
            catch (RefusedException refusal)
            {
                return Microsoft.AspNetCore.Http.Results.NotFound(refusal.Message);
            }
        });
        site.MapGet("/studies/{studyId:guid}/report.html", OfStudyAsync).RequireAuthorization(NeedsAttribute.PolicyOf(StudyRight.SeeResults));
        site.MapGet("/imports/{importId:guid}/report.html", OfImportAsync).RequireAuthorization();
    }

    /// <exception cref="RefusedException">There is no such study, or its results are still hidden.</exception>
    internal static async Task<IResult> OfStudyAsync(Guid studyId, [AsParameters] ResultsQuery query, HttpContext http, ResultsLoader loader, TimeProvider time)
    {
        var filter = query.Filter;
        var results = await loader.LoadAsync(studyId, filter, http.RequestAborted);
        return await RenderAsync(http, results.Study.Name, $"Results as of {time.GetUtcNow().UtcDateTime:d MMM yyyy HH:mm} UTC, {filter.InWords}.", results.Summary, new()
        {
            [nameof(ResultsReport.Results)] = results,
            [nameof(ResultsReport.Synthetic)] = filter.Observers == ObserverType.Synthetic,
            [nameof(ResultsReport.Details)] = ResultsDetails.Of(results.Source.Trials),
        });
    }

    /// <exception cref="RefusedException">There is no such import.</exception>
    internal static async Task<IResult> OfImportAsync(Guid importId, HttpContext http, StudyImport imports)
    {
        var study = await imports.DemandAsync(importId, http.RequestAborted);
        var data = await imports.ReadAsync(study);
        return await RenderAsync(http, study.Name, $"Imported {study.ImportedAt.UtcDateTime:d MMM yyyy}; SHA-256 of the files: {study.Sha256}.", data.Summary(study.Name),
            new() { [nameof(ResultsReport.Details)] = data.Trials is { } trials ? ResultsDetails.Of(trials) : null });
    }

    private static async Task<IResult> RenderAsync(HttpContext http, string title, string lead, StudySummary summary, Dictionary<string, object?> parameters)
    {
        var services = http.RequestServices;
        parameters[nameof(ResultsReport.Title)] = title;
        parameters[nameof(ResultsReport.Lead)] = lead;
        parameters[nameof(ResultsReport.Summary)] = summary.WithIntervals();
        parameters[nameof(ResultsReport.Tests)] = summary.Tests();
        parameters[nameof(ResultsReport.Comparison)] = summary.Comparison();
        parameters[nameof(ResultsReport.Css)] = ReportCss.Colours + await TextAsync(services.GetRequiredService<IWebHostEnvironment>(), "studies.css") + ReportCss.Page;
        await using var renderer = new HtmlRenderer(services, services.GetRequiredService<ILoggerFactory>());
        var html = await renderer.Dispatcher.InvokeAsync(async () => (await renderer.RenderComponentAsync<ResultsReport>(ParameterView.FromDictionary(parameters))).ToHtmlString());
        return Microsoft.AspNetCore.Http.Results.Text(html, "text/html; charset=utf-8");
    }

    private static async Task<string> TextAsync(IWebHostEnvironment environment, string file)
    {
        using var reader = new StreamReader(environment.WebRootFileProvider.GetFileInfo(file).CreateReadStream());
        return await reader.ReadToEndAsync();
    }
}

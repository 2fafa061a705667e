using Microsoft.Net.Http.Headers;
using PerceptionStudy.Server.Accounts;
using PerceptionStudy.Server.Accounts.Api;
using PerceptionStudy.Server.Analysis;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Studies;

namespace PerceptionStudy.Server.Export;

/// <summary>Downloads for researchers who are signed in. A range with If-Range is answered from the snapshot that it began with.</summary>
public static class ExportEndpoints
{
    public static void MapExport(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/admin/studies/{studyId:guid}/export").RequireAuthorization(NeedsAttribute.PolicyOf(StudyRight.Export));
        foreach (var (format, _, file, mediaType, _) in ExportFormats.All)
        {
            group.MapMethods(file, [HttpMethods.Get, HttpMethods.Head], (Guid studyId, [AsParameters] ExportQuery query, HttpContext http, ExportFiles exports) =>
                TryAsync(() => SendAsync(studyId, format, mediaType, query, http, exports)));
            group.MapGet($"{file}.trailer.json", (Guid studyId, [AsParameters] ExportQuery query, ExportFiles exports, CancellationToken cancel) => TryAsync(async () =>
                Results.Text((await exports.PrepareAsync(studyId, format, query.Filter, cancel)).Trailer.ToJson(), "application/json")));
        }
        group.MapGet("codebook.md", () => Results.Text(Codebook.Markdown(), "text/markdown; charset=utf-8"));
        group.MapGet("codebook.json", () => Results.Text(Codebook.Json(), "application/json"));
        group.MapGet("codebook.csv", (CancellationToken cancel) => Results.Stream(stream => Codebook.WriteCsvAsync(stream, cancel), "text/csv; charset=utf-8", "codebook.csv"));
    }

    /// <summary>The same files over the HTTP API.</summary>
    public static void MapExportApi(this RouteGroupBuilder api)
    {
        var exports = api.MapGroup("/studies/{studyId:guid}/exports").WithTags("Exports").Needs(TokenScopes.Analyse);
        exports.MapGet("", async (Guid studyId, StudyDb db, CancellationToken cancel) =>
        {
            await db.DemandAsync(studyId, StudyRight.Export, cancel);
            return new Page<ExportInfo>([.. ExportFormats.All.Select(f => new ExportInfo(f.File, f.MediaType, f.What))], null);
        }).WithSummary("What can be downloaded");
        foreach (var (format, _, file, mediaType, what) in ExportFormats.All)
        {
            exports.MapGet(file, (Guid studyId, [AsParameters] ExportQuery query, HttpContext http, ExportFiles files) => SendAsync(studyId, format, mediaType, query, http, files))
                .WithSummary($"Download: {what}").Produces<Stream>(200, mediaType.Split(';')[0]);
        }
    }

    private static async Task<IResult> SendAsync(Guid studyId, ExportFormat format, string mediaType, ExportQuery query, HttpContext http, ExportFiles exports)
    {
        var filter = query.Filter;
        // Whoever goes on with a download gets the rest of what it began with, not of what the data are now.
        var begun = http.Request.GetTypedHeaders().IfRange?.EntityTag?.Tag.Value?.Trim('"');
        var ready = (begun is null ? null : await exports.FindBegunAsync(studyId, format, filter, begun, http.RequestAborted))
            ?? await exports.PrepareAsync(studyId, format, filter, http.RequestAborted);
        http.Response.Headers["X-Row-Count"] = ready.Trailer.Files[0].Rows?.ToString();
        http.Response.Headers["Repr-Digest"] = $"sha-256=:{Convert.ToBase64String(Convert.FromHexString(ready.Trailer.Files[0].Sha256))}:";
        return Results.File(ready.Path, mediaType, ready.DownloadName, entityTag: new EntityTagHeaderValue($"\"{ready.Key}\""), enableRangeProcessing: true);
    }

    private static async Task<IResult> TryAsync(Func<Task<IResult>> work)
    {
        try
        {
            return await work();
        }
        catch (RefusedException refusal)
        {
            return Results.Text(refusal.Message, statusCode: StatusCodes.Status404NotFound);
        }
    }
}

/// <summary>A file that can be downloaded.</summary>
public sealed record ExportInfo(string File, string MediaType, string What);

/// <summary>What a download's address may say: the words of the results page. People and all of their trials, unless it asks for others or for less.</summary>
internal readonly record struct ExportQuery(
    bool Synthetic = false, bool Preview = false, bool Incomplete = false, int? Version = null, string? Timing = null, string? Exclusions = null, string? Recruiter = null)
{
    /// <exception cref="RefusedException">It asks for what there is not.</exception>
    public TrialFilter Filter => TrialFilter.Of(Synthetic, Preview, Version, Incomplete, Timing, Exclusions, Recruiter);
}

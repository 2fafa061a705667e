using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Accounts;
using PerceptionStudy.Server.Accounts.Api;
using PerceptionStudy.Server.Analysis.Results;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Models;

namespace PerceptionStudy.Server.Analysis.Imports;

/// <summary>An imported experiment.</summary>
/// <param name="Sha256">Hash of the zip of its files.</param>
/// <param name="Rows">Trials, or proportions where only those are known.</param>
public sealed record ImportInfo(Guid Id, string Name, ImportKind Kind, string Sha256, int Files, long Rows, DateTimeOffset ImportedAt)
{
    public static ImportInfo Of(ImportedStudy s) => new(s.Id, s.Name, s.Kind, s.Sha256, s.Files, s.Rows, s.ImportedAt);
}

/// <summary>Imports of finished experiments over the HTTP API.</summary>
public static class ImportEndpoints
{
    public static void MapImportApi(this RouteGroupBuilder api)
    {
        var imports = api.MapGroup("/imports").WithTags("Imports");
        imports.MapGet("", async (StudyDb db, [AsParameters] PageQuery page, CancellationToken cancel) => (await db.ImportedStudies.AsNoTracking().PageAsync(page, cancel)).Select(ImportInfo.Of))
            .Needs(TokenScopes.Read).WithSummary("The imported experiments");
        imports.MapPost("", ImportAsync).Needs(TokenScopes.Design).Accepts<Stream>("application/octet-stream").Produces<ImportInfo>(201)
            .WithSummary("Import a finished experiment: a CSV, a MAT file or a zip of several is the body, or the id of an upload is in the query")
            .WithDescription("Trials of model-vs-human, participant matrices, or an export of this program; the query gives the experiment a name and says what the file is called.");
        imports.MapGet("/{importId:guid}", async (Guid importId, StudyImport service, CancellationToken cancel) => ImportInfo.Of(await service.DemandAsync(importId, cancel)))
            .Needs(TokenScopes.Read).WithSummary("An imported experiment");
        imports.MapGet("/{importId:guid}/results", async (Guid importId, StudyImport service, CancellationToken cancel) =>
        {
            var study = await service.DemandAsync(importId, cancel);
            return ResultsInfo.Of(study.Name, (await service.ReadAsync(study)).Summary(study.Name));
        }).Needs(TokenScopes.Analyse).WithSummary("Proportion correct per stage or condition of an imported experiment");
        imports.MapGet("/{importId:guid}/report.html", ReportEndpoint.OfImportAsync).Needs(TokenScopes.Analyse).WithSummary("The results of an imported experiment as one HTML file");
    }

    private static async Task<IResult> ImportAsync(string name, string fileName, Guid? upload, HttpContext http, SentFile sent, StudyImport service, CancellationToken cancel)
    {
        var study = await sent.TakeAsync(http, upload, StudyImport.MostMegabytes, file => service.ImportAsync(name, [(fileName, file)], cancel));
        return Microsoft.AspNetCore.Http.Results.Created($"/api/v1/imports/{study.Id}", ImportInfo.Of(study));
    }
}

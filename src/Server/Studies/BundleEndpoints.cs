using Microsoft.Extensions.Options;
using PerceptionStudy.Server.Accounts;
using PerceptionStudy.Server.Accounts.Api;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Models;

namespace PerceptionStudy.Server.Studies;

/// <summary>Bundles of published versions: downloads for researchers who are signed in, and for programs, which can also take one in.</summary>
public static class BundleEndpoints
{
    public static void MapStudies(this IEndpointRouteBuilder site)
    {
        var version = site.MapGroup("/admin/studies/{studyId:guid}/versions/{number:int}").RequireAuthorization(NeedsAttribute.PolicyOf(StudyRight.See));
        version.AddEndpointFilter(async (call, next) =>
        {
            try
            {
                return await next(call);
            }
            catch (RefusedException refusal)
            {
                return Results.NotFound(refusal.Message);
            }
        });
        MapDownloads(version);
    }

    public static void MapBundleApi(this RouteGroupBuilder api)
    {
        var version = api.MapGroup("/studies/{studyId:guid}/versions/{number:int}").WithTags("Studies").Needs(TokenScopes.Read);
        version.AddEndpointFilter(async (call, next) =>
        {
            await call.HttpContext.RequestServices.GetRequiredService<StudyDb>().DemandAsync(Guid.Parse((string)call.HttpContext.Request.RouteValues["studyId"]!), StudyRight.See, call.HttpContext.RequestAborted);
            return await next(call);
        });
        MapDownloads(version);
        api.MapPost("/studies/replicate", ReplicateAsync).WithTags("Studies").Needs(TokenScopes.Design).Accepts<Stream>("application/zip").Produces<StudyInfo>(201)
            .WithSummary("Take in a replication bundle as a paused study: the zip is the body, or the id of an upload is in the query");
    }

    private static void MapDownloads(RouteGroupBuilder version)
    {
        version.MapGet("/preregistration.zip", (Guid studyId, int number, StudyBundle bundle, DataFolder data, CancellationToken cancel) =>
            SendAsync(data, $"preregistration-version-{number}.zip", target => bundle.WritePreregistrationAsync(studyId, number, target, cancel))).WithSummary("The frozen design of a version, for a registry");
        version.MapGet("/replication.zip", (Guid studyId, int number, StudyBundle bundle, DataFolder data, CancellationToken cancel) =>
            SendAsync(data, $"replication-version-{number}.zip", target => bundle.WriteReplicationAsync(studyId, number, target, cancel))).WithSummary("A version with its stimuli, for another installation");
    }

    private static async Task<IResult> ReplicateAsync(HttpContext http, Guid? upload, StudyReplication replication, Uploads uploads, DataFolder data, IOptions<UploadLimits> limits, CancellationToken cancel)
    {
        http.AllowBody(limits.Value.LargestBytes);
        await using var bundle = upload is { } id ? File.OpenRead(uploads.PathOf(UploadEndpoints.Whole(uploads, id, http.User).Id)) : NewFile(data);
        if (upload is null) await http.Request.Body.CopyToAsync(bundle, cancel);
        bundle.Position = 0;
        var study = await replication.ImportAsync(bundle, cancel: cancel);
        if (upload is { } taken) uploads.Delete(taken);
        return Results.Created($"/api/v1/studies/{study.Id}", StudyInfo.Of(study));
    }

    // Written to a file first: a bundle that fails half-way is never sent as if it were whole.
    private static async Task<IResult> SendAsync(DataFolder data, string name, Func<Stream, Task> write)
    {
        var file = NewFile(data);
        try
        {
            await write(file);
            file.Position = 0;
            return Results.File(file, "application/zip", name);
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }

    private static FileStream NewFile(DataFolder data) =>
        new(data.NewTemporaryPath(".zip"), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 81920, FileOptions.DeleteOnClose | FileOptions.Asynchronous);
}

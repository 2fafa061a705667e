using Microsoft.EntityFrameworkCore;
using Microsoft.Net.Http.Headers;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Models;

namespace PerceptionStudy.Server.Stimuli;

/// <summary>Natural pictures and metamers.</summary>
public static class StimuliFeature
{
    public static void AddStimuli(this IServiceCollection services)
    {
        services.AddSingleton<StimulusSets>();
        services.AddSingleton<IModelUse, MetamersOfModel>();
    }

    /// <summary>Pictures for the researchers' pages. Participants get theirs by other addresses, which tell nothing.</summary>
    public static void MapStimuli(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/admin/blobs/{sha256:regex(^[0-9a-f]{{64}}$)}.png", async (string sha256, IDbContextFactory<StudyDb> databases, BlobStore blobs, HttpContext http, CancellationToken cancel) =>
        {
            await using var db = await databases.CreateDbContextAsync(cancel);
            if (!await db.Stimuli.AnyAsync(s => s.Sha256 == sha256 && s.MediaType == "image/png", cancel)) return Results.NotFound();
            http.Response.Headers.CacheControl = "private, max-age=31536000, immutable";
            return Results.File(blobs.PathOf(sha256), "image/png", entityTag: new EntityTagHeaderValue($"\"{sha256[..32]}\""));
        }).RequireAuthorization();

    /// <summary>Address of a stimulus's picture for researchers.</summary>
    public static string AdminAddress(this Stimulus stimulus) => $"/admin/blobs/{stimulus.Sha256}.png";
}

internal sealed class MetamersOfModel : IModelUse
{
    public Task<bool> IsInUseAsync(StudyDb db, Guid modelId, CancellationToken cancel) => db.Metamers.AnyAsync(m => m.ModelId == modelId, cancel);

    public Task ForgetAsync(StudyDb db, Guid modelId, CancellationToken cancel) => Task.CompletedTask;
}

using Microsoft.EntityFrameworkCore;
using Microsoft.Net.Http.Headers;
using PerceptionStudy.Server.Accounts;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Models;

namespace PerceptionStudy.Server.Stimuli;

/// <summary>Natural stimuli and metamers.</summary>
public static class StimuliFeature
{
    public static void AddStimuli(this IServiceCollection services)
    {
        services.AddSingleton<StimulusSets>();
        services.AddSingleton<Thumbnails>();
        services.AddSingleton<MetamerImport>();
        services.AddSingleton<SetExport>();
        services.AddSingleton<IModelUse, MetamersOfModel>();
    }

    /// <summary>Pictures and sounds for the researchers' pages. Participants get theirs by other addresses, which tell nothing.</summary>
    public static void MapStimuli(this IEndpointRouteBuilder routes)
    {
        MapBlobs(routes, "png", "image/png");
        MapBlobs(routes, "wav", "audio/wav");
        routes.MapGet("/admin/sounds/{sha256:regex(^[0-9a-f]{{64}}$)}/{drawing:regex(^(waveform|spectrogram)$)}.png", async (string sha256, string drawing, IDbContextFactory<StudyDb> databases, Thumbnails thumbnails, HttpContext http, CancellationToken cancel) =>
        {
            await using var db = await databases.CreateDbContextAsync(cancel);
            return await db.Stimuli.AnyAsync(s => s.Sha256 == sha256 && s.MediaType == "audio/wav", cancel) ? Kept(http, await thumbnails.OfSoundAsync(sha256, drawing), "image/png", sha256) : Results.NotFound();
        }).RequireAuthorization().WithMetadata(new KeptByBrowsers());
        routes.MapGet("/admin/thumbnails/{sha256:regex(^[0-9a-f]{{64}}$)}", async (string sha256, IDbContextFactory<StudyDb> databases, BlobStore blobs, Thumbnails thumbnails, HttpContext http, CancellationToken cancel) =>
        {
            await using var db = await databases.CreateDbContextAsync(cancel);
            if (await db.Stimuli.Where(s => s.Sha256 == sha256 && s.MediaType == "image/png").Select(s => new { s.Width, s.Height }).FirstOrDefaultAsync(cancel) is not { } size) return Results.NotFound();
            return size.Width <= Thumbnails.SidePixels && size.Height <= Thumbnails.SidePixels
                ? Kept(http, await blobs.FetchAsync(sha256, cancel), "image/png", sha256)
                : Kept(http, await thumbnails.PathOfAsync(sha256), "image/jpeg", sha256);
        }).RequireAuthorization().WithMetadata(new KeptByBrowsers());
        routes.MapGet("/admin/stimuli/{setId:guid}/export.zip", async (Guid setId, SetExport export, CancellationToken cancel) =>
            await export.WriteAsync(setId, cancel) is { } zip ? Results.Stream(zip.Content, "application/zip", zip.FileName) : Results.NotFound()).RequireAuthorization();
    }

    /// <summary>Address of a stimulus's file for researchers.</summary>
    public static string AdminAddress(StimulusMedium medium, string sha256) => $"/admin/blobs/{sha256}{StimulusFormats.EndingOf(medium)}";

    /// <summary>Address of the drawing of a sound: <c>waveform</c> or <c>spectrogram</c>.</summary>
    public static string DrawingAddress(string sha256, string drawing) => $"/admin/sounds/{sha256}/{drawing}.png";

    /// <summary>Address of what stands for a stimulus in a small place: the picture, or the spectrogram.</summary>
    public static string ThumbnailAddress(StimulusMedium medium, string sha256) => medium == StimulusMedium.Sound ? DrawingAddress(sha256, "spectrogram") : ThumbnailAddress(sha256);

    /// <summary>Address of the picture as galleries show it.</summary>
    public static string ThumbnailAddress(string sha256) => $"/admin/thumbnails/{sha256}";

    private static void MapBlobs(IEndpointRouteBuilder routes, string ending, string mediaType) =>
        routes.MapGet($"/admin/blobs/{{sha256:regex(^[0-9a-f]{{{{64}}}}$)}}.{ending}", async (string sha256, IDbContextFactory<StudyDb> databases, BlobStore blobs, HttpContext http, CancellationToken cancel) =>
        {
            await using var db = await databases.CreateDbContextAsync(cancel);
            return await db.Stimuli.AnyAsync(s => s.Sha256 == sha256 && s.MediaType == mediaType, cancel) ? Kept(http, await blobs.FetchAsync(sha256, cancel), mediaType, sha256) : Results.NotFound();
        }).RequireAuthorization().WithMetadata(new KeptByBrowsers());

    // What a hash names never changes. Players ask for parts of a sound.
    private static IResult Kept(HttpContext http, string path, string mediaType, string sha256)
    {
        http.Response.Headers.CacheControl = "private, max-age=31536000, immutable";
        return Results.File(path, mediaType, entityTag: new EntityTagHeaderValue($"\"{sha256[..32]}\""), enableRangeProcessing: true);
    }
}

internal sealed class MetamersOfModel : IModelUse
{
    public Task<bool> IsInUseAsync(StudyDb db, Guid modelId, CancellationToken cancel) => db.Metamers.AnyAsync(m => m.ModelId == modelId, cancel);

    public Task ForgetAsync(StudyDb db, Guid modelId, CancellationToken cancel) => Task.CompletedTask;
}

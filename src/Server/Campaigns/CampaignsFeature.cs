using Hangfire;
using Hangfire.InMemory;
using Hangfire.PostgreSql;
using Hangfire.PostgreSql.Factories;
using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Models;
using PerceptionStudy.Server.Stimuli;
using PerceptionStudy.Synthesis.Media;

namespace PerceptionStudy.Server.Campaigns;

/// <summary>Syntheses and the answers of models, as jobs.</summary>
public static class CampaignsFeature
{
    /// <summary>
    /// Services of campaigns. Jobs run here if <paramref name="runJobs"/>; in the embedded default the job engine keeps its list in memory
    /// and this process is the only worker.
    /// </summary>
    public static void AddCampaigns(this IServiceCollection services, string? postgres, bool runJobs)
    {
        services.AddSingleton<CampaignService>();
        services.AddSingleton<CampaignFiles>();
        services.AddSingleton<ThisWorker>();
        services.AddSingleton<SynthesisQueue>();
        services.AddSingleton<StageNulls>();
        services.AddSingleton<SynthesisRun>();
        services.AddSingleton<ModelAnswerer>();
        services.AddSingleton<AccuracyRun>();
        services.AddSingleton<MetamerReview>();
        services.AddSingleton<InstantLooks>();
        services.AddSingleton<IModelUse, CampaignsOfModel>();

        // Our own instance, not the engine's static one: two servers in one process (the tests) must not share it.
        services.AddSingleton<JobStorage>(_ => postgres is null ? new InMemoryStorage() : PostgresStorage(postgres));
        services.AddHangfire(engine => engine.UseSimpleAssemblyNameTypeSerializer().UseRecommendedSerializerSettings());
        if (!runJobs) return;
        services.AddHostedService(provider => new JobWorkers(provider, alone: postgres is null));
    }

    /// <summary>The picture of a synthesis under way, or the spectrogram and the sound, for the campaign's page, and that of an instant look when it is finished.</summary>
    public static void MapCampaigns(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/admin/previews/{jobId:guid}.png", async (Guid jobId, CampaignFiles files, BlobStore blobs, StudyDb db, HttpContext http, CancellationToken cancel) =>
        {
            http.Response.Headers.CacheControl = "no-store";
            if (await NewestAsync(files, blobs, db, jobId, StimulusMedium.Picture, cancel) is { } picture) return Results.File(picture, "image/png");
            // A short WAV that the synthesis host wrote.
            if (await NewestAsync(files, blobs, db, jobId, StimulusMedium.Sound, cancel) is { } sound) return Results.Bytes(PictureFile.Png(SoundPicture.Spectrogram(SoundFile.Read(sound))), "image/png");
            // It goes when the synthesis ends, and a page that has not heard of that yet shows nothing instead of a broken picture.
            return Results.Text("<svg xmlns=\"http://www.w3.org/2000/svg\"/>", "image/svg+xml");
        }).RequireAuthorization();
        routes.MapGet("/admin/previews/{jobId:guid}.wav", async (Guid jobId, CampaignFiles files, BlobStore blobs, StudyDb db, HttpContext http, CancellationToken cancel) =>
        {
            http.Response.Headers.CacheControl = "no-store";
            return await NewestAsync(files, blobs, db, jobId, StimulusMedium.Sound, cancel) is { } sound ? Results.File(sound, "audio/wav", enableRangeProcessing: true) : Results.NotFound();
        }).RequireAuthorization();
    }

    // A worker with a data folder of its own leaves only what is finished.
    private static async Task<string?> NewestAsync(CampaignFiles files, BlobStore blobs, StudyDb db, Guid jobId, StimulusMedium medium, CancellationToken cancel)
    {
        if (((string[])[files.OutputOf(jobId, medium), files.PreviewOf(jobId, medium)]).FirstOrDefault(File.Exists) is { } here) return here;
        var mediaType = medium == StimulusMedium.Sound ? "audio/wav" : "image/png";
        var finished = await db.SynthesisJobs.Where(j => j.Id == jobId && j.LookSha256 != null && db.Stimuli.Any(s => s.Id == j.NaturalStimulusId && s.MediaType == mediaType)).Select(j => j.LookSha256).FirstOrDefaultAsync(cancel);
        return finished is null ? null : await blobs.FetchAsync(finished, cancel);
    }

    private static PostgreSqlStorage PostgresStorage(string postgres) => new(
        new NpgsqlConnectionFactory(postgres, new PostgreSqlStorageOptions()),
        new PostgreSqlStorageOptions
        {
            // An idle worker looks often, since a participant may wait for it. To be told (LISTEN, EnableLongPolling) would be a little quicker, but once that connection is cut, calls
            // may stay fetched and undone, as the library's issue 410 tells.
            QueuePollInterval = TimeSpan.FromMilliseconds(500),
            // A call that a dead worker had fetched is another's after this time; who lives says so again and again, however long the call takes.
            UseSlidingInvisibilityTimeout = true,
            InvisibilityTimeout = TimeSpan.FromMinutes(5),
            // Locks are rows, held for the moment in which a call changes its state. One that was left behind (its process died, its connection was cut) would stop a worker for ten minutes.
            DistributedLockTimeout = TimeSpan.FromSeconds(20),
        });
}

internal sealed class CampaignsOfModel(CampaignFiles files) : IModelUse
{
    public Task<bool> IsInUseAsync(StudyDb db, Guid modelId, CancellationToken cancel) =>
        db.Campaigns.AnyAsync(c => c.MetamerSetId != null && c.Jobs.Any(j => j.ModelId == modelId), cancel);

    public async Task ForgetAsync(StudyDb db, Guid modelId, CancellationToken cancel)
    {
        await db.ModelAnswers.Where(a => a.ModelId == modelId).ExecuteDeleteAsync(cancel);
        await db.ModelAccuracies.Where(a => a.ModelId == modelId).ExecuteDeleteAsync(cancel);
        await db.StageNulls.Where(n => n.ModelId == modelId).ExecuteDeleteAsync(cancel);
        var looks = await db.Campaigns.Include(c => c.Jobs).Where(c => c.MetamerSetId == null && c.Jobs.Any(j => j.ModelId == modelId)).ToListAsync(cancel);
        db.Campaigns.RemoveRange(looks);
        await db.SaveChangesAsync(cancel);
        foreach (var job in looks.SelectMany(l => l.Jobs)) files.Forget(job.Id);
    }
}

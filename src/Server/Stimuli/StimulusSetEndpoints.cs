using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Accounts;
using PerceptionStudy.Server.Accounts.Api;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Models;

namespace PerceptionStudy.Server.Stimuli;

/// <summary>A stimulus set in a list; <paramref name="SidePixels"/> is for pictures, <paramref name="SoundForm"/> for sounds.</summary>
public sealed record StimulusSetInfo(Guid Id, string Name, StimulusKind Kind, StimulusMedium Medium, string? Licence, string? Source, int? SidePixels, SoundForm? SoundForm, DateTimeOffset CreatedAt)
{
    public static StimulusSetInfo Of(StimulusSet s) => new(s.Id, s.Name, s.Kind, s.Medium, s.Licence, s.Source, s.SidePixels, s.SoundForm, s.CreatedAt);
}

/// <summary>A new set of natural pictures or sounds.</summary>
/// <param name="SidePixels">Side to which its pictures are cut and scaled, 16 to 4096; null to keep each as it is.</param>
/// <param name="Medium">Of what it is a set.</param>
/// <param name="SoundForm">Rate, length and level that its sounds are brought to; null to keep each as it is.</param>
public sealed record NewStimulusSet(
    string Name, int? SidePixels = null, string? Licence = null, string? Source = null, StimulusMedium Medium = StimulusMedium.Picture, SoundForm? SoundForm = null);

/// <summary>Name, licence and source of a set.</summary>
public sealed record SetDescription(string Name, string? Licence, string? Source);

/// <summary>A picture or sound; <paramref name="Metamer"/> is null for a natural one. Width and height are those of a picture, <paramref name="Sound"/> is null then.</summary>
public sealed record StimulusInfo(Guid Id, string Name, string Category, string Sha256, string MediaType, int Width, int Height, SoundFacts? Sound, MetamerInfo? Metamer)
{
    public static StimulusInfo Of(Stimulus s) => new(s.Id, s.Name, s.Category, s.Sha256, s.MediaType, s.Width, s.Height, s.Sound, s.Metamer is { } m
        ? new MetamerInfo(m.NaturalStimulusId, m.ModelId, m.StageId, m.LossLevel, m.Preset, m.Seed, m.IsMeasured ? m.Loss : null, m.IsMeasured ? m.Spearman : null, m.IsMeasured ? m.Pearson : null, m.IsMeasured ? m.SnrDb : null, m.MeetsCriteria, m.Reasons, m.RejectedBecause) : null);
}

/// <summary>Where a metamer comes from, and how well it matches; the measures are null where the model's file was missing.</summary>
public sealed record MetamerInfo(
    Guid NaturalStimulusId, Guid ModelId, Guid StageId, double LossLevel, string Preset, int Seed, double? Loss, double? Spearman, double? Pearson, double? SnrDb, bool MeetsCriteria, string Reasons, string? RejectedBecause);

/// <summary>Stimulus sets over the HTTP API.</summary>
public static class StimulusSetEndpoints
{
    public static void MapStimulusSetApi(this RouteGroupBuilder api)
    {
        var sets = api.MapGroup("/stimulus-sets").WithTags("Stimulus sets");
        sets.MapGet("", async (StudyDb db, [AsParameters] PageQuery page, CancellationToken cancel) => (await db.StimulusSets.AsNoTracking().PageAsync(page, cancel)).Select(StimulusSetInfo.Of))
            .Needs(TokenScopes.Read).WithSummary("The stimulus sets");
        sets.MapGet("/{setId:guid}", async (Guid setId, StudyDb db, CancellationToken cancel) => StimulusSetInfo.Of(await FindAsync(db, setId, cancel)))
            .Needs(TokenScopes.Read).WithSummary("A stimulus set");
        sets.MapGet("/{setId:guid}/stimuli", async (Guid setId, StudyDb db, [AsParameters] PageQuery page, CancellationToken cancel) =>
        {
            await FindAsync(db, setId, cancel);
            return (await db.Stimuli.AsNoTracking().Include(s => s.Metamer).Where(s => s.SetId == setId).PageAsync(page, cancel)).Select(StimulusInfo.Of);
        }).Needs(TokenScopes.Read).WithSummary("The pictures or sounds of a set");
        sets.MapPost("", async (NewStimulusSet set, StimulusSets service, CancellationToken cancel) =>
        {
            var made = await service.CreateAsync(set.Name, StimulusKind.Natural, set.SidePixels, set.Licence, set.Source, set.Medium, set.SoundForm, cancel);
            return Results.Created($"/api/v1/stimulus-sets/{made.Id}", StimulusSetInfo.Of(made));
        }).Needs(TokenScopes.Design).WithSummary("Make an empty set of natural pictures or sounds").Produces<StimulusSetInfo>(201);
        sets.MapPost("/{setId:guid}/stimuli", AddAsync).Needs(TokenScopes.Design).Accepts<Stream>("application/octet-stream")
            .WithSummary("Add stimuli: a picture or sound, or a zip with one folder per category, is the body, or the id of an upload is in the query").WithDescription("A bad file is named in the answer and left out; the others are added. Sounds other than WAV need ffmpeg on the server.");
        sets.MapPut("/{setId:guid}/description", async (Guid setId, SetDescription description, StudyDb db, StimulusSets service, CancellationToken cancel) =>
        {
            await FindAsync(db, setId, cancel);
            await service.DescribeAsync(setId, description.Name, description.Licence, description.Source, cancel);
            return Results.NoContent();
        }).Needs(TokenScopes.Design).WithSummary("Give a set another name, licence or source").Produces(204);
        sets.MapGet("/{setId:guid}/export.zip", async (Guid setId, SetExport export, CancellationToken cancel) =>
                await export.WriteAsync(setId, cancel) is { } zip ? Results.Stream(zip.Content, "application/zip", zip.FileName) : throw new RefusedException("There is no such stimulus set.", Refusal.Missing))
            .Needs(TokenScopes.Read).WithSummary("A set as a zip, with what is known of each stimulus");
        sets.MapDelete("/{setId:guid}", async (Guid setId, StudyDb db, StimulusSets service, CancellationToken cancel) =>
        {
            await FindAsync(db, setId, cancel);
            await service.DeleteAsync(setId, cancel);
            return Results.NoContent();
        }).Needs(TokenScopes.Design).WithSummary("Delete a set that nothing was made from").Produces(204);
    }

    private static async Task<StimuliAdded> AddAsync(
        Guid setId, HttpContext http, string fileName, string? category, Guid? upload, StudyDb db, StimulusSets service, SentFile sent, CancellationToken cancel)
    {
        var set = await FindAsync(db, setId, cancel);
        using var files = service.BeginUpload(setId, set.Medium);
        return await sent.TakeAsync(http, upload, sent.Limits.ArchiveMegabytes, async file =>
        {
            await files.Batch.AddAsync(Path.GetFileName(fileName), file, cancel);
            return await files.FinishAsync(category, cancel: cancel);
        });
    }

    private static async Task<StimulusSet> FindAsync(StudyDb db, Guid setId, CancellationToken cancel) =>
        await db.StimulusSets.AsNoTracking().FirstOrDefaultAsync(s => s.Id == setId, cancel) ?? throw new RefusedException("There is no such stimulus set.", Refusal.Missing);
}

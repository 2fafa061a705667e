using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Accounts;
using PerceptionStudy.Server.Accounts.Api;
using PerceptionStudy.Server.Data;

namespace PerceptionStudy.Server.Stimuli;

/// <summary>Licence and source of one stimulus where they differ from its set's; null for the set's.</summary>
public sealed record StimulusOrigin(string? Licence, string? Source);

/// <summary>Single stimuli over the HTTP API.</summary>
public static class StimulusEndpoints
{
    public static void MapStimulusApi(this RouteGroupBuilder api)
    {
        var stimulus = api.MapGroup("/stimuli/{stimulusId:guid}").WithTags("Stimulus sets");
        stimulus.MapGet("", async (Guid stimulusId, StudyDb db, CancellationToken cancel) => StimulusInfo.Of(await FindAsync(db, stimulusId, cancel)))
            .Needs(TokenScopes.Read).WithSummary("A picture or sound");
        stimulus.MapGet("/file", async (Guid stimulusId, StudyDb db, BlobStore blobs, CancellationToken cancel) =>
        {
            var found = await FindAsync(db, stimulusId, cancel);
            return Results.File(await blobs.FetchAsync(found.Sha256, cancel), found.MediaType, enableRangeProcessing: true);
        }).Needs(TokenScopes.Read).WithSummary("The file of a picture or sound");
        stimulus.MapPut("/origin", async (Guid stimulusId, StimulusOrigin origin, StudyDb db, StimulusSets sets, CancellationToken cancel) =>
        {
            await FindAsync(db, stimulusId, cancel);
            await sets.DescribeStimulusAsync(stimulusId, origin.Licence, origin.Source, cancel);
            return Results.NoContent();
        }).Needs(TokenScopes.Design).WithSummary("Say a licence and source where they differ from the set's").Produces(204);
        stimulus.MapDelete("", async (Guid stimulusId, StudyDb db, StimulusSets sets, CancellationToken cancel) =>
        {
            await FindAsync(db, stimulusId, cancel);
            await sets.DeleteStimulusAsync(stimulusId, cancel);
            return Results.NoContent();
        }).Needs(TokenScopes.Design).WithSummary("Delete a stimulus that nothing names").Produces(204);
    }

    private static async Task<Stimulus> FindAsync(StudyDb db, Guid stimulusId, CancellationToken cancel) =>
        await db.Stimuli.AsNoTracking().Include(s => s.Metamer).FirstOrDefaultAsync(s => s.Id == stimulusId, cancel) ?? throw new RefusedException("There is no such stimulus.", Refusal.Missing);
}

using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Accounts;
using PerceptionStudy.Server.Accounts.Api;
using PerceptionStudy.Server.Data;

namespace PerceptionStudy.Server.Campaigns;

/// <summary>How an instant look stands.</summary>
/// <param name="LossCurve">Pairs of step and loss.</param>
/// <param name="Failure">Why it failed; null otherwise.</param>
public sealed record LookInfo(Guid Id, Guid StageId, Guid NaturalStimulusId, int Seed, SynthesisState State, int StepsDone, int StepsTotal, double? Loss, IReadOnlyList<double[]> LossCurve, double? Seconds, string? Failure)
{
    public static LookInfo Of(SynthesisJob job) =>
        new(job.CampaignId, job.StageId, job.NaturalStimulusId, job.Seed, job.State, job.StepsDone, job.StepsTotal, job.Loss, Campaigns.LossCurve.Read(job.LossCurveJson), job.Seconds, job.Failure);
}

/// <summary>What an instant look becomes that is kept: the name of its campaign, and the pairs of its null distribution.</summary>
public sealed record KeptLook(string Name, int NullPairs = 1_000_000);

/// <summary>Instant looks over the HTTP API.</summary>
public static class LookEndpoints
{
    public static void MapLookApi(this RouteGroupBuilder api)
    {
        var looks = api.MapGroup("/looks").WithTags("Instant looks");
        looks.MapGet("", async (StudyDb db, [AsParameters] PageQuery page, CancellationToken cancel) => (await Looks(db).PageAsync(page, cancel)).Select(LookInfo.Of)).Needs(TokenScopes.Read).WithSummary("The instant looks of the last days");
        looks.MapPost("", async (LookWish wish, InstantLooks service, StudyDb db, CancellationToken cancel) =>
        {
            var id = await service.StartAsync(wish, cancel);
            return Results.Created($"/api/v1/looks/{id}", await FindAsync(db, id, cancel));
        }).Needs(TokenScopes.Design).WithSummary("Let the next free worker make one metamer to look at").Produces<LookInfo>(201);
        var look = looks.MapGroup("/{lookId:guid}");
        look.MapGet("", (Guid lookId, StudyDb db, CancellationToken cancel) => FindAsync(db, lookId, cancel)).Needs(TokenScopes.Read).WithSummary("How an instant look stands");
        MapAction(look.MapPost("/cancel", (Guid lookId, StudyDb db, InstantLooks service, CancellationToken cancel) => DoAsync(db, lookId, () => service.CancelAsync(lookId, cancel), cancel)), "Stop it; what has been reached stays");
        MapAction(look.MapPost("/keep", (Guid lookId, KeptLook kept, StudyDb db, InstantLooks service, CancellationToken cancel) => DoAsync(db, lookId, () => service.KeepAsync(lookId, kept.Name, kept.NullPairs, cancel), cancel)), "Make a campaign of it, which compares its metamer with chance");
        MapAction(look.MapDelete("", (Guid lookId, StudyDb db, InstantLooks service, CancellationToken cancel) => DoAsync(db, lookId, () => service.DeleteAsync(lookId, cancel), cancel)), "Delete an instant look");
    }

    private static void MapAction(RouteHandlerBuilder action, string summary) => action.Needs(TokenScopes.Design).WithSummary(summary).Produces(204);

    private static async Task<IResult> DoAsync(StudyDb db, Guid lookId, Func<Task> act, CancellationToken cancel)
    {
        await FindAsync(db, lookId, cancel);
        await act();
        return Results.NoContent();
    }

    private static async Task<LookInfo> FindAsync(StudyDb db, Guid lookId, CancellationToken cancel) =>
        LookInfo.Of(await Looks(db).FirstOrDefaultAsync(j => j.CampaignId == lookId, cancel) ?? throw new RefusedException("There is no such look: it may have been deleted, or kept as a campaign.", Refusal.Missing));

    // Each has one synthesis.
    private static IQueryable<SynthesisJob> Looks(StudyDb db) => db.SynthesisJobs.AsNoTracking().Where(j => db.Campaigns.Any(c => c.Id == j.CampaignId && c.MetamerSetId == null));
}

using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Accounts;
using PerceptionStudy.Server.Accounts.Api;
using PerceptionStudy.Server.Data;

namespace PerceptionStudy.Server.Campaigns;

/// <summary>A campaign in a list.</summary>
/// <param name="NeedsGpu">Whether only workers with a graphics card take it.</param>
/// <param name="Rms">Level of all metamers of sounds, full scale 1; null for as loud as the synthesis makes each.</param>
public sealed record CampaignInfo(
    Guid Id, string Name, Guid NaturalSetId, Guid PoolSetId, Guid? MetamerSetId, string Preset, int? Steps, int Seed, int Seeds, bool NeedsGpu, int NullPairs, string NullAugmentation, double? Rms, CampaignHold Hold, int Priority, DateTimeOffset CreatedAt)
{
    public static CampaignInfo Of(Campaign c) => new(c.Id, c.Name, c.NaturalSetId, c.PoolSetId, c.MetamerSetId, c.Preset, c.Steps, c.Seed, c.Seeds, c.NeedsGpu, c.NullPairs, c.NullAugmentation, c.Rms, c.Hold, c.Priority, c.CreatedAt);
}

/// <summary>How a campaign stands; counts of syntheses.</summary>
/// <param name="Estimate">What the open ones will take with the workers that live now; null before the first is done.</param>
public sealed record CampaignDetail(CampaignInfo Campaign, int Total, int Done, int Failed, int Cancelled, int Open, int Accepted, double? PerHour, CampaignEstimate? Estimate, CampaignStageInfo[] Stages);

/// <summary>In how many of a stage's accepted metamers a model sees the right category, of those that it has answered for.</summary>
public sealed record RecognitionInfo(string GeneratingModel, string Stage, string Model, int Recognised, int Answered);

/// <summary>Who recognises a campaign's metamers.</summary>
/// <param name="Missing">Answers that are still missing.</param>
public sealed record CampaignRecognition(int Missing, RecognitionInfo[] Cells);

/// <summary>How one stage stands.</summary>
/// <param name="Chance">What a match has to exceed; null before it is measured.</param>
public sealed record CampaignStageInfo(Guid StageId, string Stage, int Queued, int Running, int Done, int Failed, int Cancelled, int Accepted, double? MeanSeconds, ChanceInfo? Chance);

/// <summary>The largest values among random pairs of natural stimuli.</summary>
/// <param name="PaperSnrDb">10·log10 of the ratio of norms, as the paper's code computes it: half the usual decibels.</param>
public sealed record ChanceInfo(double Spearman, double Pearson, double PaperSnrDb);

/// <summary>Campaigns of a higher number begin first; the usual one is 0.</summary>
public sealed record NewPriority(int Priority);

/// <summary>A metamer is left out with a reason; null takes it in again.</summary>
public sealed record MetamerJudgement(string? RejectedBecause);

/// <summary>Metamers to be copied into a set: one that there is, or a new one of that name.</summary>
public sealed record MetamersToCollect(Guid[] Metamers, Guid? SetId = null, string? NewName = null);

/// <summary>What was copied; those that were in the set already are not copied again.</summary>
public sealed record CollectedInfo(Guid SetId, int Added, int AlreadyThere);

/// <summary>Campaigns over the HTTP API.</summary>
public static class CampaignEndpoints
{
    public static void MapCampaignApi(this RouteGroupBuilder api)
    {
        var campaigns = api.MapGroup("/campaigns").WithTags("Campaigns");
        campaigns.MapGet("", async (StudyDb db, [AsParameters] PageQuery page, CancellationToken cancel) => (await db.Campaigns.AsNoTracking().Where(c => c.MetamerSetId != null).PageAsync(page, cancel)).Select(CampaignInfo.Of))
            .Needs(TokenScopes.Read).WithSummary("The campaigns");
        campaigns.MapGet("/{campaignId:guid}", DetailAsync).Needs(TokenScopes.Read).WithSummary("How a campaign stands");
        campaigns.MapPost("", async (CampaignPlan plan, CampaignService service, CancellationToken cancel) =>
        {
            var started = await service.StartAsync(plan, cancel);
            return Results.Created($"/api/v1/campaigns/{started.Id}", CampaignInfo.Of(started));
        }).Needs(TokenScopes.Design).WithSummary("Start a campaign").Produces<CampaignInfo>(201);
        MapAction(campaigns, "cancel", "End what is queued and running", (service, id, cancel) => service.CancelAsync(id, cancel));
        MapAction(campaigns, "pause", "Let nothing more begin; what is under way leaves a checkpoint", (service, id, cancel) => service.PauseAsync(id, cancel));
        MapAction(campaigns, "resume", "Go on after a pause, or after the pilot", (service, id, cancel) => service.ResumeAsync(id, cancel));
        MapAction(campaigns, "retry", "Queue what failed or was cancelled again", (service, id, cancel) => service.RetryAsync(id, cancel: cancel));
        campaigns.MapPut("/{campaignId:guid}/priority", async (Guid campaignId, NewPriority priority, StudyDb db, CampaignService service, CancellationToken cancel) =>
        {
            await FindAsync(db, campaignId, cancel);
            await service.PrioritiseAsync(campaignId, priority.Priority, cancel);
            return Results.NoContent();
        }).Needs(TokenScopes.Design).WithSummary("Let a campaign begin before or after others").Produces(204);
        campaigns.MapDelete("/{campaignId:guid}", async (Guid campaignId, StudyDb db, CampaignService service, CancellationToken cancel) =>
        {
            await FindAsync(db, campaignId, cancel);
            await service.DeleteAsync(campaignId, cancel);
            return Results.NoContent();
        }).Needs(TokenScopes.Design).WithSummary("Delete a campaign; its metamers stay").Produces(204);
        campaigns.MapGet("/{campaignId:guid}/recognition", async (Guid campaignId, StudyDb db, CancellationToken cancel) =>
        {
            await FindAsync(db, campaignId, cancel);
            var recognition = await Recognition.LoadAsync(db, campaignId, cancel);
            return new CampaignRecognition(recognition.Missing, [.. recognition.Rows.SelectMany(row => row.Cells.Zip(recognition.Models, (cell, model) => new RecognitionInfo(row.Stage.Model, row.Stage.Stage, model, cell.Recognised, cell.Answered)))]);
        }).Needs(TokenScopes.Read).WithSummary("Which models recognise a campaign's metamers");
        campaigns.MapPost("/{campaignId:guid}/recognition", async (Guid campaignId, StudyDb db, ModelAnswerer answerer, CancellationToken cancel) =>
        {
            await FindAsync(db, campaignId, cancel);
            await answerer.EnqueueAllModelsAsync((await Recognition.LoadAsync(db, campaignId, cancel)).Metamers, cancel);
            return Results.Accepted($"/api/v1/campaigns/{campaignId}/recognition");
        }).Needs(TokenScopes.Design).WithSummary("Let every model that knows the categories answer for a campaign's metamers").Produces(202);
        api.MapPut("/metamers/{stimulusId:guid}/judgement", async (Guid stimulusId, MetamerJudgement judgement, StudyDb db, MetamerReview review, HttpContext http, CancellationToken cancel) =>
        {
            if (!await db.Metamers.AnyAsync(m => m.StimulusId == stimulusId, cancel)) throw new RefusedException("There is no such metamer.", Refusal.Missing);
            await review.JudgeAsync(stimulusId, string.IsNullOrWhiteSpace(judgement.RejectedBecause) ? null : judgement.RejectedBecause, http.User.Identity?.Name ?? "", cancel);
            return Results.NoContent();
        }).Needs(TokenScopes.Design).WithTags("Campaigns").WithSummary("Leave a metamer out of coming studies, or take it in again").Produces(204);
        api.MapPost("/metamers/collect", async (MetamersToCollect chosen, MetamerReview review, CancellationToken cancel) =>
        {
            var collected = await review.CollectAsync(chosen.Metamers, chosen.SetId, chosen.NewName, cancel);
            return new CollectedInfo(collected.Set.Id, collected.Added, collected.AlreadyThere);
        }).Needs(TokenScopes.Design).WithTags("Campaigns").WithSummary("Copy the accepted ones of these metamers into a set");
    }

    private static void MapAction(RouteGroupBuilder campaigns, string word, string summary, Func<CampaignService, Guid, CancellationToken, Task> act) =>
        campaigns.MapPost($"/{{campaignId:guid}}/{word}", async (Guid campaignId, StudyDb db, CampaignService service, ThisWorker here, TimeProvider clock, CancellationToken cancel) =>
        {
            await FindAsync(db, campaignId, cancel);
            await act(service, campaignId, cancel);
            return await DetailAsync(campaignId, db, here, clock, cancel);
        }).Needs(TokenScopes.Design).WithSummary(summary);

    private static async Task<CampaignDetail> DetailAsync(Guid campaignId, StudyDb db, ThisWorker here, TimeProvider clock, CancellationToken cancel)
    {
        var s = await CampaignStatus.LoadAsync(db, campaignId, cancel) ?? throw Missing();
        return new CampaignDetail(CampaignInfo.Of(s.Campaign), s.Total, s.Done, s.Failed, s.Cancelled, s.Open, s.Accepted, s.PerHour, s.Estimate(await Worker.CapacityAsync(db, clock.GetUtcNow() - here.Lease, s.Campaign.NeedsGpu, cancel)),
            [.. s.Stages.Select(x => new CampaignStageInfo(x.StageId, x.Name.ToString(), x.Queued, x.Running, x.Done, x.Failed, x.Cancelled, x.Accepted, x.MeanSeconds,
                x.Null is { } chance ? new ChanceInfo(chance.MaxSpearman, chance.MaxPearson, chance.MaxPaperSnrDb) : null))]);
    }

    private static async Task FindAsync(StudyDb db, Guid campaignId, CancellationToken cancel)
    {
        if (!await db.Campaigns.AnyAsync(c => c.Id == campaignId && c.MetamerSetId != null, cancel)) throw Missing();
    }

    private static RefusedException Missing() => new("There is no such campaign.", Refusal.Missing);
}

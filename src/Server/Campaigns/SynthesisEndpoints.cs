using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Accounts;
using PerceptionStudy.Server.Accounts.Api;
using PerceptionStudy.Server.Data;

namespace PerceptionStudy.Server.Campaigns;

/// <summary>A synthesis of a campaign or of an instant look.</summary>
/// <param name="CampaignId">The campaign, or the look.</param>
/// <param name="Seed">Seed of its initial noise.</param>
/// <param name="WorkerId">The worker that makes it, or made it last.</param>
/// <param name="NotBefore">When it is tried again; null for at once.</param>
/// <param name="Failure">One sentence why it failed, or why it is tried again; null otherwise.</param>
/// <param name="FailureLog">What its process said last; null otherwise.</param>
/// <param name="MetamerId">The metamer that came of it.</param>
public sealed record SynthesisInfo(
    Guid Id, Guid CampaignId, Guid ModelId, Guid StageId, Guid NaturalStimulusId, int Seed, SynthesisState State, int StepsDone, int StepsTotal, double? Loss, double? Seconds,
    Guid? WorkerId, int Attempts, DateTimeOffset? NotBefore, DateTimeOffset? EndedAt, string? Failure, string? FailureLog, Guid? MetamerId)
{
    public static SynthesisInfo Of(SynthesisJob j) => new(
        j.Id, j.CampaignId, j.ModelId, j.StageId, j.NaturalStimulusId, j.Seed, j.State, j.StepsDone, j.StepsTotal, j.Loss, j.Seconds, j.WorkerId, j.Attempts, j.NotBefore, j.EndedAt, j.Failure, j.FailureLog, j.MetamerStimulusId);
}

/// <summary>Single syntheses over the HTTP API.</summary>
public static class SynthesisEndpoints
{
    public static void MapSynthesisApi(this RouteGroupBuilder api)
    {
        var syntheses = api.MapGroup("/syntheses").WithTags("Workers");
        syntheses.MapGet("", async (StudyDb db, [AsParameters] PageQuery page, Guid? campaign, string? state, CancellationToken cancel) =>
        {
            var wished = StateOf(state);
            return (await db.SynthesisJobs.AsNoTracking().Where(j => (campaign == null || j.CampaignId == campaign) && (wished == null || j.State == wished)).PageAsync(page, cancel)).Select(SynthesisInfo.Of);
        }).Needs(TokenScopes.Read).WithSummary("Syntheses, all or those of a campaign or in a state").WithDescription($"The states are {States}.");
        syntheses.MapPost("/{synthesisId:guid}/retry", async (Guid synthesisId, StudyDb db, CampaignService campaigns, CancellationToken cancel) =>
        {
            var campaign = await db.SynthesisJobs.Where(j => j.Id == synthesisId).Select(j => (Guid?)j.CampaignId).FirstOrDefaultAsync(cancel) ?? throw new RefusedException("There is no such synthesis.", Refusal.Missing);
            if (await campaigns.RetryAsync(campaign, synthesisId, cancel) == 0) throw new RefusedException("Only what has failed, was set aside or was cancelled can be tried again.");
            return Results.NoContent();
        }).Needs(TokenScopes.Design).WithSummary("Queue a synthesis again that failed, was set aside or was cancelled").Produces(204);
    }

    private static string States => string.Join(", ", Enum.GetNames<SynthesisState>()).ToLowerInvariant();

    // The program writes them in small letters.
    private static SynthesisState? StateOf(string? word) => word is null ? null
        : Enum.TryParse<SynthesisState>(word, ignoreCase: true, out var state) && Enum.IsDefined(state) ? state : throw new RefusedException($"There is no state '{word}': ask for {States}.");
}

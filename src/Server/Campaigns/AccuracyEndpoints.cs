using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Accounts;
using PerceptionStudy.Server.Accounts.Api;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Models;

namespace PerceptionStudy.Server.Campaigns;

/// <summary>How often a model sees the right category in a set.</summary>
/// <param name="EndedAt">Null while it is under way.</param>
/// <param name="Unknown">Stimuli whose category the model does not know: it was not asked about them.</param>
/// <param name="Accuracy">Proportion correct of the others.</param>
/// <param name="Confusion">How often each category was taken for each.</param>
public sealed record AccuracyInfo(Guid Id, Guid SetId, DateTimeOffset AskedAt, DateTimeOffset? EndedAt, string? Failure, int Stimuli, int Unknown, double Accuracy, IReadOnlyDictionary<string, Dictionary<string, int>> Confusion)
{
    public static AccuracyInfo Of(ModelAccuracy a)
    {
        var figures = AccuracyFigures.Of(a);
        return new(a.Id, a.SetId, a.AskedAt, a.EndedAt, a.Failure, figures.Stimuli, a.Unknown, figures.Accuracy, a.Confusion);
    }
}

/// <summary>The set that a model is to be measured on.</summary>
public sealed record AccuracyRequest(Guid SetId);

/// <summary>Accuracy of models over the HTTP API.</summary>
public static class AccuracyEndpoints
{
    public static void MapAccuracyApi(this RouteGroupBuilder api)
    {
        var accuracies = api.MapGroup("/models/{modelId:guid}/accuracies").WithTags("Models");
        accuracies.MapGet("", async (Guid modelId, StudyDb db, [AsParameters] PageQuery page, CancellationToken cancel) =>
        {
            await ModelEndpoints.FindAsync(db, modelId, cancel);
            return (await db.ModelAccuracies.AsNoTracking().Where(a => a.ModelId == modelId).PageAsync(page, cancel)).Select(AccuracyInfo.Of);
        }).Needs(TokenScopes.Read).WithSummary("How often a model saw the right category, set by set");
        accuracies.MapPost("", async (Guid modelId, AccuracyRequest request, StudyDb db, AccuracyRun run, CancellationToken cancel) =>
        {
            await ModelEndpoints.FindAsync(db, modelId, cancel);
            var id = await run.RequestAsync(modelId, request.SetId, cancel);
            return Results.Accepted($"/api/v1/models/{modelId}/accuracies", AccuracyInfo.Of(await db.ModelAccuracies.AsNoTracking().FirstAsync(a => a.Id == id, cancel)));
        }).Needs(TokenScopes.Design).WithSummary("Let a worker measure a model on a set").Produces<AccuracyInfo>(202);
    }
}

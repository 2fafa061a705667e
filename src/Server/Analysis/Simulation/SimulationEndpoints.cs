using PerceptionStudy.Server.Accounts;
using PerceptionStudy.Server.Accounts.Api;
using PerceptionStudy.Server.Data;

namespace PerceptionStudy.Server.Analysis.Simulation;

/// <summary>Synthetic observers to be sent through a study.</summary>
public sealed record SimulationRequest
{
    /// <summary>1 to 500.</summary>
    public required int Observers { get; init; }

    /// <summary>How well they recognise.</summary>
    public ObserverProfile Profile { get; init; } = new();

    /// <summary>The draft as it is saved, in the place of the latest published version.</summary>
    public bool Draft { get; init; }

    /// <summary>The same seed on the same data gives the same answers.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>What is wrong with it, as a sentence; null for nothing.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public string? Problem => Observers is < 1 or > 500 ? "Send 1 to 500 observers." : Profile.Problem;
}

/// <summary>What was simulated.</summary>
/// <param name="Version">The version that they answered, below 0 for a frozen draft: <c>results?synthetic=true&amp;version=</c> reads it.</param>
public sealed record SimulationInfo(int Version, int Observers);

/// <summary>How many synthetic observers were removed.</summary>
public sealed record SimulationRemoved(int Observers);

/// <summary>Power, precision and simulation over the HTTP API.</summary>
public static class SimulationEndpoints
{
    public static void MapSimulationApi(this RouteGroupBuilder api)
    {
        var study = api.MapGroup("/studies/{studyId:guid}").WithTags("Simulation");
        study.MapPost("/power", (Guid studyId, PowerQuestion question, PowerEstimate power, CancellationToken cancel) => power.OfAsync(studyId, question, cancel))
            .Needs(TokenScopes.Read).WithSummary("How exact the answer of the saved draft will be with so many people");
        study.MapPost("/synthetic-observers", async (Guid studyId, SimulationRequest request, StudySimulation simulation, CancellationToken cancel) =>
        {
            if (request.Problem is { } problem) throw new RefusedException(problem);
            return new SimulationInfo((await simulation.RunAsync(studyId, request.Observers, request.Profile, request.Seed, request.Draft, cancel: cancel)).Number, request.Observers);
        }).Needs(TokenScopes.Design).WithSummary("Send synthetic observers through a study, or through its draft")
            .WithDescription("They are marked as synthetic, take no places and are never read together with people. The answer comes when all are through.");
        study.MapDelete("/synthetic-observers", async (Guid studyId, StudySimulation simulation, bool draft = false, CancellationToken cancel = default) =>
            new SimulationRemoved(await simulation.RemoveAsync(studyId, draft, cancel))).Needs(TokenScopes.Design).WithSummary("Delete the synthetic observers of a study, or those of its draft");
    }
}

using PerceptionStudy.Server.Accounts;
using PerceptionStudy.Server.Accounts.Api;
using PerceptionStudy.Server.Data;

namespace PerceptionStudy.Server.Campaigns;

/// <summary>A worker.</summary>
/// <param name="Provider">What it computes on: <c>cpu</c>, <c>cuda</c> or <c>webgpu</c>.</param>
/// <param name="Cage">What its processes are shut in by.</param>
/// <param name="Concurrency">How many syntheses it runs at a time.</param>
/// <param name="Silent">Whether it has given no sign of life for longer than it should.</param>
/// <param name="Syntheses">What it makes now.</param>
public sealed record WorkerInfo(Guid Id, string Name, string Provider, string Cage, int Concurrency, DateTimeOffset StartedAt, DateTimeOffset HeartbeatAt, bool Stopping, bool Silent, Guid[] Syntheses)
{
    public static WorkerInfo Of(WorkerLine line) => new(line.Worker.Id, line.Worker.Name, line.Worker.Provider, line.Worker.Cage, line.Worker.Concurrency, line.Worker.StartedAt, line.Worker.HeartbeatAt,
        line.Worker.Stopping, line.Silent, [.. line.Jobs.Select(j => j.Job.Id)]);
}

/// <summary>The workers, all of them, and what waits for them.</summary>
/// <param name="Waiting">Syntheses that any worker may take now.</param>
/// <param name="WaitingForGpu">Those that only a worker with a graphics card may take.</param>
public sealed record WorkersInfo(WorkerInfo[] Workers, int Waiting, int WaitingForGpu);

/// <summary>Workers over the HTTP API.</summary>
public static class WorkerEndpoints
{
    public static void MapWorkerApi(this RouteGroupBuilder api) =>
        api.MapGet("/workers", async (StudyDb db, ThisWorker here, TimeProvider clock, CancellationToken cancel) =>
        {
            var status = await WorkersStatus.LoadAsync(db, clock.GetUtcNow(), here.Lease, cancel);
            return new WorkersInfo([.. status.Workers.Select(WorkerInfo.Of)], status.Waiting, status.WaitingForGpu);
        }).Needs(TokenScopes.Read).WithTags("Workers").WithSummary("The workers, what they do, and what waits for them").WithDescription("A worker is stopped where it runs; what it leaves, another goes on with.");
}

using System.Threading.Channels;
using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Studies.OnDemand;

namespace PerceptionStudy.Server.Participation.OnDemand;

/// <summary>
/// Orders what sessions will show, one session after the other and away from the requests of browsers: nobody waits for an order. What is asked for several times meanwhile is ordered
/// once. An order that is lost with the process, or with the database, is made up for by the next trial.
/// </summary>
public sealed class SessionOrders(IDbContextFactory<StudyDb> databases, PublishedDesigns designs, OnDemandOrders orders, TimeProvider time) : BackgroundService
{
    /// <summary>A trial takes about so long: by it the syntheses of many sessions are put in order.</summary>
    private static readonly TimeSpan TrialTakes = TimeSpan.FromSeconds(3);

    private readonly Channel<(Guid SessionId, bool Plan)> asked = Channel.CreateUnbounded<(Guid, bool)>(new UnboundedChannelOptions { SingleReader = true });

    /// <summary>Asks for what the next trials of a session need, as many as the look-ahead window holds; what is on its way already comes sooner, where it has to.</summary>
    public void Ask(Guid sessionId) => asked.Writer.TryWrite((sessionId, false));

    /// <summary>Asks for all that the plan of a session that has just begun will show.</summary>
    public void AskPlan(Guid sessionId) => asked.Writer.TryWrite((sessionId, true));

    /// <summary>Orders it now.</summary>
    /// <param name="plan">Whether all open trials are meant, or the next ones.</param>
    public async Task OrderAsync(Guid sessionId, bool plan, CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        // It may be gone: a session that was withdrawn, or a test.
        if (await db.Sessions.Where(s => s.Id == sessionId).Select(s => (Guid?)s.StudyVersionId).FirstOrDefaultAsync(cancel) is not { } versionId) return;
        var design = await designs.OfAsync(db, versionId, cancel);
        if (!design.OnDemand.Any) return;
        var look = await SettlementLook.ToOrderAsync(db, versionId, design, sessionId, plan ? null : design.OnDemand.AheadTrials + 1, cancel);
        // Before the first main trial come the practice and the reading.
        await orders.OrderAsync(versionId, design, look.Wishes(time.GetUtcNow() + (plan ? TrialTakes : TimeSpan.Zero), TrialTakes), cancel);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (await asked.Reader.WaitToReadAsync(stoppingToken))
        {
            var sessions = new Dictionary<Guid, bool>();
            while (asked.Reader.TryRead(out var ask)) sessions[ask.SessionId] = ask.Plan || sessions.GetValueOrDefault(ask.SessionId);
            // Somebody may wait for the next trials, and nobody for a whole plan.
            foreach (var (sessionId, plan) in sessions.OrderBy(s => s.Value))
            {
                try
                {
                    await OrderAsync(sessionId, plan, stoppingToken);
                }
                catch (Exception e) when (Rounds.IsOfDatabase(e))
                {
                    // EF Core has logged it.
                }
            }
        }
    }
}

using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Studies;
using PerceptionStudy.Server.Studies.OnDemand;

namespace PerceptionStudy.Server.Participation.OnDemand;

/// <summary>
/// Settles what a trial shows, at the moment when the browser asks for its picture: the plan that the browser has stays the same, since its addresses say
/// nothing, and what stands behind an address changes until it was asked for, and never after. One transaction for each trial, behind the session's row.
/// </summary>
public sealed class TrialSettlement(IDbContextFactory<StudyDb> databases, PublishedDesigns designs, OnDemandOrders orders, TimeProvider time)
{
    /// <summary>A trial takes about so long: by it the syntheses of many sessions are put in order.</summary>
    private static readonly TimeSpan TrialTakes = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(150);

    // A seed may have failed meanwhile, so that the next one has to be ordered.
    private const int GlancesForAnOrder = 4;

    /// <summary>Orders what the plan of a session that has just begun will show.</summary>
    public async Task OrderPlanAsync(Guid sessionId, CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var versionId = await db.Sessions.Where(s => s.Id == sessionId).Select(s => s.StudyVersionId).FirstAsync(cancel);
        var design = await designs.OfAsync(db, versionId, cancel);
        var first = design.OnDemand.Any ? await db.Trials.Where(t => t.SessionId == sessionId && t.IsOpen).OrderBy(t => t.Position).Select(t => t.Id).FirstOrDefaultAsync(cancel) : default;
        if (first == default) return;
        var look = await SettlementLook.AtAsync(db, versionId, design, sessionId, first, tracked: false, cancel);
        // Before the first main trial come the practice and the reading.
        if (look is not null) await orders.OrderAsync(versionId, design, look.Wishes(look.Open.Open.Count, time.GetUtcNow() + TrialTakes, TrialTakes), cancel);
    }

    /// <summary>Returns when it is settled what the trial shows: at once, or when something in the look-ahead window is ready, or with the fallback when the patience of the design is over.</summary>
    public async Task SettleAsync(Guid versionId, Guid sessionId, Guid trialId, CancellationToken cancel = default)
    {
        var asked = time.GetTimestamp();
        await using var db = await databases.CreateDbContextAsync(cancel);
        var design = await designs.OfAsync(db, versionId, cancel);
        for (var glance = 0; ; glance++)
        {
            var late = time.GetElapsedTime(asked).TotalMilliseconds >= design.OnDemand.PatienceMs;
            // Looked at without a lock first: who waits shall hold nobody up.
            var look = await SettlementLook.AtAsync(db, versionId, design, sessionId, trialId, tracked: false, cancel);
            if (look is null) return;
            if (glance % GlancesForAnOrder == 0) await orders.OrderAsync(versionId, design, look.Wishes(design.OnDemand.AheadTrials + 1, time.GetUtcNow(), TrialTakes), cancel);
            if ((late || look.Choose() is not null) && await TryAsync(versionId, design, sessionId, trialId, asked, late, cancel)) return;
            await Task.Delay(Glance, time, cancel);
        }
    }

    private async Task<bool> TryAsync(Guid versionId, StudyDesign design, Guid sessionId, Guid trialId, long asked, bool late, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        // Writing the session's row onto itself lets its settlements and answers come one after the other.
        await db.Sessions.Where(s => s.Id == sessionId).ExecuteUpdateAsync(session => session.SetProperty(s => s.LastSeenAt, s => s.LastSeenAt), cancel);
        var look = await SettlementLook.AtAsync(db, versionId, design, sessionId, trialId, tracked: true, cancel);
        if (look is null) return true;
        if (!look.Settle(late, time.GetElapsedTime(asked).TotalMilliseconds, db)) return false;
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return true;
    }
}

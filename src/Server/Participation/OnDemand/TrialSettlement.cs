using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Campaigns;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Studies;

namespace PerceptionStudy.Server.Participation.OnDemand;

/// <summary>
/// Settles what a trial shows, at the moment when the browser asks for its picture or sound: the plan that the browser has stays the same, since its addresses say
/// nothing, and what stands behind an address changes until it was asked for, and never after. One transaction for each trial, behind the session's row.
/// </summary>
/// <remarks>
/// How long it takes is bounded: the patience of the design, and two settlements, which read no more than the look-ahead window holds. Who waits looks once in a while, with one query,
/// whether anything has changed; what has to be made is ordered elsewhere (<see cref="SessionOrders"/>).
/// </remarks>
public sealed class TrialSettlement(IDbContextFactory<StudyDb> databases, PublishedDesigns designs, SessionOrders orders, TimeProvider time)
{
    /// <summary>Between two looks whether something is ready.</summary>
    internal static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(150);

    /// <summary>Returns when it is settled what the trial shows: at once, or when something in the look-ahead window is ready, or with the fallback when the patience of the design is over.</summary>
    public async Task SettleAsync(Guid versionId, Guid sessionId, Guid trialId, CancellationToken cancel = default)
    {
        var asked = time.GetTimestamp();
        await using var db = await databases.CreateDbContextAsync(cancel);
        var design = await designs.OfAsync(db, versionId, cancel);
        for (long? seen = null; ;)
        {
            var late = Left() <= TimeSpan.Zero;
            var ended = late ? null : await EndedAsync(db, versionId, sessionId, cancel);
            if (late || ended != seen)
            {
                // The order of things may have changed, or a seed failed, so that the next one has to be ordered.
                orders.Ask(sessionId);
                if (await TryAsync(versionId, design, sessionId, trialId, asked, late, cancel)) return;
                seen = ended;
            }
            if (Left() is var left && left > TimeSpan.Zero) await Task.Delay(left < Glance ? left : Glance, time, cancel);
        }

        TimeSpan Left() => TimeSpan.FromMilliseconds(design.OnDemand.PatienceMs) - time.GetElapsedTime(asked);
    }

    /// <summary>A number that grows with every synthesis of the version that ends, and with every answer of the session, by which a closed loop chooses.</summary>
    private static async Task<long?> EndedAsync(StudyDb db, Guid versionId, Guid sessionId, CancellationToken cancel) => await db.Sessions.Where(s => s.Id == sessionId).Select(s => (long?)(
        db.SynthesisJobs.Count(j => j.CampaignId == versionId && j.State != SynthesisState.Queued && j.State != SynthesisState.Running)
        + db.Trials.Count(t => t.SessionId == sessionId && t.Response != null))).FirstOrDefaultAsync(cancel) ?? 0;

    private async Task<bool> TryAsync(Guid versionId, StudyDesign design, Guid sessionId, Guid trialId, long asked, bool late, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        // Writing the session's row onto itself lets its settlements and answers come one after the other.
        await db.Sessions.Where(s => s.Id == sessionId).ExecuteUpdateAsync(session => session.SetProperty(s => s.LastSeenAt, s => s.LastSeenAt), cancel);
        if (await SettlementLook.ToSettleAsync(db, versionId, design, sessionId, trialId, cancel) is not { } look) return true;
        if (!look.Settle(late, time.GetElapsedTime(asked).TotalMilliseconds, db)) return false;
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return true;
    }
}

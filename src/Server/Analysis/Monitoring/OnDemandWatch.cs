using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Campaigns;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Participation;
using PerceptionStudy.Server.Studies;
using PerceptionStudy.Server.Studies.OnDemand;

namespace PerceptionStudy.Server.Analysis.Monitoring;

/// <summary>How making on demand goes in the latest version of a study, among people.</summary>
/// <param name="Queued">Syntheses that wait for a worker.</param>
/// <param name="Running">Syntheses under way.</param>
/// <param name="Made">Metamers that can be shown.</param>
/// <param name="Failed">Syntheses that came to nothing that may be shown: failed, or below the criteria.</param>
/// <param name="SecondsToReady">Median and 95 % quantile of the time from order to metamer; null while none is made.</param>
/// <param name="Shown">Settled trials that showed a metamer made on demand.</param>
/// <param name="Pregenerated">Settled trials that fell back to a pregenerated one.</param>
/// <param name="Natural">Settled trials that fell back to the natural stimulus.</param>
/// <param name="WaitedMs">Median and longest wait of a browser for a picture, over all trials settled late; null without any.</param>
/// <param name="PoolAsFrozen">False where the pictures of the null distributions have changed since publication, so that nothing more is made.</param>
public sealed record OnDemandState(
    int Queued, int Running, int Made, int Failed, (double Median, double Most)? SecondsToReady, int Shown, int Pregenerated, int Natural, (double Median, double Longest)? WaitedMs, bool PoolAsFrozen)
{
    /// <summary>Share of the trials that should show a metamer on demand and did; null without any.</summary>
    public double? Share => Shown + Pregenerated + Natural is > 0 and var all ? (double)Shown / all : null;

    /// <summary>Null where nothing is made on demand.</summary>
    public static async Task<OnDemandState?> LoadAsync(StudyDb db, StudyVersion? version, CancellationToken cancel = default)
    {
        if (version is null || !version.Design.OnDemand.Any) return null;
        var jobs = await (
            from job in db.SynthesisJobs.AsNoTracking()
            where job.CampaignId == version.Id
            join metamer in db.Metamers on job.MetamerStimulusId equals metamer.StimulusId into found
            from metamer in found.DefaultIfEmpty()
            select new { job.State, job.RequestedAt, job.EndedAt, Accepted = metamer != null && metamer.MeetsCriteria && metamer.RejectedBecause == null }).ToListAsync(cancel);
        var made = jobs.Where(j => j.State == SynthesisState.Done && j.Accepted).ToList();
        var trials = await (
            from session in db.Sessions
            join trial in db.Trials on session.Id equals trial.SessionId
            where session.StudyVersionId == version.Id && session.ObserverType == ObserverType.Human && trial.WaitedMs != null
            select new { trial.OnDemand, trial.Fallback, Waited = trial.WaitedMs!.Value }).ToListAsync(cancel);
        double[] seconds = [.. made.Where(j => j is { RequestedAt: not null, EndedAt: not null }).Select(j => (j.EndedAt!.Value - j.RequestedAt!.Value).TotalSeconds).Order()];
        double[] waits = [.. trials.Select(t => t.Waited).Order()];
        return new OnDemandState(
            jobs.Count(j => j.State == SynthesisState.Queued), jobs.Count(j => j.State == SynthesisState.Running), made.Count,
            jobs.Count(j => j.State is SynthesisState.Failed or SynthesisState.Cancelled || (j.State == SynthesisState.Done && !j.Accepted)),
            seconds.Length == 0 ? null : (At(seconds, 0.5), At(seconds, 0.95)),
            trials.Count(t => t is { OnDemand: true, Fallback: null }), trials.Count(t => t.Fallback == OnDemandFallback.Pregenerated), trials.Count(t => t.Fallback == OnDemandFallback.Natural),
            waits.Length == 0 ? null : (At(waits, 0.5), waits[^1]), await OnDemandOrders.IsPoolAsFrozenAsync(db, version.Id, version.Design, cancel));
    }

    private static double At(double[] sorted, double share) => sorted[Math.Min(sorted.Length - 1, (int)(share * sorted.Length))];
}

using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Stimuli;

namespace PerceptionStudy.Server.Campaigns;

/// <summary>A synthesis with names instead of ids, as the page of the workers lists it.</summary>
public sealed record ListedJob(SynthesisJob Job, string Campaign, StageName Stage, string Natural);

/// <summary>A worker and what it does.</summary>
/// <param name="Worker">Its row.</param>
/// <param name="Silent">Whether it has given no sign of life for longer than it should.</param>
/// <param name="Jobs">Its syntheses under way.</param>
public sealed record WorkerLine(Worker Worker, bool Silent, IReadOnlyList<ListedJob> Jobs);

/// <summary>Workers, what waits for them, and what was set aside: one look at the database.</summary>
/// <param name="Workers">The oldest first.</param>
/// <param name="Waiting">Syntheses that any worker may take now.</param>
/// <param name="WaitingForGpu">Those that only a worker with a graphics card may take.</param>
/// <param name="Postponed">Those that are tried again later, the next first; at most 50.</param>
/// <param name="Failed">Those that failed or were set aside, the last first; at most 50.</param>
public sealed record WorkersStatus(IReadOnlyList<WorkerLine> Workers, int Waiting, int WaitingForGpu, IReadOnlyList<ListedJob> Postponed, IReadOnlyList<ListedJob> Failed)
{
    private const int Most = 50;

    public static async Task<WorkersStatus> LoadAsync(StudyDb db, DateTimeOffset now, TimeSpan lease, CancellationToken cancel = default)
    {
        var running = await ListAsync(db, db.SynthesisJobs.Where(j => j.State == SynthesisState.Running).OrderBy(j => j.Id).Take(10 * Most), cancel);
        var workers = await db.Workers.AsNoTracking().OrderBy(w => w.StartedAt).ToListAsync(cancel);
        var waiting = SynthesisQueue.Waiting(db, now, withGpu: true);
        return new WorkersStatus(
            [.. workers.Select(w => new WorkerLine(w, w.HeartbeatAt < now - lease / 2, [.. running.Where(r => r.Job.WorkerId == w.Id)]))],
            await waiting.CountAsync(w => !w.NeedsGpu, cancel), await waiting.CountAsync(w => w.NeedsGpu, cancel),
            await ListAsync(db, db.SynthesisJobs.Where(j => j.State == SynthesisState.Queued && j.NotBefore > now).OrderBy(j => j.NotBefore).Take(Most), cancel),
            await ListAsync(db, db.SynthesisJobs.Where(j => j.State == SynthesisState.Failed).OrderByDescending(j => j.EndedAt).Take(Most), cancel));
    }

    private static async Task<List<ListedJob>> ListAsync(StudyDb db, IQueryable<SynthesisJob> jobs, CancellationToken cancel)
    {
        var rows = await (from job in jobs.AsNoTracking()
                          join campaign in db.Campaigns on job.CampaignId equals campaign.Id
                          join stage in db.Stages on job.StageId equals stage.Id
                          join model in db.Models on job.ModelId equals model.Id
                          join natural in db.Stimuli on job.NaturalStimulusId equals natural.Id
                          select new { Job = job, Campaign = campaign.MetamerSetId == null ? "instant look" : campaign.Name, Model = model.Name, Stage = stage.Name, Natural = natural.Name }).ToListAsync(cancel);
        return [.. rows.Select(r => new ListedJob(r.Job, r.Campaign, new StageName(r.Model, StageName.Label(r.Stage, r.Job.LossLevel)), r.Natural))];
    }
}

using System.Text.Json;
using Hangfire;
using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Models;
using PerceptionStudy.Server.Stimuli;
using PerceptionStudy.Synthesis.Hosting;

namespace PerceptionStudy.Server.Campaigns;

/// <summary>Lets models answer the forced-choice question for stimuli, each once.</summary>
public sealed class ModelAnswerer(IDbContextFactory<StudyDb> databases, BlobStore blobs, SynthesisHosts hosts, IBackgroundJobClient engine, JobStorage storage)
{
    private const int Batch = 64;

    /// <summary>Lets a worker compute the answers that are missing. A model whose file is missing, or that knows no categories, is not asked before it can answer.</summary>
    public async Task EnqueueMissingAsync(IReadOnlyCollection<Guid> modelIds, IReadOnlyCollection<Guid> stimulusIds, CancellationToken cancel = default)
    {
        if (stimulusIds.Count == 0) return;
        await using var db = await databases.CreateDbContextAsync(cancel);
        foreach (var modelId in modelIds)
        {
            var missing = await MissingAsync(db, modelId, stimulusIds, cancel);
            if (missing.Count == 0 || await db.Models.AsNoTracking().FirstOrDefaultAsync(m => m.Id == modelId, cancel) is not { FileMissing: false, Pipeline.Categories.Count: > 0 }) continue;
            // The engine keeps a job's arguments in its storage, so they stay short.
            foreach (var part in missing.Chunk(500))
                engine.Enqueue<ModelAnswerer>(Queues.Answers, answerer => answerer.ComputeMissingAsync(new[] { modelId }, part, CancellationToken.None));
        }
    }

    /// <summary>Lets every registered model of the medium that knows a metamer's category answer for it, where it has not yet: who else recognises it?</summary>
    public async Task EnqueueAllModelsAsync(IReadOnlyCollection<Guid> stimulusIds, CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var stimuli = await Asked.Of(db.Stimuli.Where(s => stimulusIds.Contains(s.Id))).ToListAsync(cancel);
        foreach (var model in await db.Models.AsNoTracking().Where(m => !m.FileMissing).ToListAsync(cancel))
            await EnqueueMissingAsync([model.Id], FittingOf(model, stimuli), cancel);
    }

    /// <summary>
    /// Asks again for answers about accepted metamers that every model of that time was asked for when they were finished, and that are missing: the embedded engine
    /// forgets at a stop what it had to do, and to ask may have failed. Does nothing while other answers wait.
    /// </summary>
    /// <param name="since">Only for metamers finished after this time.</param>
    public async Task RecoverAsync(DateTimeOffset since, CancellationToken cancel = default)
    {
        if (storage.GetMonitoringApi().EnqueuedCount(Queues.Answers) > 0) return;
        await using var db = await databases.CreateDbContextAsync(cancel);
        foreach (var model in await db.Models.AsNoTracking().Where(m => !m.FileMissing).ToListAsync(cancel))
        {
            var from = model.RegisteredAt > since ? model.RegisteredAt : since;
            var missing = await Asked.Of(db.SynthesisJobs.Where(j => j.State == SynthesisState.Done && j.EndedAt >= from)
                .Join(db.Stimuli.Where(s => s.Metamer!.MeetsCriteria && s.Metamer.RejectedBecause == null), j => j.MetamerStimulusId, s => s.Id, (j, s) => s)
                .Where(s => !db.ModelAnswers.Any(a => a.ModelId == model.Id && a.StimulusId == s.Id))).ToListAsync(cancel);
            await EnqueueMissingAsync([model.Id], FittingOf(model, missing), cancel);
        }
    }

    /// <summary>Computes the answers that are missing, now.</summary>
    /// <exception cref="SynthesisException">A model cannot answer; the message says why.</exception>
    [AutomaticRetry(Attempts = 3)]
    public async Task ComputeMissingAsync(IReadOnlyCollection<Guid> modelIds, IReadOnlyCollection<Guid> stimulusIds, CancellationToken cancel = default)
    {
        foreach (var modelId in modelIds)
        {
            await using var db = await databases.CreateDbContextAsync(cancel);
            if (await db.Models.AsNoTracking().FirstOrDefaultAsync(m => m.Id == modelId, cancel) is not { } model) continue;
            foreach (var part in (await MissingAsync(db, modelId, stimulusIds, cancel)).Chunk(Batch)) await ComputeAsync(model, part, cancel);
        }
    }

    private async Task ComputeAsync(RegisteredModel model, Guid[] stimulusIds, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var (pipeline, asked) = (model.Pipeline, await db.Stimuli.AsNoTracking().Where(s => stimulusIds.Contains(s.Id)).Select(s => new { s.Id, s.Sha256, s.MediaType }).ToListAsync(cancel));
        // To a model of sounds a picture says nothing.
        var stimuli = asked.Where(s => MediumWords.MediumOf(s.MediaType) == pipeline.Medium()).ToList();
        if (stimuli.Count == 0) return;
        var files = new List<string>();
        foreach (var stimulus in stimuli) files.Add(await blobs.FetchAsync(stimulus.Sha256, cancel));
        var request = new ObserveStimuli(await blobs.FetchAsync(model.Sha256, cancel), pipeline, [.. files]);
        var answers = (await hosts.ForAnswers.CallAsync<ModelAnswers>(request, cancel: cancel)).Answers;
        var rows = stimuli.Zip(answers, (stimulus, answer) =>
            new ModelAnswer
            {
                ModelId = model.Id, StimulusId = stimulus.Id, Category = answer.Category, ClassIndex = answer.ClassIndex, ScoresJson = JsonSerializer.Serialize(answer.Scores),
            }).ToList();

        // Another worker may have answered for some of them meanwhile, the same way; or at this very moment.
        for (var attempt = 1; ; attempt++)
        {
            var there = await db.ModelAnswers.Where(a => a.ModelId == model.Id && stimulusIds.Contains(a.StimulusId)).Select(a => a.StimulusId).ToListAsync(cancel);
            db.ModelAnswers.AddRange(rows.Where(r => !there.Contains(r.StimulusId)));
            try
            {
                await db.SaveChangesAsync(cancel);
                return;
            }
            catch (DbUpdateException) when (attempt < 3)
            {
                db.ChangeTracker.Clear();
            }
        }
    }

    private static async Task<List<Guid>> MissingAsync(StudyDb db, Guid modelId, IReadOnlyCollection<Guid> stimulusIds, CancellationToken cancel)
    {
        var answered = (await db.ModelAnswers.Where(a => a.ModelId == modelId).Select(a => a.StimulusId).ToListAsync(cancel)).ToHashSet();
        return [.. stimulusIds.Distinct().Where(id => !answered.Contains(id))];
    }

    private static Guid[] FittingOf(RegisteredModel model, IEnumerable<Asked> stimuli)
    {
        var pipeline = model.Pipeline;
        return [.. stimuli.Where(s => MediumWords.MediumOf(s.MediaType) == pipeline.Medium() && pipeline.Categories.ContainsKey(s.Category)).Select(s => s.Id)];
    }

    private sealed record Asked(Guid Id, string Category, string MediaType)
    {
        public static IQueryable<Asked> Of(IQueryable<Stimulus> stimuli) => stimuli.Select(s => new Asked(s.Id, s.Category, s.MediaType));
    }
}

using Hangfire;
using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Stimuli;
using PerceptionStudy.Synthesis.Hosting;

namespace PerceptionStudy.Server.Campaigns;

/// <summary>Lets a model answer for every stimulus of a set, and counts.</summary>
public sealed class AccuracyRun(IDbContextFactory<StudyDb> databases, ModelAnswerer answerer, IBackgroundJobClient engine, TimeProvider clock)
{
    /// <summary>Asks a worker for the accuracy of a model on a set.</summary>
    /// <exception cref="RefusedException">The model cannot answer about any of the stimuli.</exception>
    public async Task<Guid> RequestAsync(Guid modelId, Guid setId, CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var model = await db.Models.AsNoTracking().FirstAsync(m => m.Id == modelId, cancel);
        if (model.FileProblem is { } missing) throw new RefusedException(missing);
        if (model.Pipeline.Categories.Count == 0)
            throw new RefusedException($"{model.Name} does not know the categories yet: say on its page which of its classes belong to each.");
        var medium = model.Pipeline.Medium();
        if (await db.StimulusSets.AnyAsync(s => s.Id == setId && s.Medium != medium, cancel)) throw new RefusedException($"{model.Name} takes {medium.Many()}: choose a set of those.");
        var categories = await db.Stimuli.Where(s => s.SetId == setId).Select(s => s.Category).Distinct().ToListAsync(cancel);
        if (!categories.Exists(model.Pipeline.Categories.ContainsKey))
            throw new RefusedException($"{model.Name} knows none of the set's categories ({string.Join(", ", categories.Take(5))}): take another set, or add them to its class map.");
        var row = new ModelAccuracy { Id = Guid.CreateVersion7(), ModelId = modelId, SetId = setId, AskedAt = clock.GetUtcNow() };
        db.ModelAccuracies.Add(row);
        await db.SaveChangesAsync(cancel);
        Enqueue(row.Id);
        return row.Id;
    }

    /// <summary>Hands those that a stopped server left over to the engine again.</summary>
    public async Task RecoverAsync(CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        foreach (var id in await db.ModelAccuracies.Where(a => a.EndedAt == null).Select(a => a.Id).ToListAsync(cancel)) Enqueue(id);
    }

    [AutomaticRetry(Attempts = 0)]
    public async Task RunAsync(Guid id, CancellationToken stopping)
    {
        await using var db = await databases.CreateDbContextAsync(stopping);
        if (await db.ModelAccuracies.FirstOrDefaultAsync(a => a.Id == id && a.EndedAt == null, stopping) is not { } row) return;
        var model = await db.Models.AsNoTracking().FirstAsync(m => m.Id == row.ModelId, stopping);
        var stimuli = await db.Stimuli.Where(s => s.SetId == row.SetId).Select(s => new { s.Id, s.Category }).ToListAsync(stopping);
        var known = stimuli.Where(s => model.Pipeline.Categories.ContainsKey(s.Category)).ToList();
        row.Unknown = stimuli.Count - known.Count;
        try
        {
            await answerer.ComputeMissingAsync([model.Id], [.. known.Select(s => s.Id)], stopping);
            var answers = await db.ModelAnswers.Where(a => a.ModelId == model.Id && db.Stimuli.Any(s => s.SetId == row.SetId && s.Id == a.StimulusId))
                .ToDictionaryAsync(a => a.StimulusId, a => a.Category, stopping);
            row.Confusion = known.GroupBy(s => s.Category).OrderBy(g => g.Key, StringComparer.Ordinal)
                .ToDictionary(g => g.Key, g => g.CountBy(s => answers[s.Id]).OrderBy(a => a.Key, StringComparer.Ordinal).ToDictionary());
        }
        catch (SynthesisException e)
        {
            row.Failure = e.Message;
        }
        row.EndedAt = clock.GetUtcNow();
        await db.SaveChangesAsync(CancellationToken.None);
    }

    private void Enqueue(Guid id) => engine.Enqueue<AccuracyRun>(Queues.Answers, run => run.RunAsync(id, CancellationToken.None));
}

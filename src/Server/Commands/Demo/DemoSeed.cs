using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Models;
using PerceptionStudy.Server.Stimuli;
using PerceptionStudy.Synthesis.Hosting;

namespace PerceptionStudy.Server.Commands.Demo;

/// <summary>What came of seeding, as one sentence.</summary>
public sealed record DemoSeeded(bool Done, string Sentence);

/// <summary>
/// Fills the database with the demo: models, pictures and words, a finished campaign for each model, open studies. Everything is one transaction:
/// either the whole demo is there, or nothing of it.
/// </summary>
public sealed class DemoSeed(IDbContextFactory<StudyDb> databases, BlobStore blobs, ModelRegistry registry, TimeProvider clock)
{
    /// <summary>Whether nobody has done anything with this database yet.</summary>
    public async Task<bool> IsUntouchedAsync(CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return !(await db.Users.AnyAsync(cancel) || await db.Models.AnyAsync(cancel) || await db.StimulusSets.AnyAsync(cancel) || await db.Studies.AnyAsync(cancel));
    }

    /// <summary>Loads the demo; where it is already, nothing changes.</summary>
    /// <exception cref="RefusedException">The folder holds no demo, or something of that name is in the way.</exception>
    public async Task<DemoSeeded> RunAsync(DemoFolder folder, CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        if (await db.Studies.AnyAsync(s => s.LinkKey == DemoStudy.LinkKey, cancel)) return new DemoSeeded(false, "The demo is here already.");
        if (!folder.Exists) throw new RefusedException($"There is no demo in {folder.Path}: copy the folder demo of the repository there, or name its place by the setting DemoFolder.");

        var now = clock.GetUtcNow();
        var loaded = new List<string>();
        foreach (var part in folder.Parts)
        {
            var naturals = await SetAsync(db, $"demo: {part.Name}", part, await part.NaturalsAsync(cancel), now, cancel);
            var apart = await part.NullPoolAsync(cancel);
            var pool = apart.Count > 0 ? await SetAsync(db, "demo: null pool", part, apart, now, cancel) : naturals;
            var campaigns = new List<DemoCampaign>();
            foreach (var file in part.Models) campaigns.Add(await CampaignAsync(db, part, file, naturals, pool, now, cancel));
            db.Studies.Add(DemoStudy.Of(part.Medium, naturals, campaigns, now));
            loaded.Add($"{campaigns.Count} models, {naturals.Stimuli.Count} {part.Name}, {campaigns.Sum(c => c.MetamerSet.Stimuli.Count)} metamers");
        }
        await db.SaveChangesAsync(cancel);
        return new DemoSeeded(true, $"The demo is loaded: {string.Join("; ", loaded)}; {(loaded.Count == 1 ? "a study" : "two studies")} on the home page.");
    }

    private async Task<DemoCampaign> CampaignAsync(StudyDb db, DemoPart part, string file, StimulusSet naturals, StimulusSet pool, DateTimeOffset now, CancellationToken cancel)
    {
        var model = await ModelAsync(file, part, cancel);
        if (await db.Models.AnyAsync(m => m.Sha256 == model.Sha256 || m.Name == model.Name, cancel))
            throw new RefusedException($"A model called “{model.Name}”, or the same file, is here already: delete or rename it before the demo is loaded.");
        var metamers = await part.MetamersAsync(model.Name, cancel);
        await StoreAsync(metamers.Select(m => m.Path), cancel);
        var campaign = DemoCampaign.Of(model, naturals, pool, metamers, now);
        db.Models.Add(model);
        db.StimulusSets.Add(campaign.MetamerSet);
        db.Campaigns.Add(campaign.Campaign);
        db.ModelAnswers.AddRange(campaign.Answers);
        db.StageNulls.AddRange(campaign.Nulls);
        return campaign;
    }

    private async Task<RegisteredModel> ModelAsync(string file, DemoPart part, CancellationToken cancel)
    {
        var name = Path.GetFileNameWithoutExtension(file);
        var stored = await blobs.FetchAsync(await blobs.StoreFileAsync(file, cancel), cancel);
        var (model, problems) = await registry.ReadAsync(stored, Path.GetFileName(file), name, part.Pipeline(), cancel);
        if (problems.Length > 0) throw new RefusedException($"The demo's pipeline.json does not fit {Path.GetFileName(file)}: {string.Join(' ', problems)}");
        return model;
    }

    private async Task<StimulusSet> SetAsync(StudyDb db, string name, DemoPart part, List<DemoStimulus> stimuli, DateTimeOffset now, CancellationToken cancel)
    {
        if (await db.StimulusSets.AnyAsync(s => s.Name == name, cancel)) throw new RefusedException($"A set called “{name}” is here already: rename it before the demo is loaded.");
        await StoreAsync(stimuli.Select(s => s.Path), cancel);
        var set = new StimulusSet
        {
            Id = Guid.CreateVersion7(), Name = name, Kind = StimulusKind.Natural, Medium = part.Medium, Licence = "see demo/README.md",
            Source = part.Medium == StimulusMedium.Sound ? "demo, spoken by espeak-ng" : "demo, rendered from freely licensed icons", CreatedAt = now,
        };
        set.Stimuli.AddRange(stimuli.Select(s => DemoFacts.RowOf(set, s, now)));
        db.StimulusSets.Add(set);
        return set;
    }

    // Each blob is flushed to the disk before it counts, so several are on their way at a time.
    private Task StoreAsync(IEnumerable<string> files, CancellationToken cancel) =>
        Parallel.ForEachAsync(files, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = cancel }, async (file, token) => await blobs.StoreFileAsync(file, token));
}

using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Models;
using PerceptionStudy.Synthesis.FrontEnds;
using PerceptionStudy.Synthesis.Hosting;

namespace PerceptionStudy.Server.Stimuli;

/// <summary>How an upload becomes a set of metamers.</summary>
public sealed record MetamerImportPlan
{
    /// <summary>Name of the set of metamers; natural stimuli of the upload get a set beside it.</summary>
    public required string SetName { get; init; }

    /// <summary>The set of natural stimuli that the metamers come from; null where the upload holds them.</summary>
    public Guid? NaturalSetId { get; init; }

    /// <summary>The registered stage for each that the files name.</summary>
    public required IReadOnlyDictionary<NamedStage, Guid> Stages { get; init; }

    /// <summary>Whether metamers of other stages are kept by the names of model and stage, so that the model's file can be given later; otherwise they are left out.</summary>
    public bool KeepByName { get; init; }

    /// <summary>Whether the metamers passed a comparison with chance where they were made, which cannot be repeated here.</summary>
    public bool ComparedElsewhere { get; init; }

    public string? Licence { get; init; }
    public string? Source { get; init; }
}

/// <summary>
/// Takes metamers in that were made elsewhere. The registered model looks at, or listens to, each: the match at the stage is measured anew, and the
/// categories of metamer and natural stimulus are compared. Where the model's file is missing, nothing is measured. Sounds are kept sample by sample.
/// </summary>
public sealed class MetamerImport(IDbContextFactory<StudyDb> databases, StimulusSets sets, BlobStore blobs, ModelRegistry registry, SynthesisHosts hosts, TimeProvider clock)
{
    /// <summary>What the preset of an imported metamer is called.</summary>
    public const string Preset = "imported";

    /// <summary>Takes the metamers in one by one; a bad one is named and left out. If none can be taken, no set stays behind.</summary>
    /// <exception cref="RefusedException">A name is taken, or there is nothing to import.</exception>
    public async Task<(StimulusSet? Set, StimuliAdded Result)> RunAsync(ImportPreview preview, MetamerImportPlan plan, IProgress<int>? done = null, CancellationToken cancel = default)
    {
        if (preview.Metamers.Count == 0) throw new RefusedException("No file fits the pattern of the metamers: look at the paths, and change the pattern.");
        if (plan.Stages.Count == 0 && !plan.KeepByName) throw new RefusedException("Say for at least one stage of the files which registered stage it is, or keep them by name.");
        if (plan.NaturalSetId is null && preview.Naturals.Count == 0) throw new RefusedException("The upload holds no natural stimuli: choose the set that they are in.");
        var models = new List<RegisteredModel>();
        var leftOut = new List<LeftOut>();
        var made = new List<StimulusSet>();
        try
        {
            if (plan.KeepByName) plan = plan with { Stages = await NamedAsync(preview, plan, models, cancel) };
            var medium = await MediumAsync(plan, cancel);
            var set = await sets.CreateAsync(plan.SetName, StimulusKind.Metamer, null, plan.Licence, plan.Source ?? "Imported", medium, cancel: cancel);
            made.Add(set);
            var naturals = plan.NaturalSetId ?? await NaturalsAsync(preview.Naturals, plan, medium, made, leftOut, cancel);
            var added = await MetamersAsync(preview.Metamers, plan, set, naturals, leftOut, done, cancel);
            if (added == 0) await ForgetAsync(made, models);
            return (added > 0 ? set : null, new StimuliAdded(added, leftOut, new Dictionary<string, int>(), []));
        }
        catch
        {
            await ForgetAsync(made, models);
            throw;
        }
    }

    // The models say whether these are pictures or sounds.
    private async Task<StimulusMedium> MediumAsync(MetamerImportPlan plan, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var stageIds = plan.Stages.Values.ToArray();
        var models = await db.Models.AsNoTracking().Where(m => m.Stages.Any(s => stageIds.Contains(s.Id))).ToListAsync(cancel);
        return models.Select(m => m.Pipeline.Medium()).Distinct().ToArray() is [var medium] ? medium
            : throw new RefusedException("The stages belong to models of pictures and to models of sounds: import the metamers of each by themselves.");
    }

    private async Task ForgetAsync(List<StimulusSet> made, List<RegisteredModel> models)
    {
        foreach (var set in made) await sets.DeleteAsync(set.Id);
        foreach (var model in models) await registry.DeleteAsync(model.Id);
    }

    /// <summary>The chosen stages and, by their names, all others that the files name. A model of that name whose file is missing too is the one that is meant.</summary>
    private async Task<Dictionary<NamedStage, Guid>> NamedAsync(ImportPreview preview, MetamerImportPlan plan, List<RegisteredModel> made, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var stages = plan.Stages.ToDictionary();
        foreach (var ofModel in preview.Stages.Where(s => !plan.Stages.ContainsKey(s)).GroupBy(s => s.Model))
        {
            var name = ofModel.Key.Length > 0 ? ofModel.Key : $"{plan.SetName}: model";
            if (await db.Models.Include(m => m.Stages).FirstOrDefaultAsync(m => m.Name == name, cancel) is not { } model)
            {
                StimulusPipeline pipeline = StimulusFormats.MediumOf(preview.Metamers.First(m => ImportPreview.StageOf(m).Model == ofModel.Key).File.Entry) == StimulusMedium.Sound ? new SoundPipeline() : new PicturePipeline();
                db.Models.Add(model = ModelByName.New(name, pipeline, clock.GetUtcNow()));
                made.Add(model);
            }
            else if (model.Sha256.Length > 0) throw new RefusedException($"A model called “{name}” is registered, and the files name stages of it that were not chosen: say which of its stages {ofModel.First().Stage} is.");
            foreach (var stage in ofModel)
            {
                var known = model.Stages.Count;
                var kept = ModelByName.Stage(model, stage.Stage);
                if (model.Stages.Count > known) db.Stages.Add(kept);
                stages[stage] = kept.Id;
            }
        }
        await db.SaveChangesAsync(cancel);
        return stages;
    }

    private async Task<Guid> NaturalsAsync(IReadOnlyList<ImportedFile> naturals, MetamerImportPlan plan, StimulusMedium medium, List<StimulusSet> made, List<LeftOut> leftOut, CancellationToken cancel)
    {
        var set = await sets.CreateAsync($"{plan.SetName}: natural {medium.Many()}", StimulusKind.Natural, null, plan.Licence, plan.Source ?? "Imported", medium, cancel: cancel);
        made.Add(set);
        // Each model's folder has the same natural stimuli again: the first of each name is taken.
        var named = naturals.DistinctBy(n => (n.Factors.Category, n.Factors.Name)).Select(n => n.File with { Entry = n.Factors.Name + StimulusFormats.EndingOf(medium), Category = StimulusBatch.Clean(n.Factors.Category) });
        leftOut.AddRange((await sets.AddAsync(set.Id, [.. named], [], null, cancel)).LeftOut);
        return set.Id;
    }

    private async Task<int> MetamersAsync(
        IReadOnlyList<ImportedFile> files, MetamerImportPlan plan, StimulusSet set, Guid naturalSetId, List<LeftOut> leftOut, IProgress<int>? done, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var naturals = (await db.Stimuli.AsNoTracking().Where(s => s.SetId == naturalSetId && s.Metamer == null).ToListAsync(cancel)).ToLookup(s => s.Name, StringComparer.OrdinalIgnoreCase);
        var stageIds = plan.Stages.Values.ToArray();
        var stages = await db.Stages.AsNoTracking().Where(s => stageIds.Contains(s.Id)).ToDictionaryAsync(s => s.Id, cancel);
        var modelIds = stages.Values.Select(s => s.ModelId).Distinct().ToArray();
        var models = await db.Models.AsNoTracking().Where(m => modelIds.Contains(m.Id)).ToDictionaryAsync(m => m.Id, cancel);
        var added = 0;
        foreach (var (number, file) in files.Index())
        {
            var fitting = naturals[file.Factors.Name!].Where(n => file.Factors.Category is null || n.Category.Equals(file.Factors.Category, StringComparison.OrdinalIgnoreCase)).ToArray();
            if (!plan.Stages.TryGetValue(ImportPreview.StageOf(file), out var stageId) || !stages.TryGetValue(stageId, out var stage))
                leftOut.Add(new LeftOut(file.File.Entry, $"No registered stage was chosen for {file.Factors.Stage}."));
            else if (fitting is not [var natural])
                leftOut.Add(new LeftOut(file.File.Entry, fitting.Length == 0 ? $"There is no natural stimulus “{file.Factors.Name}”{(file.Factors.Category is { } c ? $" of the category {c}" : "")} in the set." : $"Several natural stimuli are called “{file.Factors.Name}”: add the part {{category}} to the pattern."));
            else
            {
                try
                {
                    db.Stimuli.Add(await StimulusAsync(file, plan, set, natural, models[stage.ModelId], stage, cancel));
                    await db.SaveChangesAsync(cancel);
                    added++;
                }
                catch (SynthesisException e)
                {
                    leftOut.Add(new LeftOut(file.File.Entry, StimulusSets.SentenceOf(e, file.File)));
                }
            }
            done?.Report(number + 1);
        }
        return added;
    }

    private async Task<Stimulus> StimulusAsync(ImportedFile file, MetamerImportPlan plan, StimulusSet set, Stimulus natural, RegisteredModel model, ModelStage stage, CancellationToken cancel)
    {
        var kept = await sets.KeepAsync(file.File.Path, set.Medium, null, null, cancel);
        var match = model.FileMissing ? null : await hosts.ForPeople.CallAsync<MatchResult>(
            new MeasureMatch(await blobs.FetchAsync(model.Sha256, cancel), model.Pipeline, await blobs.FetchAsync(natural.Sha256, cancel), await blobs.FetchAsync(kept.Sha256, cancel), stage.Name), cancel: cancel);
        var reasons = new List<string>();
        if (match?.NaturalClass != match?.MetamerClass) reasons.Add($"The model {set.Medium.Takes()} {match!.MetamerClass} in the metamer and {match.NaturalClass} in the natural {set.Medium.One()}.");
        if (!plan.ComparedElsewhere) reasons.Add("The match was not compared with chance.");
        var id = Guid.CreateVersion7();
        return new Stimulus
        {
            Id = id, SetId = set.Id, Name = natural.Name, Category = natural.Category, Sha256 = kept.Sha256, MediaType = kept.MediaType, Width = kept.Width, Height = kept.Height, Sound = kept.Sound, CreatedAt = clock.GetUtcNow(),
            Metamer = new Metamer
            {
                StimulusId = id, NaturalStimulusId = natural.Id, ModelId = model.Id, StageId = stage.Id, Preset = Preset, Seed = file.Factors.Seed ?? 0, Loss = match?.Loss ?? 0, LossOfSavedFile = match?.Loss ?? 0,
                Spearman = match?.Match.Spearman ?? 0, Pearson = match?.Match.Pearson ?? 0, SnrDb = 2 * match?.Match.PaperSnrDb ?? 0, PaperSnrDb = match?.Match.PaperSnrDb ?? 0,
                NaturalClass = match?.NaturalClass ?? "", MetamerClass = match?.MetamerClass ?? "", MeetsCriteria = reasons.Count == 0, Reasons = string.Join('\n', reasons),
                ManifestJson = JsonSerializer.Serialize(new { importedFrom = file.File.Entry, comparedWithChanceElsewhere = plan.ComparedElsewhere, measured = match }, JsonSerializerOptions.Web),
            },
        };
    }
}

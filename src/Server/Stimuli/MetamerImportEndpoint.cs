using PerceptionStudy.Server.Accounts;
using PerceptionStudy.Server.Accounts.Api;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Models;

namespace PerceptionStudy.Server.Stimuli;

/// <summary>How a zip of metamers is to be read; the words stand in the query.</summary>
/// <param name="Name">Name of the set that is made.</param>
/// <param name="Layout">Name of a known layout; null for the first that fits.</param>
/// <param name="Metamers">Pattern of the metamers' paths in the place of a known layout, for example <c>{model}/{stage}/{category}_{name}.png</c>.</param>
/// <param name="Naturals">Pattern of the natural stimuli's paths with it; null where they are in a set already.</param>
/// <param name="NaturalSet">The set of the natural stimuli; null where the zip holds them.</param>
/// <param name="Compared">Whether they were compared with chance where they were made, and passed.</param>
/// <param name="ByName">Whether metamers of models that are not registered are kept by name.</param>
/// <param name="Upload">Id of an upload in the place of the body.</param>
public sealed record ImportWish(string Name, string? Layout, string? Metamers, string? Naturals, Guid? NaturalSet, bool Compared, bool ByName, string? Licence, string? Source, Guid? Upload);

/// <summary>What became of an import; the set is null where nothing could be taken in.</summary>
public sealed record MetamersImported(Guid? SetId, int Added, IReadOnlyList<LeftOut> LeftOut);

/// <summary>Import of metamers over the HTTP API.</summary>
public static class MetamerImportEndpoint
{
    public static void MapMetamerImportApi(this RouteGroupBuilder api) =>
        api.MapPost("/stimulus-sets/import-metamers", ImportAsync).WithTags("Stimulus sets").Needs(TokenScopes.Design).Accepts<Stream>("application/zip")
            .WithSummary("Take in metamers that were made elsewhere: the zip is the body, or the id of an upload is in the query").WithDescription("Their paths tell what each is. A stage belongs to the registered model and stage of the same name.");

    private static Task<MetamersImported> ImportAsync([AsParameters] ImportWish wish, HttpContext http, StimulusSets sets, MetamerImport import, StudyDb db, SentFile sent, CancellationToken cancel) =>
        sent.TakeAsync(http, wish.Upload, sent.Limits.ArchiveMegabytes, async zip =>
        {
            using var upload = sets.BeginImport();
            await upload.Batch.AddAsync("metamers.zip", zip, cancel);
            var preview = Preview([.. upload.Batch.Files(null)], wish);
            var stages = await StageChoice.LoadAsync(db, cancel);
            var plan = new MetamerImportPlan
            {
                SetName = wish.Name, NaturalSetId = wish.NaturalSet, ComparedElsewhere = wish.Compared, KeepByName = wish.ByName, Licence = wish.Licence, Source = wish.Source,
                Stages = preview.Stages.Select(named => (named, Stage: StageChoice.Alike(stages, named))).Where(s => s.Stage is not null).ToDictionary(s => s.named, s => s.Stage!.Id),
            };
            var (set, result) = await import.RunAsync(preview, plan, cancel: cancel);
            return new MetamersImported(set?.Id, result.Added, [.. upload.Batch.LeftOut, .. result.LeftOut]);
        });

    private static ImportPreview Preview(BatchFile[] files, ImportWish wish)
    {
        try
        {
            if (wish.Metamers is { } pattern) return ImportPreview.Of(files, new ImportLayout("", pattern, wish.Naturals ?? ""));
            if (wish.Layout is null) return ImportPreview.Of(files, ImportLayout.Presets.FirstOrDefault(l => ImportPreview.Of(files, l).Metamers.Count > 0) ?? ImportLayout.Presets[0]);
            return ImportPreview.Of(files, ImportLayout.Presets.FirstOrDefault(l => l.Name == wish.Layout)
                ?? throw new RefusedException($"There is no layout '{wish.Layout}': choose {string.Join(", ", ImportLayout.Presets.Select(l => l.Name))}, or give the patterns."));
        }
        catch (FormatException problem)
        {
            throw new RefusedException(problem.Message, problem);
        }
    }
}

using PerceptionStudy.Server.Analysis;

namespace PerceptionStudy.Server.Export;

/// <summary>All tables of a study in one zip, and the same laid out as a Psych-DS dataset.</summary>
internal static class StudyArchive
{
    public const string TrailerFile = "trailer.json";

    /// <returns>The number of trials.</returns>
    public static async Task<long> WriteZipAsync(ExportSource source, Stream stream, CancellationToken cancel)
    {
        using var archive = new ExportArchive(stream);
        await AddTablesAsync(archive, source, table => $"{table.Name}.csv", cancel);
        await archive.AddTextAsync("design.json", source.DesignJson());
        await AddCodebooksAsync(archive, "", cancel);
        await archive.AddTextAsync("README.md", ExportReadme.Of(source, table => $"{table.Name}.csv"));
        return await EndAsync(archive, source);
    }

    /// <returns>The number of trials.</returns>
    public static async Task<long> WritePsychDsAsync(ExportSource source, Stream stream, CancellationToken cancel)
    {
        using var archive = new ExportArchive(stream);
        await archive.AddTextAsync("dataset_description.json", PsychDs.DatasetDescription(source));
        await AddTablesAsync(archive, source, table => PsychDs.DataFile(source.Study.Name, table), cancel);
        foreach (var table in Codebook.Tables)
            await archive.AddTextAsync(Path.ChangeExtension(PsychDs.DataFile(source.Study.Name, table), ".json"), PsychDs.Sidecar(table));
        await archive.AddTextAsync("materials/design.json", source.DesignJson());
        await AddCodebooksAsync(archive, "documentation/", cancel);
        await archive.AddTextAsync("README.md", ExportReadme.Of(source, table => PsychDs.DataFile(source.Study.Name, table)));
        await archive.AddTextAsync("CHANGES.md", PsychDs.Changes(source));
        await archive.AddTextAsync(".psychdsignore", $"{TrailerFile}\nmaterials\ndocumentation\n");
        return await EndAsync(archive, source);
    }

    private static async Task AddTablesAsync(ExportArchive archive, ExportSource source, Func<TableSchema, string> path, CancellationToken cancel)
    {
        var tallies = new TrialTallies();
        await archive.AddAsync(path(TrialColumns.Table), TrialColumns.Table, tallies.WatchAsync(source.Trials(cancel), cancel), cancel);
        var participants = await source.ParticipantsAsync(tallies, cancel);
        await archive.AddAsync(path(ParticipantTable.Table), ParticipantTable.Table, participants, cancel);
        await archive.AddAsync(path(StageAccuracyColumns.Table), StageAccuracyColumns.Table, tallies.Curve.StageAccuracies(source.Title, source.Medium), cancel);
        await archive.AddAsync(path(StimulusTable.Table), StimulusTable.Table, source.Stimuli(cancel), cancel);
        await archive.AddAsync(path(ModelTable.Table), ModelTable.Table, source.ModelRows, cancel);
        await archive.AddAsync(path(StageTable.Table), StageTable.Table, source.StageRows, cancel);
        await archive.AddAsync(path(AdaptiveTable.Table), AdaptiveTable.Table, AdaptiveTable.Of(participants, source.AllVersions.ToDictionary(v => v.Number, v => v.Design)), cancel);
        await archive.AddAsync(path(ExclusionTable.Table), ExclusionTable.Table, ExclusionTable.Of(participants), cancel);
        await archive.AddAsync(path(AuditTable.Table), AuditTable.Table, AuditTable.Of(source.Study, source.Versions, participants, await source.SessionEventsAsync(cancel), await source.StateChangesAsync(cancel), source.SnapshotAt), cancel);
    }

    private static async Task AddCodebooksAsync(ExportArchive archive, string folder, CancellationToken cancel)
    {
        await archive.AddTextAsync($"{folder}codebook.md", Codebook.Markdown());
        await archive.AddTextAsync($"{folder}codebook.json", Codebook.Json());
        await archive.AddAsync($"{folder}codebook.csv", async entry =>
        {
            await Codebook.WriteCsvAsync(entry, cancel);
            return null;
        });
    }

    // The trailer comes last: an archive that has it is whole.
    private static async Task<long> EndAsync(ExportArchive archive, ExportSource source)
    {
        var files = archive.Files.ToList();
        await archive.AddTextAsync(TrailerFile, ExportTrailer.Of(source, files).ToJson());
        return files.First(f => f.Rows is not null).Rows!.Value;
    }
}

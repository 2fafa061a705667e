namespace PerceptionStudy.Server.Stimuli;

/// <summary>A picture or sound of an import, and what its path tells.</summary>
public sealed record ImportedFile(BatchFile File, FileFactors Factors);

/// <summary>A stage as the files name it; the model is empty where they do not name one.</summary>
public sealed record NamedStage(string Model, string Stage);

/// <summary>What an upload would become as a set of metamers: nothing is stored.</summary>
public sealed class ImportPreview
{
    public required IReadOnlyList<ImportedFile> Metamers { get; init; }
    public required IReadOnlyList<ImportedFile> Naturals { get; init; }

    /// <summary>Paths that fit neither pattern; they are left out.</summary>
    public required IReadOnlyList<string> Others { get; init; }

    /// <summary>The stages that the metamers name, in the order of their first file.</summary>
    public IReadOnlyList<NamedStage> Stages => [.. Metamers.Select(StageOf).Distinct()];

    /// <summary>Reads all paths by the layout.</summary>
    /// <exception cref="FormatException">A pattern of the layout cannot be used; the message says why.</exception>
    public static ImportPreview Of(IEnumerable<BatchFile> files, ImportLayout layout)
    {
        var metamerPattern = new FactorPattern(layout.Metamers);
        var naturalPattern = string.IsNullOrWhiteSpace(layout.Naturals) ? null : new FactorPattern(layout.Naturals);
        foreach (var needed in (string[])["stage", "name"])
        {
            if (!metamerPattern.Named.Contains(needed)) throw new FormatException($"The pattern of the metamers needs the part {{{needed}}}: without it nobody knows {(needed == "stage" ? "where a metamer was made" : "which natural stimulus it comes from")}.");
        }
        if (naturalPattern is not null && !naturalPattern.Named.IsSupersetOf(["category", "name"])) throw new FormatException("The pattern of the natural stimuli needs the parts {category} and {name}.");

        var (metamers, naturals, others) = (new List<ImportedFile>(), new List<ImportedFile>(), new List<string>());
        foreach (var file in files.OrderBy(f => f.Entry, StringComparer.Ordinal))
        {
            if (metamerPattern.Read(file.Entry) is { } metamer) metamers.Add(new ImportedFile(file, metamer));
            else if (naturalPattern?.Read(file.Entry) is { } natural) naturals.Add(new ImportedFile(file, natural));
            else others.Add(file.Entry);
        }
        return new ImportPreview { Metamers = metamers, Naturals = naturals, Others = others };
    }

    public static NamedStage StageOf(ImportedFile file) => new(file.Factors.Model ?? "", file.Factors.Stage!);
}

using System.IO.Compression;
using System.Text;
using PerceptionStudy.Server.Analysis.Results;
using PerceptionStudy.Server.Analysis.Statistics;

namespace PerceptionStudy.Server.Analysis.Imports;

/// <summary>The content of imported files: trials, or only proportions.</summary>
public sealed record ImportedData(ImportKind Kind, IReadOnlyList<TrialRecord>? Trials, IReadOnlyList<StageAccuracy>? Proportions)
{
    public long Rows => Trials?.Count ?? Proportions!.Count;

    public StudySummary Summary(string name) => Trials is { } trials ? StudySummary.Of(ResultsSource.Of(trials), name) : StudySummary.Of(Proportions!);

    /// <summary>
    /// Reads a zip of files of one kind, told by their header lines: trials in our own form (other files of our archives are passed over), trials in the
    /// form of model-vs-human, tables of participants and stages, or the public .mat matrices.
    /// </summary>
    /// <exception cref="FormatException">Nothing that can be read, or kinds mixed; the message is a sentence.</exception>
    public static ImportedData Read(Stream zip, string name)
    {
        using var archive = new ZipArchive(zip, ZipArchiveMode.Read, leaveOpen: true);
        var trials = new List<TrialRecord>();
        var modelVsHuman = new ModelVsHumanTable();
        var proportions = new List<StageAccuracy>();
        foreach (var entry in archive.Entries.Where(e => e.Length > 0).OrderBy(e => e.FullName, StringComparer.Ordinal))
        {
            try
            {
                if (entry.Name.EndsWith(".mat", StringComparison.OrdinalIgnoreCase)) proportions.AddRange(ParticipantMatrix.Read(Bytes(entry), entry.Name));
                else if (entry.Name.EndsWith(".csv", StringComparison.OrdinalIgnoreCase)) ReadCsv(entry);
            }
            catch (FormatException problem)
            {
                throw new FormatException($"{entry.FullName}: {problem.Message}", problem);
            }
        }
        // An archive of ours holds the proportions too; they follow from its trials.
        if (trials.Count > 0 && modelVsHuman.Choices.Count == 0) return new ImportedData(ImportKind.Trials, trials, null);
        return (modelVsHuman.Choices.Count, proportions.Count) switch
        {
            (> 0, 0) when trials.Count == 0 => new ImportedData(ImportKind.ModelVsHuman, ModelVsHumanTrials.Of(modelVsHuman.Choices, name), null),
            (0, > 0) => new ImportedData(ImportKind.StageAccuracies, null, proportions),
            (0, 0) => throw new FormatException("There is nothing to import: the files are neither trials.csv of this program, nor trials of model-vs-human (subj,session,trial,…), "
                + "nor a table of participants and stages (modality,experiment,model,…), nor a matrix of participants (.mat)."),
            _ => throw new FormatException("The files are of different kinds: import each kind by itself."),
        };

        void ReadCsv(ZipArchiveEntry entry)
        {
            string header;
            using (var first = Text(entry)) header = (first.ReadLine() ?? "").TrimStart('\uFEFF');
            using var text = Text(entry);
            if (TrialTable.IsHeader(header)) trials.AddRange(TrialTable.Read(text));
            else if (header.StartsWith("subj,", StringComparison.OrdinalIgnoreCase)) modelVsHuman.Add(text);
            else if (header.StartsWith("modality,experiment,model,", StringComparison.Ordinal)) proportions.AddRange(StageAccuracyTable.Read(text));
        }
    }

    private static StreamReader Text(ZipArchiveEntry entry) => new(entry.Open(), Encoding.UTF8);

    private static byte[] Bytes(ZipArchiveEntry entry)
    {
        using var stream = entry.Open();
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }
}

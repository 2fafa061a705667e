using System.Globalization;
using CsvHelper;

namespace PerceptionStudy.Server.Analysis.Statistics;

/// <summary>One participant at one stage of one model, as in the public matrices of Feather et al. 2023; null where there was no trial.</summary>
public sealed record StageAccuracy(
    string Modality, string Experiment, string Model, int StageIndex, string Stage, string Participant, double? Human, double? Network);

/// <summary>Mean and SEM of people and of the network at one stage; null where nobody had a trial. <paramref name="N"/> counts participants.</summary>
public sealed record StageCurve(string Modality, string Experiment, string Model, int StageIndex, string Stage, int N, MeanAndSem? Human, MeanAndSem? Network);

/// <summary>Long CSV tables of proportion correct per participant and stage: <c>modality, experiment, model, stage_index, stage, participant, human_proportion_correct, network_proportion_correct</c>.</summary>
public static class StageAccuracyTable
{
    private static readonly string[] Columns =
        ["modality", "experiment", "model", "stage_index", "stage", "participant", "human_proportion_correct", "network_proportion_correct"];

    private static readonly CsvReaderOptions Options = new()
    {
        Separator = ',', TrackLineNumbers = true, FieldCountMismatch = CsvFieldCountHandling.Throw, FormatProvider = CultureInfo.InvariantCulture,
    };

    /// <summary>Reads a table; a missing column or a proportion that is none is a <see cref="FormatException"/> that names the place.</summary>
    public static IReadOnlyList<StageAccuracy> Read(TextReader text)
    {
        using var csv = CsvReader.Create(text, Options);
        try
        {
            if (Columns.Except(csv.Headers).FirstOrDefault() is { } missing)
                throw new FormatException($"The column '{missing}' is missing: the file needs {string.Join(", ", Columns)}.");
            var rows = new List<StageAccuracy>();
            while (csv.Read())
            {
                rows.Add(new StageAccuracy(
                    csv.GetString("modality"), csv.GetString("experiment"), csv.GetString("model"), Whole(csv, "stage_index"), csv.GetString("stage"),
                    csv.GetString("participant"), Proportion(csv, "human_proportion_correct"), Proportion(csv, "network_proportion_correct")));
            }
            if (rows.Count == 0) throw new FormatException("The file has no rows below its header line.");
            return rows;
        }
        catch (CsvFormatException problem)
        {
            throw new FormatException($"The file is not valid CSV: {problem.Message}", problem);
        }
    }

    /// <summary>Means and SEMs per modality, experiment, model and stage, in the order of the file and of the stages.</summary>
    public static IReadOnlyList<StageCurve> Curves(IReadOnlyList<StageAccuracy> rows) =>
    [
        .. from model in rows.GroupBy(r => (r.Modality, r.Experiment, r.Model))
           from stage in model.GroupBy(r => (r.StageIndex, r.Stage)).OrderBy(s => s.Key.StageIndex)
           select new StageCurve(model.Key.Modality, model.Key.Experiment, model.Key.Model, stage.Key.StageIndex, stage.Key.Stage, stage.Count(),
               MeanAndSem.Of([.. stage.Select(r => r.Human).OfType<double>()]), MeanAndSem.Of([.. stage.Select(r => r.Network).OfType<double>()]))
    ];

    /// <summary>Writes a table that <see cref="Read"/> reads back to the same numbers; empty where there was no trial.</summary>
    public static async Task WriteAsync(IEnumerable<StageAccuracy> rows, Stream stream, CancellationToken cancel = default)
    {
        await using var csv = CsvWriter.Create(stream, new CsvWriterOptions { Injection = CsvInjection.Escape, FormatProvider = CultureInfo.InvariantCulture }, leaveOpen: true);
        csv.WriteHeader(Columns);
        foreach (var row in rows)
        {
            foreach (var text in (string[])[row.Modality, row.Experiment, row.Model]) csv.WriteField(text);
            csv.WriteField(row.StageIndex);
            csv.WriteField(row.Stage);
            csv.WriteField(row.Participant);
            csv.WriteField(row.Human?.ToString("R", CultureInfo.InvariantCulture) ?? "");
            csv.WriteField(row.Network?.ToString("R", CultureInfo.InvariantCulture) ?? "");
            await csv.EndRecordAsync(cancel);
        }
        await csv.FlushAsync(cancel);
    }

    private static int Whole(CsvReader csv, string column) => int.TryParse(csv.GetString(column), NumberStyles.None, CultureInfo.InvariantCulture, out var value)
        ? value
        : throw new FormatException($"Line {csv.LineNumber}: '{csv.GetString(column)}' in the column '{column}' is not a whole number.");

    // Python writes nan and pandas leaves the field empty where a participant had no trial.
    private static double? Proportion(CsvReader csv, string column) => csv.GetString(column) switch
    {
        "" or "nan" or "NaN" => null,
        var text when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value is >= 0 and <= 1 => value,
        var text => throw new FormatException($"Line {csv.LineNumber}: '{text}' in the column '{column}' is not a proportion from 0 to 1."),
    };
}

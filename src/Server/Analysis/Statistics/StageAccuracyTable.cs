using System.Globalization;
using CsvHelper;

namespace PerceptionStudy.Server.Analysis.Statistics;

/// <summary>One participant at one stage of one model, as in the public matrices of Feather et al. 2023; null where there was no trial.</summary>
public sealed record StageAccuracy(
    string Modality, string Experiment, string Model, int StageIndex, string Stage, string Participant, double? Human, double? Network);

/// <summary>Mean and SEM of people and of the network at one stage; null where nobody had a trial. <paramref name="N"/> counts participants.</summary>
public sealed record StageCurve(string Modality, string Experiment, string Model, int StageIndex, string Stage, int N, MeanAndSem? Human, MeanAndSem? Network)
{
    /// <summary>95 %, by <see cref="ParticipantBootstrap"/>.</summary>
    public Interval? HumanInterval { get; init; }

    public Interval? NetworkInterval { get; init; }
}

/// <summary>Long CSV tables of proportion correct per participant and stage: <c>modality, experiment, model, stage_index, stage, participant, human_proportion_correct, network_proportion_correct</c>.</summary>
public static class StageAccuracyTable
{
    private static readonly string[] Columns =
        ["modality", "experiment", "model", "stage_index", "stage", "participant", "human_proportion_correct", "network_proportion_correct"];

    /// <summary>Reads a table; a missing column, a proportion that is none or a participant who stands twice is a <see cref="FormatException"/> that names the place.</summary>
    public static IReadOnlyList<StageAccuracy> Read(TextReader text)
    {
        var seen = new HashSet<(string, string, string, int, string)>();
        return CsvRows.Read(text, Columns, csv =>
        {
            var row = new StageAccuracy(
                csv.GetString("modality"), csv.GetString("experiment"), csv.GetString("model"), CsvRows.Whole(csv, "stage_index"), csv.GetString("stage"),
                csv.GetString("participant"), CsvRows.Proportion(csv, "human_proportion_correct"), CsvRows.Proportion(csv, "network_proportion_correct"));
            return seen.Add((row.Modality, row.Experiment, row.Model, row.StageIndex, row.Participant)) ? row
                : throw new FormatException($"Line {csv.LineNumber}: participant {row.Participant} was at stage {row.StageIndex} of {row.Model} before.");
        });
    }

    /// <summary>
    /// Means, SEMs and bootstrap intervals per modality, experiment, model and stage, in the order of the file and of the stages. Participants are drawn
    /// with all that they did in the experiment.
    /// </summary>
    /// <param name="resamples">Of the bootstrap behind the intervals; 0 for none.</param>
    public static IReadOnlyList<StageCurve> Curves(IReadOnlyList<StageAccuracy> rows, int resamples = ParticipantBootstrap.Resamples, int seed = 1) =>
    [
        .. from experiment in rows.GroupBy(r => (r.Modality, r.Experiment))
           let stages = (from model in experiment.GroupBy(r => r.Model)
                         from stage in model.GroupBy(r => (r.StageIndex, r.Stage)).OrderBy(s => s.Key.StageIndex)
                         select stage.ToList()).ToList()
           let people = Intervals(stages, r => r.Human, resamples, seed)
           let network = Intervals(stages, r => r.Network, resamples, seed)
           from stage in stages
           let row = stage[0]
           select new StageCurve(row.Modality, row.Experiment, row.Model, row.StageIndex, row.Stage, stage.Count(r => r.Human is not null || r.Network is not null),
               MeanAndSem.Of([.. stage.Select(r => r.Human).OfType<double>()]), MeanAndSem.Of([.. stage.Select(r => r.Network).OfType<double>()]))
           {
               HumanInterval = people.GetValueOrDefault(stage), NetworkInterval = network.GetValueOrDefault(stage),
           }
    ];

    /// <summary>
    /// People's proportions correct in all conditions of one experiment, [participant][condition], NaN where there is none: what <see cref="NoiseCeiling"/>
    /// reads. Natural, which the table repeats for each model, is one condition.
    /// </summary>
    public static IReadOnlyList<double[]> Proportions(IEnumerable<StageAccuracy> experiment) =>
        Matrix([.. experiment.GroupBy(r => StageNames.IsNatural(r.Stage) ? ("", 0) : (r.Model, r.StageIndex)).Select(g => g.DistinctBy(r => r.Participant).ToList())], r => r.Human);

    // Columns in an order that the order of the file's rows does not change, so that neither does the interval.
    private static Dictionary<List<StageAccuracy>, Interval?> Intervals(List<List<StageAccuracy>> stages, Func<StageAccuracy, double?> value, int resamples, int seed)
    {
        if (resamples == 0) return [];
        var columns = stages.OrderBy(s => s[0].Model, StringComparer.Ordinal).ThenBy(s => s[0].StageIndex).ToList();
        return columns.Zip(ParticipantBootstrap.OfMeans(Matrix(columns, value), resamples, seed), KeyValuePair.Create).ToDictionary();
    }

    private static List<double[]> Matrix(List<List<StageAccuracy>> columns, Func<StageAccuracy, double?> value)
    {
        var rows = new Dictionary<string, double[]>();
        foreach (var (column, cells) in columns.Index())
        {
            foreach (var cell in cells)
            {
                if (!rows.TryGetValue(cell.Participant, out var row)) Array.Fill(rows[cell.Participant] = row = new double[columns.Count], double.NaN);
                row[column] = value(cell) ?? double.NaN;
            }
        }
        return [.. rows.Values];
    }

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
}

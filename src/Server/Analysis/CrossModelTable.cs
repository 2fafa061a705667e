using PerceptionStudy.Server.Analysis.Statistics;

namespace PerceptionStudy.Server.Analysis;

/// <summary>Reads the public tables of models on each other's metamers: <c>generating_model, recognising_model, stage, proportion_correct</c> and what else there is.</summary>
public static class CrossModelTable
{
    private static readonly string[] Needed = ["generating_model", "recognising_model", "stage", "proportion_correct"];

    /// <summary>Rows without a proportion are left out.</summary>
    /// <exception cref="FormatException">The file has another form, or a combination stands there twice.</exception>
    public static IReadOnlyList<CrossModelAccuracy> Read(TextReader text)
    {
        var seen = new HashSet<(string, string, string)>();
        return [.. CsvRows.Read(text, Needed, csv =>
        {
            var (generating, recognising, stage) = (csv.GetString("generating_model"), csv.GetString("recognising_model"), csv.GetString("stage"));
            if (!seen.Add((generating, recognising, stage))) throw new FormatException($"Line {csv.LineNumber}: {recognising} on {stage} of {generating} was there before.");
            return CsvRows.Proportion(csv, "proportion_correct") is { } proportion ? new CrossModelAccuracy(generating, recognising, stage, proportion) : null;
        }).OfType<CrossModelAccuracy>()];
    }
}

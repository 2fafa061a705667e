using CsvHelper;

namespace PerceptionStudy.Server.Analysis;

/// <summary>
/// Reads trials in the form of bethgelab/model-vs-human (Geirhos et al. 2021): <c>subj, session, trial, rt, object_response, category, condition,
/// imagename</c>. Reaction times are in seconds there; <c>na</c> is no answer; models have neither times nor, sometimes, a condition.
/// </summary>
public sealed class ModelVsHumanTable
{
    private static readonly string[] Needed = ["subj", "session", "trial", "rt", "object_response", "category", "condition", "imagename"];

    private readonly List<Choice> choices = [];
    private readonly HashSet<(string, string, string, string)> seen = [];

    /// <summary>The trials of all files added so far: of one experiment, whatever the number of subjects and sessions.</summary>
    public IReadOnlyList<Choice> Choices => choices;

    /// <exception cref="FormatException">The file has another form, or a trial was there before; the message says where.</exception>
    public void Add(TextReader text) => choices.AddRange(CsvRows.Read(text, Needed, Row));

    private Choice Row(CsvReader csv)
    {
        var (subject, image) = (csv.GetString("subj"), csv.GetString("imagename"));
        if (!seen.Add((subject, csv.GetString("session"), csv.GetString("trial"), image)))
            throw new FormatException($"Line {csv.LineNumber}: trial {csv.GetString("trial")} of {subject} was there before. Give each file once.");
        return new Choice(subject, Missing(csv.GetString("condition")) ?? "", ImageId(image), csv.GetString("category"), Missing(csv.GetString("object_response")),
            CsvRows.Number(csv, "rt", 0, double.MaxValue, "a time in seconds") * 1000);
    }

    /// <summary>
    /// What is the same for all who saw an image: the name after the last underscore, with the synset before it for images of ImageNet
    /// (<c>0001_edg_s01_0_oven_00_oven10.png</c> → <c>oven10.png</c>, <c>…_40_n02951358_5952.JPEG</c> → <c>n02951358_5952.JPEG</c>). What stands before is the
    /// trial's number, the subject and the condition.
    /// </summary>
    public static string ImageId(string name)
    {
        var parts = name.Split('_');
        return parts.Length > 1 && parts[^2].StartsWith("n0", StringComparison.Ordinal) ? $"{parts[^2]}_{parts[^1]}" : parts[^1];
    }

    private static string? Missing(string text) => text is "" or "na" or "NA" or "nan" or "NaN" ? null : text;
}

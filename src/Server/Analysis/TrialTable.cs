using System.Globalization;
using CsvHelper;
using PerceptionStudy.Shared.Trials;

namespace PerceptionStudy.Server.Analysis;

/// <summary>Reads a trial table back as far as the statistics need it; timing is left out. The columns are those of <see cref="TrialColumns"/>.</summary>
public static class TrialTable
{
    private static readonly string[] Needed =
    [
        "study", "study_version", "observer_type", "observer_id", "session_observer_type", "session", "excluded_because", "position", "phase", "condition", "generating_model",
        "stage", "stage_index", "swapped", "repeated", "natural_stimulus", "stimulus", "stimulus_sha256", "category", "choices", "answer", "response", "correct", "reaction_time_ms",
    ];

    /// <summary>Whether a header line is that of a trial table.</summary>
    public static bool IsHeader(string line) => line.TrimStart('\uFEFF').StartsWith("study,study_version,", StringComparison.Ordinal);

    /// <exception cref="FormatException">A column is missing, or a field is not what its column holds; the message names the place.</exception>
    public static IReadOnlyList<TrialRecord> Read(TextReader text)
    {
        var trials = CsvRows.Read(text, Needed, Row);
        return trials.Select(t => t.SessionObserver).Distinct().Count() == 1 ? trials
            : throw new FormatException("The file holds people and synthetic observers or previews: they are never analysed together, so keep only one of them.");
    }

    private static TrialRecord Row(CsvReader csv)
    {
        var condition = Word<ConditionKind>(csv, "condition");
        return new TrialRecord
        {
            Study = Text(csv, "study")!,
            StudyVersion = CsvRows.Whole(csv, "study_version", NumberStyles.AllowLeadingSign),
            // Files of earlier versions have no such column, and hold pictures.
            Medium = csv.TryGetFieldIndex("modality", out _) ? Modality.Parse(csv.GetString("modality")) ?? throw CsvRows.Wrong(csv, "modality", "vision or audio") : default,
            Observer = Word<ObserverKind>(csv, "observer_type"),
            ObserverId = Text(csv, "observer_id")!,
            SessionObserver = Word<ObserverKind>(csv, "session_observer_type"),
            Session = CsvRows.Whole(csv, "session"),
            SessionCompleted = true,
            ExcludedBecause = SessionExclusions.Parse(Text(csv, "excluded_because")),
            Position = CsvRows.Whole(csv, "position"),
            IsPractice = csv.GetString("phase") == "practice",
            Condition = condition,
            GeneratingModel = Text(csv, "generating_model"),
            Stage = Text(csv, "stage"),
            StageIndex = condition == ConditionKind.Catch ? null : CsvRows.Whole(csv, "stage_index"),
            Swapped = YesNo(csv, "swapped"),
            Repeated = YesNo(csv, "repeated"),
            NaturalStimulus = Text(csv, "natural_stimulus"),
            Stimulus = Text(csv, "stimulus"),
            StimulusSha256 = Text(csv, "stimulus_sha256"),
            Category = Text(csv, "category")!,
            Choices = CsvRows.Whole(csv, "choices"),
            Kind = Answer(csv),
            Response = Text(csv, "response"),
            Correct = YesNo(csv, "correct"),
            ReactionTimeMs = CsvRows.Number(csv, "reaction_time_ms", 0, double.MaxValue, "a time in ms"),
            SessionStartedAt = default,
        };
    }

    private static ResponseKind Answer(CsvReader csv) => Enum.GetValues<ResponseKind>().Cast<ResponseKind?>().FirstOrDefault(kind => Words.Of(kind!.Value) == csv.GetString("answer"))
        ?? throw CsvRows.Wrong(csv, "answer", string.Join(" or ", Enum.GetValues<ResponseKind>().Select(Words.Of)));

    // The writer puts an apostrophe before what a spreadsheet would run as a formula.
    private static string? Text(CsvReader csv, string column) => csv.GetString(column) switch
    {
        "" => null,
        ['\'', '=' or '+' or '-' or '@' or '\t' or '\r', ..] escaped => escaped[1..],
        var text => text,
    };

    private static bool YesNo(CsvReader csv, string column) => csv.GetString(column) switch
    {
        "true" => true,
        "false" => false,
        _ => throw CsvRows.Wrong(csv, column, "true or false"),
    };

    private static T Word<T>(CsvReader csv, string column) where T : struct, Enum =>
        Enum.TryParse<T>(csv.GetString(column), ignoreCase: true, out var value) && Enum.IsDefined(value)
            ? value
            : throw CsvRows.Wrong(csv, column, string.Join(" or ", Enum.GetNames<T>().Select(n => n.ToLowerInvariant())));
}

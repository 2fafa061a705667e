using System.Globalization;
using CsvHelper;

namespace PerceptionStudy.Server.Analysis;

/// <summary>Reads a trial table back as far as the curves need it; timing is left out. The columns are those of <see cref="TrialColumns"/>.</summary>
public static class TrialTable
{
    private static readonly string[] Needed =
    [
        "study", "study_version", "observer_type", "observer_id", "session_observer_type", "session", "position", "phase", "condition", "generating_model",
        "stage", "stage_index", "swapped", "category", "choices", "correct",
    ];

    private static readonly CsvReaderOptions Options = new()
    {
        Separator = ',', TrackLineNumbers = true, FieldCountMismatch = CsvFieldCountHandling.Throw, FormatProvider = CultureInfo.InvariantCulture,
    };

    /// <summary>Whether a header line is that of a trial table.</summary>
    public static bool IsHeader(string line) => line.TrimStart('\uFEFF').StartsWith("study,study_version,", StringComparison.Ordinal);

    /// <exception cref="FormatException">A column is missing, or a field is not what its column holds; the message names the place.</exception>
    public static IReadOnlyList<TrialRecord> Read(TextReader text)
    {
        using var csv = CsvReader.Create(text, Options);
        try
        {
            if (Needed.Except(csv.Headers).FirstOrDefault() is { } missing) throw new FormatException($"The column '{missing}' is missing: this is not a whole trial table.");
            var trials = new List<TrialRecord>();
            while (csv.Read()) trials.Add(Row(csv));
            if (trials.Count == 0) throw new FormatException("The file has no rows below its header line.");
            if (trials.Select(t => t.SessionObserver).Distinct().Count() > 1)
                throw new FormatException("The file holds people and synthetic observers: they are never analysed together, so take one of them out.");
            return trials;
        }
        catch (CsvFormatException problem)
        {
            throw new FormatException($"The file is not valid CSV: {problem.Message}", problem);
        }
    }

    private static TrialRecord Row(CsvReader csv)
    {
        var condition = Word<ConditionKind>(csv, "condition");
        return new TrialRecord
        {
            Study = Text(csv, "study")!,
            StudyVersion = Whole(csv, "study_version")!.Value,
            Observer = Word<ObserverKind>(csv, "observer_type"),
            ObserverId = Text(csv, "observer_id")!,
            SessionObserver = Word<ObserverKind>(csv, "session_observer_type"),
            Session = Whole(csv, "session")!.Value,
            SessionCompleted = true,
            Position = Whole(csv, "position")!.Value,
            IsPractice = csv.GetString("phase") == "practice",
            Condition = condition,
            GeneratingModel = Text(csv, "generating_model"),
            Stage = Text(csv, "stage"),
            StageIndex = condition == ConditionKind.Catch ? null : Whole(csv, "stage_index") ?? throw Wrong(csv, "stage_index", "a whole number"),
            Swapped = YesNo(csv, "swapped"),
            Category = Text(csv, "category")!,
            Choices = Whole(csv, "choices")!.Value,
            Correct = YesNo(csv, "correct"),
            SessionStartedAt = default,
        };
    }

    // The writer puts an apostrophe before what a spreadsheet would run as a formula.
    private static string? Text(CsvReader csv, string column) => csv.GetString(column) switch
    {
        "" => null,
        ['\'', '=' or '+' or '-' or '@' or '\t' or '\r', ..] escaped => escaped[1..],
        var text => text,
    };

    private static int? Whole(CsvReader csv, string column) => csv.GetString(column) is not { Length: > 0 } text ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : throw Wrong(csv, column, "a whole number");

    private static bool YesNo(CsvReader csv, string column) => csv.GetString(column) switch
    {
        "true" => true,
        "false" => false,
        _ => throw Wrong(csv, column, "true or false"),
    };

    private static T Word<T>(CsvReader csv, string column) where T : struct, Enum =>
        Enum.TryParse<T>(csv.GetString(column), ignoreCase: true, out var value) && Enum.IsDefined(value)
            ? value
            : throw Wrong(csv, column, string.Join(" or ", Enum.GetNames<T>().Select(n => n.ToLowerInvariant())));

    private static FormatException Wrong(CsvReader csv, string column, string wanted) =>
        new($"Line {csv.LineNumber}: '{csv.GetString(column)}' in the column '{column}' is not {wanted}.");
}

using System.Globalization;
using CsvHelper;

namespace PerceptionStudy.Server.Analysis;

/// <summary>Reads a CSV table with a header line (RFC 4180, comma, invariant numbers). Whatever is wrong with it is a <see cref="FormatException"/> of one sentence that names the place.</summary>
internal static class CsvRows
{
    private static readonly CsvReaderOptions Options = new()
    {
        Separator = ',', TrackLineNumbers = true, FieldCountMismatch = CsvFieldCountHandling.Throw, FormatProvider = CultureInfo.InvariantCulture,
        // The public tables write Session or session.
        NormalizeHeaderName = name => name.Trim().ToLowerInvariant(),
    };

    /// <param name="needed">Columns that must be there, in small letters.</param>
    public static IReadOnlyList<T> Read<T>(TextReader text, IReadOnlyCollection<string> needed, Func<CsvReader, T> row)
    {
        using var csv = CsvReader.Create(text, Options);
        try
        {
            if (needed.FirstOrDefault(name => !csv.TryGetFieldIndex(name, out _)) is { } missing)
                throw new FormatException($"The column '{missing}' is missing: the file needs {string.Join(", ", needed)}.");
            var rows = new List<T>();
            while (csv.Read()) rows.Add(row(csv));
            return rows.Count > 0 ? rows : throw new FormatException("The file has no rows below its header line.");
        }
        catch (CsvFormatException problem)
        {
            throw new FormatException($"The file is not valid CSV: {problem.Message}", problem);
        }
    }

    public static int Whole(CsvReader csv, string column, NumberStyles style = NumberStyles.None) =>
        int.TryParse(csv.GetString(column), style, CultureInfo.InvariantCulture, out var value) ? value : throw Wrong(csv, column, "a whole number");

    /// <summary>A number within limits; null where the field is empty or says nan, as Python writes where there was nothing.</summary>
    public static double? Number(CsvReader csv, string column, double least, double most, string wanted) => csv.GetString(column) switch
    {
        "" or "nan" or "NaN" or "NA" => null,
        var text when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most => value,
        _ => throw Wrong(csv, column, wanted),
    };

    public static double? Proportion(CsvReader csv, string column) => Number(csv, column, 0, 1, "a proportion from 0 to 1");

    public static FormatException Wrong(CsvReader csv, string column, string wanted) =>
        new($"Line {csv.LineNumber}: '{csv.GetString(column)}' in the column '{column}' is not {wanted}.");
}

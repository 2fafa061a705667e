using PerceptionStudy.Server.Analysis;

namespace PerceptionStudy.Server.Export;

/// <summary>The README of an archive: what it is, how to load it, how to cite it.</summary>
internal static class ExportReadme
{
    public static string Of(ExportSource source, Func<TableSchema, string> path)
    {
        var trials = path(TrialColumns.Table);
        return $"""
            # {source.Title}

            {source.Answers} and of the study's models to the same stimuli, exported by PerceptionStudy as of {source.SnapshotAt.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC.
            {string.Join('\n', source.Versions.Select(v => $"{ExportSource.NameOf(v)}, design SHA-256 {v.DesignSha256}."))}
            Which trials: {source.Filter.InWords}.{(source.Filter == source.Filter.Whole() ? "" : " This is a part of the study's data, as filtered on its results page.")}

            ## Files
            {string.Join('\n', Codebook.Tables.Select(t => $"- `{path(t)}`: {t.Row}"))}
            - `codebook.csv`, `codebook.json`, `codebook.md`: every column with type, unit, range, meaning and code of missing values.
            - `design.json`: the designs, word for word.
            - `{StudyArchive.TrailerFile}`: rows and SHA-256 of every file; it is written last, so an archive that has it is whole.

            ## Loading
            R: `trials <- readr::read_csv("{trials}", na = "", guess_max = Inf)`

            Python: `trials = pandas.read_csv("{trials}", keep_default_na=False, na_values=[""], parse_dates=["session_started_at", "received_at"]).convert_dtypes()`

            A row of the trials is told by study_version, session, observer_id and position. Proportions correct use rows with phase main, is_catch false, swapped and repeated false, answer not interrupted, and excluded_because empty.

            ## Citing
            Cite this dataset by its authors, the title "{source.Title}", the year {source.SnapshotAt.UtcDateTime:yyyy}, and the design's SHA-256 above. The method is that of
            Feather, J., Leclerc, G., Mądry, A. & McDermott, J. H. (2023). Model metamers reveal divergent invariances between biological and
            artificial neural networks. *Nature Neuroscience*, 26, 2017-2034. https://doi.org/10.1038/s41593-023-01442-0

            """;
    }
}

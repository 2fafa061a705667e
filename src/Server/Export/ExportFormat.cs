namespace PerceptionStudy.Server.Export;

/// <summary>What can be downloaded of a study's data.</summary>
public enum ExportFormat { Csv, StageAccuracy, Zip, PsychDs, Parquet }

public static class ExportFormats
{
    /// <summary>The word of the command line, the end of the file's name, and what is in it.</summary>
    public static readonly IReadOnlyList<(ExportFormat Format, string Word, string File, string MediaType, string What)> All =
    [
        (ExportFormat.Csv, "csv", "trials.csv", "text/csv; charset=utf-8", "one row for each trial"),
        (ExportFormat.Zip, "zip", "study.zip", "application/zip", "all tables with codebook, design and README"),
        (ExportFormat.PsychDs, "psych-ds", "psych-ds.zip", "application/zip", "the same as a Psych-DS dataset"),
        (ExportFormat.Parquet, "parquet", "trials.parquet", "application/vnd.apache.parquet", "the trials with their types, for large data"),
        (ExportFormat.StageAccuracy, "stage-accuracy", "stage-accuracy.csv", "text/csv; charset=utf-8", "one row for each participant, stage and generating model, in the published form"),
    ];

    public static (ExportFormat Format, string Word, string File, string MediaType, string What) Of(ExportFormat format) => All.First(f => f.Format == format);
}

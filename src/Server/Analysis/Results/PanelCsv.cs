using System.Globalization;
using CsvHelper;
using PerceptionStudy.Server.Analysis.Statistics;

namespace PerceptionStudy.Server.Analysis.Results;

/// <summary>The numbers that a panel shows, one row for each line and stage.</summary>
public static class PanelCsv
{
    public static string Of(CurvePanel panel)
    {
        using var text = new StringWriter();
        using (var csv = CsvWriter.Create(text, new CsvWriterOptions { Injection = CsvInjection.Escape, FormatProvider = CultureInfo.InvariantCulture }, leaveOpen: true))
        {
            csv.WriteHeader(["generating_model", "observer", "stage_index", "stage", "participants", "trials", "mean", "sem", "ci95_lower", "ci95_upper"]);
            foreach (var line in panel.Lines)
            {
                foreach (var point in line.Points)
                {
                    foreach (var field in (string[])[panel.GeneratingModel, SeriesStyle.Name(line)]) csv.WriteField(field);
                    csv.WriteField(point.StageIndex);
                    csv.WriteField(point.Stage);
                    csv.WriteField(point.Value.N);
                    csv.WriteField(point.Trials);
                    csv.WriteField(point.Value.Mean);
                    csv.WriteField(point.Value.Sem);
                    csv.WriteField(point.Interval?.Lower);
                    csv.WriteField(point.Interval?.Upper);
                    csv.EndRecord();
                }
            }
        }
        return text.ToString();
    }
}

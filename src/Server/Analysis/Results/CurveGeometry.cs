using PerceptionStudy.Server.Analysis.Statistics;

namespace PerceptionStudy.Server.Analysis.Results;

/// <summary>Where the points of a panel lie in the drawing. Proportion correct always runs from 0 to 1, so that panels compare by eye.</summary>
public sealed class CurveGeometry(CurvePanel panel)
{
    public const double Width = 620, Top = 14, Left = 50, Right = 104, PlotHeight = 270;

    /// <summary>Distance of neighbouring lines in x, so that their error bars do not hide each other.</summary>
    private double Dodge => Math.Min(9, Step / (panel.Lines.Count + 2));

    public double Bottom => Top + PlotHeight;

    /// <summary>Long stage names are written at a slant.</summary>
    public bool Slanted => panel.Stages.Max(s => s.Length) * 6.6 > Step - 6;

    public double Height => Bottom + (Slanted ? 36 + 4.4 * Math.Min(16, panel.Stages.Max(s => s.Length)) : 46);

    private double Step => (Width - Left - Right) / panel.Stages.Count;

    public double Y(double proportion) => Bottom - proportion * PlotHeight;

    public double X(int index) => Left + Step * (index + 0.5);

    public double X(CurvePoint point, CurveLine line) =>
        X(IndexOf(point)) + Dodge * (Lines.IndexOf(line) - (panel.Lines.Count - 1) / 2.0);

    /// <summary>The line through the means; it has a gap where a stage has no value.</summary>
    public string Path(CurveLine line)
    {
        var path = new System.Text.StringBuilder();
        var before = -2;
        foreach (var point in line.Points)
        {
            var index = IndexOf(point);
            path.Append(System.Globalization.CultureInfo.InvariantCulture, $"{(index == before + 1 ? 'L' : 'M')}{X(point, line):0.##} {Y(point.Value.Mean):0.##}");
            before = index;
        }
        return path.ToString();
    }

    /// <summary>Mean ± SEM as a vertical bar with caps.</summary>
    public string Bar(CurvePoint point, CurveLine line)
    {
        double x = X(point, line), low = Y(point.Value.Mean - point.Value.Sem), high = Y(point.Value.Mean + point.Value.Sem);
        return string.Create(System.Globalization.CultureInfo.InvariantCulture,
            $"M{x:0.##} {low:0.##}V{high:0.##}M{x - 3.5:0.##} {low:0.##}h7M{x - 3.5:0.##} {high:0.##}h7");
    }

    /// <summary>Circle for people, square for the generating model, diamond for the others.</summary>
    public static string Mark(CurveLine line) => line switch
    {
        { Observer: not ObserverKind.Model } => "M-4.6 0a4.6 4.6 0 1 0 9.2 0a4.6 4.6 0 1 0 -9.2 0z",
        { Generating: true } => "M-4 -4h8v8h-8z",
        _ => "M0 -5.2L5.2 0L0 5.2L-5.2 0z",
    };

    /// <summary>Where each line's name stands beside its last point: at its height, moved apart where names would overlap.</summary>
    public IReadOnlyList<(CurveLine Line, double Y)> EndLabels()
    {
        var labels = Lines.Where(l => l.Points.Count > 0).Select(l => (Line: l, Y: Y(l.Points[^1].Value.Mean))).OrderBy(l => l.Y).ToList();
        for (var i = 1; i < labels.Count; i++) labels[i] = (labels[i].Line, Math.Max(labels[i].Y, labels[i - 1].Y + LabelHeight));
        // Pushed below the axis: the lowest goes back up and pushes those above it.
        for (var i = labels.Count - 1; i >= 0; i--) labels[i] = (labels[i].Line, Math.Min(labels[i].Y, i == labels.Count - 1 ? Bottom : labels[i + 1].Y - LabelHeight));
        return labels;
    }

    private const double LabelHeight = 14;

    public static string Number(double value) => value.ToString("0.##", System.Globalization.CultureInfo.InvariantCulture);

    private List<CurveLine> Lines { get; } = [.. panel.Lines];

    // Stages of several versions may leave holes in the indices; the place in the panel counts.
    private int IndexOf(CurvePoint point) => panel.Stages.ToList().IndexOf(point.Stage);
}

namespace PerceptionStudy.Server.Analysis.Results;

/// <summary>How exactly people's proportions are known: the condition with the widest 95 % interval.</summary>
public sealed record Precision(string Condition, double HalfWidth)
{
    /// <summary>Null while some condition has no interval.</summary>
    public static Precision? Of(StudySummary summary)
    {
        var points = (from panel in summary.Panels from line in panel.Lines where line.Observer != ObserverKind.Model from point in line.Points select (panel.GeneratingModel, point)).ToList();
        if (points.Count == 0 || points.Any(p => p.point.Interval is null)) return null;
        var (model, widest) = points.MaxBy(p => p.point.Interval!.Value.HalfWidth);
        return new Precision(widest.StageIndex == 0 ? "natural" : $"{model}, {widest.Stage}", widest.Interval!.Value.HalfWidth);
    }
}

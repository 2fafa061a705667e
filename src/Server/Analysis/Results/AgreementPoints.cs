using PerceptionStudy.Server.Analysis.Statistics;

namespace PerceptionStudy.Server.Analysis.Results;

/// <summary>Are the metamers that people recognise those that other models recognise? One point for each generating model and stage, natural left out.</summary>
public static class AgreementPoints
{
    public static IReadOnlyList<CrossModelPoint> Of(IReadOnlyList<CurvePanel> panels) =>
    [
        .. from panel in panels
           let people = panel.Lines.FirstOrDefault(l => l.Observer != ObserverKind.Model)
           let others = panel.Lines.Where(l => l.Observer == ObserverKind.Model && !l.Generating).ToList()
           where people is not null
           from point in people.Points
           where point.StageIndex > 0
           let values = others.Select(l => l.Points.FirstOrDefault(p => p.StageIndex == point.StageIndex)).OfType<CurvePoint>().Select(p => p.Value.Mean).ToList()
           where values.Count > 0
           select new CrossModelPoint(panel.GeneratingModel, point.Stage, point.Value.Mean, values.Average())
    ];
}

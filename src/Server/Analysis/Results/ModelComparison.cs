using PerceptionStudy.Server.Analysis.Statistics;

namespace PerceptionStudy.Server.Analysis.Results;

/// <summary>Stage by generating model, both within participants, people only: are the metamers of one model more recognisable than those of another?</summary>
/// <param name="Anova">Null where it cannot be computed; <paramref name="Reason"/> says why.</param>
/// <param name="Contrasts">Models at each stage, with Holm's correction.</param>
public sealed record ModelComparison(
    IReadOnlyList<string> Models, AnovaTable? Anova, IReadOnlyList<Contrast> Contrasts, int Participants, int LeftOut, int Permutations, string? Reason)
{
    /// <summary>Null with fewer than two models, or where panels come from several experiments, whose participants differ.</summary>
    public static ModelComparison? Of(IReadOnlyList<CurvePanel> panels, IReadOnlyList<StageAccuracy> table)
    {
        if (panels.Count < 2 || panels.Any(p => p.Experiment is not null || p.Modality is not null)) return null;
        string[] models = [.. panels.Select(p => p.GeneratingModel)];
        try
        {
            var cells = StageCells.Of(table, null, null, models, [], network: false);
            var permutations = PanelTests.PermutationsFor(cells.People.Count);
            return new ModelComparison(models, StageAnova.Within(cells.People, models.Length, permutations, PanelTests.Seed),
                PairwiseContrasts.ModelsAtStages(cells.People, models, cells.Stages), cells.People.Count, cells.LeftOut.Count, permutations, null);
        }
        catch (Exception problem) when (problem is FormatException or ArgumentException)
        {
            return new ModelComparison(models, null, [], 0, 0, 0, problem.Message);
        }
    }
}

using PerceptionStudy.Server.Analysis.Statistics;

namespace PerceptionStudy.Server.Analysis.Results;

/// <summary>The tests behind one panel: people against the generating model over the stages.</summary>
/// <param name="Panel">The <see cref="CurvePanel.Key"/> of the panel.</param>
/// <param name="Anova">Null where it cannot be computed; <paramref name="Reason"/> says why.</param>
/// <param name="Contrasts">People against the model at each stage, with Holm's correction.</param>
/// <param name="Participants">With a value at every stage: those that enter the analysis of variance.</param>
/// <param name="LeftOut">Participants without a value at some stage.</param>
public sealed record PanelTests(
    string Panel, string GeneratingModel, AnovaTable? Anova, IReadOnlyList<Contrast> Contrasts, int Participants, int LeftOut, NoiseCeiling? Ceiling, int Permutations, string? Reason)
{
    public const int Seed = 1;

    // Ten thousand as published; with very many participants the parametric p is exact enough that fewer do.
    private const int Permuted = 10_000, PermutedIfMany = 1_000, Many = 300;

    public static PanelTests Of(CurvePanel panel, IReadOnlyList<StageAccuracy> table)
    {
        var own = table.Where(r => r.Model == panel.GeneratingModel && (panel.Modality is null || r.Modality == panel.Modality)
            && (panel.Experiment is null || $"experiment {r.Experiment}" == panel.Experiment)).ToList();
        var ceiling = NoiseCeiling.Of(StageAccuracyTable.Proportions(own));
        try
        {
            var cells = StageCells.Of(own, null, null, [panel.GeneratingModel], [], network: true);
            var permutations = PermutationsFor(cells.People.Count);
            return new PanelTests(panel.Key, panel.GeneratingModel, StageAnova.Mixed(cells.People, cells.Network!, permutations, Seed),
                PairwiseContrasts.ObserversAtStages(cells.People, cells.Network!, cells.Stages), cells.People.Count, cells.LeftOut.Count, ceiling, permutations, null);
        }
        catch (Exception problem) when (problem is FormatException or ArgumentException)
        {
            return new PanelTests(panel.Key, panel.GeneratingModel, null, [], 0, 0, ceiling, 0, problem.Message);
        }
    }

    internal static int PermutationsFor(int participants) => participants > Many ? PermutedIfMany : Permuted;
}

using PerceptionStudy.Server.Analysis.Statistics;

namespace PerceptionStudy.Server.Analysis.Results;

/// <summary>The tests behind one panel: people against the generating model over the stages.</summary>
/// <param name="Anova">Null where it cannot be computed; <paramref name="Reason"/> says why.</param>
/// <param name="Participants">With a value at every stage: those that enter the analysis of variance.</param>
/// <param name="LeftOut">Participants without a value at some stage.</param>
public sealed record PanelTests(string GeneratingModel, AnovaTable? Anova, int Participants, int LeftOut, NoiseCeiling? Ceiling, int Permutations, string? Reason)
{
    public const int Seed = 1;

    // Ten thousand as published; with very many participants the parametric p is exact enough that fewer do.
    private const int Permuted = 10_000, PermutedIfMany = 1_000, Many = 300;

    public static PanelTests Of(string model, IReadOnlyList<StageAccuracy> table, NoiseCeiling? ceiling)
    {
        try
        {
            var cells = StageCells.Of(table, null, null, [model], [], network: true);
            var permutations = cells.People.Count > Many ? PermutedIfMany : Permuted;
            return new PanelTests(model, StageAnova.Mixed(cells.People, cells.Network!, permutations, Seed), cells.People.Count, cells.LeftOut.Count, ceiling, permutations, null);
        }
        catch (Exception problem) when (problem is FormatException or ArgumentException)
        {
            return new PanelTests(model, null, 0, 0, ceiling, 0, problem.Message);
        }
    }
}

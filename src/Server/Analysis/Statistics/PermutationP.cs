namespace PerceptionStudy.Server.Analysis.Statistics;

/// <summary>The p-value of a permutation test.</summary>
/// <param name="Published">As the published analysis has it: the share of permutations whose F reaches (tests of models: exceeds) that of the data, at least 1 / permutations.</param>
/// <param name="PlusOne">(b + 1) / (m + 1), with b of m permutations reaching the F of the data: never too small (Phipson and Smyth 2010).</param>
public readonly record struct PermutationP(int Permutations, double Published, double PlusOne)
{
    internal static PermutationP Of(int permutations, int reached, int exceeded, bool publishedCountsTies) =>
        new(permutations, Math.Max(publishedCountsTies ? reached : exceeded, 1) / (double)permutations, (reached + 1.0) / (permutations + 1.0));
}

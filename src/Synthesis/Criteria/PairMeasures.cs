using PerceptionStudy.Synthesis.Hosting;
using PerceptionStudy.Synthesis.Metamers;

namespace PerceptionStudy.Synthesis.Criteria;

/// <summary>The three measures of match for every pair, as <see cref="ActivationMatch"/> defines them, undefined cases too.</summary>
/// <param name="Spearman">Rank correlations.</param>
/// <param name="Pearson">Product-moment correlations.</param>
/// <param name="PaperSnrDb">10·log10 of the ratio of norms.</param>
internal sealed record PairMeasures(double[] Spearman, double[] Pearson, double[] PaperSnrDb)
{
    public int Count => Pearson.Length;

    public MatchMeasures Max() => new(Spearman.Max(), Pearson.Max(), PaperSnrDb.Max());

    /// <summary>Reads the measures from the Gram matrices of standardised activations.</summary>
    /// <param name="pairs">The pairs.</param>
    /// <param name="activations">Their means and norms.</param>
    /// <param name="pearson">Inner products of the standardised activations, [views, views].</param>
    /// <param name="spearman">The same of the standardised ranks.</param>
    /// <param name="seed">Decides which of a pair stands for the natural picture, on which the ratio depends.</param>
    public static PairMeasures Of(IEnumerable<(int First, int Second)> pairs, StandardisedActivations activations, double[] pearson, double[] spearman, int seed)
    {
        var random = new NoiseSource(seed);
        var (views, all) = (activations.Views, pairs.ToArray());
        var measures = new PairMeasures(new double[all.Length], new double[all.Length], new double[all.Length]);
        for (var i = 0; i < all.Length; i++)
        {
            var (natural, other) = random.Below(2) == 0 ? all[i] : (all[i].Second, all[i].First);
            measures.Pearson[i] = Math.Clamp(pearson[natural * views + other], -1, 1);
            measures.Spearman[i] = Math.Clamp(spearman[natural * views + other], -1, 1);
            measures.PaperSnrDb[i] = Ratio(activations, natural, other, measures.Pearson[i]);
        }
        return measures;
    }

    // With a = ma + na·u, where u has mean 0 and norm 1: |a|² = na² + n·ma², |a − b|² = na² + nb² − 2·na·nb·r + n·(ma − mb)².
    private static double Ratio(StandardisedActivations activations, int natural, int other, double r)
    {
        double ma = activations.Means[natural], mb = activations.Means[other], na = activations.Norms[natural], nb = activations.Norms[other], n = activations.Size;
        var (signal, otherSignal) = (na * na + n * ma * ma, nb * nb + n * mb * mb);
        if (signal == 0 || otherSignal == 0)
            return 0;
        var noise = (na - nb) * (na - nb) + 2 * na * nb * (1 - r) + n * (ma - mb) * (ma - mb);
        return noise == 0 ? ActivationMatch.LargestSnrDb / 2 : Math.Min(ActivationMatch.LargestSnrDb / 2, 5 * Math.Log10(signal / noise));
    }
}

using System.Globalization;
using System.Text;
using PerceptionStudy.Server.Stimuli;
using PerceptionStudy.Synthesis.Criteria;

namespace PerceptionStudy.Server.Campaigns;

/// <summary>One measure's null distribution at one stage as a drawing, on a scale that every metamer of the stage fits into.</summary>
/// <param name="Low">Left end of the scale.</param>
/// <param name="High">Right end of the scale.</param>
/// <param name="Max">The largest value of the chance pairs: what a metamer has to exceed.</param>
/// <param name="Bars">Path of the bars, 100 wide and 30 high; empty where only the largest value is known.</param>
public sealed record ChanceShape(double Low, double High, double Max, string Bars)
{
    private const double Width = 100, Height = 30;

    /// <summary>Place of a value on the scale, 0 to 100.</summary>
    public double X(double value) => Math.Round(Math.Clamp((value - Low) / (High - Low), 0, 1) * Width, 2);

    /// <param name="histogram">The distribution, or null if only its largest value is known.</param>
    /// <param name="max">Its largest value.</param>
    /// <param name="values">The metamers' own values.</param>
    public static ChanceShape Of(Histogram? histogram, double max, IReadOnlyCollection<double> values)
    {
        var finite = values.Where(double.IsFinite).ToArray();
        var high = finite.Append(max).Max();
        var bins = histogram is null ? [] : Enumerable.Range(0, histogram.Counts.Length).Where(i => histogram.Counts[i] > 0).ToArray();
        var low = finite.Append(bins.Length > 0 ? Edge(histogram!, bins[0]) : max - 1).Min();
        var margin = Math.Max(0.04 * (high - low), 1e-9);
        var shape = new ChanceShape(low - margin, high + margin, max, "");
        return histogram is null || bins.Length == 0 ? shape : shape with { Bars = Path(histogram, bins, shape) };
    }

    private static double Edge(Histogram histogram, int bin) => histogram.Low + bin * (histogram.High - histogram.Low) / histogram.Counts.Length;

    private static string Path(Histogram histogram, int[] bins, ChanceShape shape)
    {
        var most = histogram.Counts.Max();
        var path = new StringBuilder();
        foreach (var bin in bins)
        {
            // A last bin may reach beyond the largest value; a bar that does would claim what was not measured.
            var (from, to) = (shape.X(Edge(histogram, bin)), shape.X(Math.Min(Edge(histogram, bin + 1), Math.Max(shape.Max, Edge(histogram, bin)))));
            var top = Height - Math.Max(1, (Height - 2) * histogram.Counts[bin] / most);
            path.Append(CultureInfo.InvariantCulture, $"M{from:0.##} {Height:0}V{top:0.#}H{Math.Max(to, from + 0.4):0.##}V{Height:0}Z");
        }
        return path.ToString();
    }
}

/// <summary>The null distributions of one stage, measure by measure.</summary>
public sealed record StageChance(ChanceShape Spearman, ChanceShape Pearson, ChanceShape PaperSnrDb, int Pairs)
{
    /// <summary>From what was measured at the stage, for the metamers made there.</summary>
    /// <param name="measured">The row.</param>
    /// <param name="file">The file that the row names, or null where only the largest values are known.</param>
    /// <param name="stage">Name of the stage in the file.</param>
    /// <param name="metamers">Metamers of the stage.</param>
    public static StageChance Of(StageNull measured, NullDistribution? file, string stage, IReadOnlyCollection<MetamerRow> metamers)
    {
        var distribution = file?.Stages.FirstOrDefault(s => s.Stage == stage);
        return new StageChance(
            ChanceShape.Of(distribution?.Spearman, measured.MaxSpearman, [.. metamers.Select(m => m.Spearman)]),
            ChanceShape.Of(distribution?.Pearson, measured.MaxPearson, [.. metamers.Select(m => m.Pearson)]),
            ChanceShape.Of(distribution?.PaperSnrDb, measured.MaxPaperSnrDb, [.. metamers.Select(m => m.PaperSnrDb)]),
            measured.Pairs);
    }
}

namespace PerceptionStudy.Server.Analysis.Statistics;

/// <summary>How often each category was answered with which.</summary>
/// <param name="Categories">Rows: the right answers, in the order of their names.</param>
/// <param name="Responses">Columns: every category, whatever else was answered, and last <c>na</c> for no answer in time.</param>
/// <param name="Counts">[category][response].</param>
public sealed record ConfusionMatrix(IReadOnlyList<string> Categories, IReadOnlyList<string> Responses, int[][] Counts)
{
    public const string NoAnswer = "na";

    public static ConfusionMatrix Of(IEnumerable<Choice> choices)
    {
        var counts = choices.CountBy(c => (c.Category, Response: c.Response ?? NoAnswer)).ToDictionary();
        string[] categories = [.. counts.Keys.Select(k => k.Category).Distinct().Order(StringComparer.Ordinal)];
        string[] responses = [.. categories.Union(counts.Keys.Select(k => k.Response)).Where(r => r != NoAnswer).Order(StringComparer.Ordinal), NoAnswer];
        return new ConfusionMatrix(categories, responses, [.. categories.Select(c => responses.Select(r => counts.GetValueOrDefault((c, r))).ToArray())]);
    }

    /// <summary>Rows as shares of their sums.</summary>
    public double[][] Shares => [.. Counts.Select(row => { var sum = row.Sum(); return row.Select(n => (double)n / sum).ToArray(); })];

    /// <summary>Shares of this matrix less those of another, over the categories that both have: where two observers err differently.</summary>
    public (IReadOnlyList<string> Categories, IReadOnlyList<string> Responses, double[][] Values) Less(ConfusionMatrix other)
    {
        string[] categories = [.. Categories.Intersect(other.Categories)];
        string[] responses = [.. Responses.Union(other.Responses).Where(r => r != NoAnswer).Order(StringComparer.Ordinal), NoAnswer];
        return (categories, responses, [.. categories.Select(c => responses.Select(r => Share(c, r) - other.Share(c, r)).ToArray())]);
    }

    /// <summary>d′ and bias of each category against the rest.</summary>
    public IReadOnlyList<Sensitivity?> Sensitivities => [.. Categories.Select((category, row) =>
    {
        int shown = Counts[row].Sum(), column = Index(Responses, category), all = Counts.Sum(r => r.Sum());
        return Detectability.OfCategory(Counts[row][column], shown, Counts.Sum(r => r[column]) - Counts[row][column], all - shown);
    })];

    /// <summary>
    /// Unbiased hit rate of each category (Wagner 1993): hits² / (times shown × times answered), from 0 to 1; it falls when a category is named whatever
    /// is shown. 0 where it was never answered.
    /// </summary>
    public IReadOnlyList<double> UnbiasedHitRates => [.. Categories.Select((category, row) =>
    {
        var column = Index(Responses, category);
        double hits = Counts[row][column], answered = Counts.Sum(r => r[column]);
        return answered == 0 ? 0 : hits * hits / (Counts[row].Sum() * answered);
    })];

    private double Share(string category, string response)
    {
        int row = Index(Categories, category), column = Index(Responses, response);
        return column < 0 ? 0 : (double)Counts[row][column] / Counts[row].Sum();
    }

    private static int Index(IReadOnlyList<string> names, string name) => names.Index().Where(n => n.Item == name).Select(n => n.Index).FirstOrDefault(-1);
}

namespace PerceptionStudy.Server.Analysis.Statistics;

/// <summary>Entropy of an observer's answers in bits (Shannon 1948): log2 of the number of categories where all are named equally often, 0 where one always is.</summary>
public static class ResponseEntropy
{
    /// <summary>−Σ p log2 p over what was answered, missing answers left out. Null where nothing was answered.</summary>
    public static double? Bits(IEnumerable<Choice> ofOneObserver) => Of([.. ofOneObserver.Select(c => c.Response).OfType<string>()]);

    /// <summary>The same with "no answer" as an answer of its own.</summary>
    public static double? BitsWithMissing(IEnumerable<Choice> ofOneObserver) => Of([.. ofOneObserver.Select(c => c.Response ?? ConfusionMatrix.NoAnswer)]);

    private static double? Of(List<string> answers) => answers.Count == 0 ? null
        : -answers.CountBy(a => a).Sum(a => (double)a.Value / answers.Count * Math.Log2((double)a.Value / answers.Count)) + 0.0;
}

namespace PerceptionStudy.Server.Analysis.Statistics;

/// <summary>One observer of a summary. Times and shape bias are null where there are none.</summary>
public sealed record ObserverSummary(
    string Observer, int Trials, double Accuracy, int Missing, double? EntropyBits, double? EntropyBitsWithMissing, ReactionTimes? ReactionTimes, ShapeBias? ShapeBias);

/// <summary>One condition of a summary; SEM over observers, mean κ over pairs of them (null where none share a stimulus).</summary>
public sealed record ConditionSummary(string Condition, int Trials, double Accuracy, double Sem, double? MeanKappa);

/// <summary>
/// What observers of the same stimuli have in common, as the toolbox model-vs-human defines it (Geirhos et al. 2021). No answer in time counts as wrong;
/// accuracy is over trials, its SEM over observers; entropies are means over observers.
/// </summary>
public sealed record ChoiceSummary(
    int Trials, double Accuracy, MeanAndSem OverObservers, IReadOnlyList<ObserverSummary> Observers, IReadOnlyList<ConditionSummary> Conditions,
    double? EntropyBits, double? EntropyBitsWithMissing, ConfusionMatrix Confusion, IReadOnlyList<ErrorConsistencyPair> Pairs, double? MeanKappa, ShapeBias? ShapeBias)
{
    // Of the intervals of κ: pairs are many.
    private const int Resamples = 1000;

    /// <param name="choices">At least one, in any order.</param>
    public static ChoiceSummary Of(IReadOnlyList<Choice> choices, int resamples = Resamples, int seed = 1)
    {
        ObserverSummary[] observers =
        [
            .. from observer in choices.GroupBy(c => c.Observer).OrderBy(o => o.Key, StringComparer.Ordinal)
               let own = observer.ToList()
               select new ObserverSummary(observer.Key, own.Count, ShareCorrect(own), own.Count(c => c.Response is null), ResponseEntropy.Bits(own),
                   ResponseEntropy.BitsWithMissing(own), ReactionTimes.Of(own.Select(c => c.ReactionTimeMs).OfType<double>()), Statistics.ShapeBias.Of(own))
        ];
        var pairs = ErrorConsistency.Pairs(choices, resamples: resamples, seed: seed);
        return new ChoiceSummary(choices.Count, ShareCorrect(choices), MeanAndSem.Of([.. observers.Select(o => o.Accuracy)])!.Value, observers,
            [.. choices.GroupBy(c => c.Condition).OrderBy(c => c.Key, StringComparer.Ordinal).Select(c => OfCondition(c.Key, [.. c]))],
            Mean(observers.Select(o => o.EntropyBits)), Mean(observers.Select(o => o.EntropyBitsWithMissing)), ConfusionMatrix.Of(choices), pairs,
            Mean(pairs.Select(p => (double?)p.Kappa)), Statistics.ShapeBias.Of(choices));
    }

    private static ConditionSummary OfCondition(string condition, List<Choice> choices)
    {
        var overObservers = MeanAndSem.Of([.. choices.GroupBy(c => c.Observer).Select(ShareCorrect)])!.Value;
        return new ConditionSummary(condition, choices.Count, ShareCorrect(choices), overObservers.Sem, Mean(ErrorConsistency.Pairs(choices).Select(p => (double?)p.Kappa)));
    }

    private static double ShareCorrect(IEnumerable<Choice> choices) => choices.Average(c => c.Correct ? 1.0 : 0);

    private static double? Mean(IEnumerable<double?> values) => values.OfType<double>().ToList() is { Count: > 0 } defined ? defined.Average() : null;
}

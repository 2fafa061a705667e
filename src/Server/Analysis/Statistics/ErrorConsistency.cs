namespace PerceptionStudy.Server.Analysis.Statistics;

/// <summary>Whether two observers err on the same stimuli, beyond what their accuracies make them share (Geirhos, Meding and Wichmann 2020).</summary>
/// <param name="Trials">Stimuli that both answered.</param>
/// <param name="Observed">Share of them on which both were right or both wrong.</param>
/// <param name="Expected">p₁ p₂ + (1 − p₁)(1 − p₂): the share of two independent observers of the same accuracies.</param>
/// <param name="Kappa">
/// Cohen's (1960) κ = (observed − expected) / (1 − expected). Where both agree on every stimulus it is 1, even if neither ever erred and κ would be 0/0:
/// so in the toolbox model-vs-human.
/// </param>
public sealed record ErrorConsistencyPair(string A, string B, int Trials, double Observed, double Expected, double Kappa)
{
    /// <summary>Least and greatest κ that the two accuracies allow: observed agreement lies from |p₁ + p₂ − 1| to 1 − |p₁ − p₂|.</summary>
    public required Interval Bounds { get; init; }

    /// <summary>95 % bootstrap interval over stimuli; null where it was not asked for or there are fewer than 2.</summary>
    public Interval? Interval { get; init; }
}

/// <summary>Error consistency of observers in pairs.</summary>
public static class ErrorConsistency
{
    /// <summary>
    /// All pairs of observers who share a stimulus, in the order of their names. Stimuli match within their condition; where some source names no condition,
    /// by stimulus alone. A stimulus that an observer saw repeatedly matches in order of appearance.
    /// </summary>
    /// <param name="wanted">Which pairs of observers; all by default.</param>
    /// <param name="resamples">Of the bootstrap; 0 for none.</param>
    public static IReadOnlyList<ErrorConsistencyPair> Pairs(IEnumerable<Choice> choices, Func<string, string, bool>? wanted = null, int resamples = 0, int seed = 1)
    {
        var all = choices.ToList();
        var withoutCondition = all.Any(c => c.Condition.Length == 0);
        var observers = all.GroupBy(c => c.Observer).OrderBy(o => o.Key, StringComparer.Ordinal).Select(o => (o.Key, Answers: ByStimulus(o, withoutCondition))).ToList();
        return
        [
            .. from first in observers.Index()
               from second in observers.Skip(first.Index + 1)
               where wanted is null || wanted(first.Item.Key, second.Key)
               let pair = Of(first.Item.Key, second.Key, [.. Shared(first.Item.Answers, second.Answers)], resamples, seed)
               where pair is not null
               select pair
        ];
    }

    /// <summary>One pair from its shared stimuli; null where there are none.</summary>
    public static ErrorConsistencyPair? Of(string a, string b, IReadOnlyList<(bool A, bool B)> shared, int resamples = 0, int seed = 1)
    {
        if (shared.Count == 0) return null;
        var (observed, expected, kappa) = Kappa(shared.Count(s => s is { A: true, B: true }), shared.Count(s => s.A), shared.Count(s => s.B), shared.Count);
        double p1 = (double)shared.Count(s => s.A) / shared.Count, p2 = (double)shared.Count(s => s.B) / shared.Count;
        return new ErrorConsistencyPair(a, b, shared.Count, observed, expected, kappa)
        {
            Bounds = expected == 1 ? new Interval(1, 1) : new Interval((Math.Abs(p1 + p2 - 1) - expected) / (1 - expected), (1 - Math.Abs(p1 - p2) - expected) / (1 - expected)),
            Interval = resamples == 0 ? null : ParticipantBootstrap.Of(shared.Count, drawn =>
            {
                int both = 0, first = 0, second = 0;
                foreach (var i in drawn)
                {
                    var (x, y) = shared[i];
                    if (x) first++;
                    if (y) second++;
                    if (x && y) both++;
                }
                return Kappa(both, first, second, drawn.Length).Kappa;
            }, resamples, seed),
        };
    }

    private static (double Observed, double Expected, double Kappa) Kappa(int bothRight, int aRight, int bRight, int n)
    {
        double p1 = (double)aRight / n, p2 = (double)bRight / n;
        var observed = (double)(n - aRight - bRight + 2 * bothRight) / n;
        var expected = p1 * p2 + (1 - p1) * (1 - p2);
        return (observed, expected, observed == 1 ? 1 : (observed - expected) / (1 - expected));
    }

    private static Dictionary<(string Condition, string Stimulus, int Time), bool> ByStimulus(IEnumerable<Choice> choices, bool withoutCondition)
    {
        var times = new Dictionary<(string, string), int>();
        var answers = new Dictionary<(string, string, int), bool>();
        foreach (var choice in choices)
        {
            var key = (withoutCondition ? "" : choice.Condition, choice.Stimulus);
            var time = times[key] = times.GetValueOrDefault(key) + 1;
            answers[(key.Item1, key.Item2, time)] = choice.Correct;
        }
        return answers;
    }

    private static IEnumerable<(bool, bool)> Shared<TKey>(Dictionary<TKey, bool> a, Dictionary<TKey, bool> b) where TKey : notnull =>
        from x in a.OrderBy(x => x.Key) where b.ContainsKey(x.Key) select (x.Value, b[x.Key]);
}

namespace PerceptionStudy.Server.Analysis.Statistics;

/// <summary>Mean error consistency of the pairs of one kind: people with each other, people with a model, one model with another.</summary>
/// <param name="Bounds">Means of the least and of the greatest κ that the pairs' accuracies allow.</param>
/// <param name="Interval">
/// 95 % bootstrap interval: over people, drawn with all their pairs, where people are among the pairs; over stimuli for one model with another.
/// Null with fewer than 2 to draw from.
/// </param>
public sealed record MeanConsistency(string Who, int Pairs, double Kappa, double Observed, double Expected, Interval Bounds, Interval? Interval)
{
    // A mean over all pairs of people goes over their square.
    private const int Resamples = 1000;

    /// <summary>One line for each kind of pair, by name.</summary>
    /// <param name="choices">Answers of people and models.</param>
    /// <param name="models">Which of the observers are models.</param>
    public static IReadOnlyList<MeanConsistency> Of(IReadOnlyList<Choice> choices, IReadOnlySet<string> models, int resamples = Resamples, int seed = 1) =>
    [
        .. ErrorConsistency.Pairs(choices).GroupBy(p => Kind(p, models)).OrderBy(k => k.Key, StringComparer.Ordinal).Select(kind =>
        {
            List<ErrorConsistencyPair> pairs = [.. kind];
            string[] people = [.. pairs.SelectMany(p => (string[])[p.A, p.B]).Where(o => !models.Contains(o)).Distinct().Order(StringComparer.Ordinal)];
            return new MeanConsistency(kind.Key, pairs.Count, pairs.Average(p => p.Kappa), pairs.Average(p => p.Observed), pairs.Average(p => p.Expected),
                new Interval(pairs.Average(p => p.Bounds.Lower), pairs.Average(p => p.Bounds.Upper)),
                people.Length > 0 ? OverPeople(pairs, people, resamples, seed)
                    : ErrorConsistency.Pairs(choices, (a, b) => (a, b) == (pairs[0].A, pairs[0].B), resamples, seed).Single().Interval);
        })
    ];

    private static string Kind(ErrorConsistencyPair pair, IReadOnlySet<string> models) => (models.Contains(pair.A), models.Contains(pair.B)) switch
    {
        (false, false) => "people with each other",
        (true, true) => $"{pair.A} with {pair.B}",
        (true, _) => $"people with {pair.A}",
        _ => $"people with {pair.B}",
    };

    private static Interval? OverPeople(List<ErrorConsistencyPair> pairs, string[] people, int resamples, int seed)
    {
        // κ by the people's numbers; with a model the person's own place on the diagonal. NaN where nothing is shared.
        var number = people.Index().ToDictionary(p => p.Item, p => p.Index);
        var kappa = new double[people.Length, people.Length];
        for (var i = 0; i < people.Length; i++) for (var j = 0; j < people.Length; j++) kappa[i, j] = double.NaN;
        var withModel = pairs.Any(p => !number.ContainsKey(p.A) || !number.ContainsKey(p.B));
        foreach (var pair in pairs)
        {
            var (a, b) = (number.GetValueOrDefault(pair.A, -1), number.GetValueOrDefault(pair.B, -1));
            if (a < 0 || b < 0) kappa[Math.Max(a, b), Math.Max(a, b)] = pair.Kappa;
            else kappa[a, b] = kappa[b, a] = pair.Kappa;
        }
        return ParticipantBootstrap.Of(people.Length, drawn =>
        {
            var (sum, count) = (0.0, 0);
            for (var i = 0; i < drawn.Length; i++)
            {
                // Who is drawn twice is no pair with himself.
                for (var j = withModel ? i : 0; j < (withModel ? i + 1 : i); j++)
                {
                    if (kappa[drawn[i], drawn[j]] is double.NaN) continue;
                    sum += kappa[drawn[i], drawn[j]];
                    count++;
                }
            }
            return count == 0 ? null : sum / count;
        }, resamples, seed);
    }
}

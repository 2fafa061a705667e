using PerceptionStudy.Server.Analysis.Statistics;

namespace PerceptionStudy.Server.Analysis.Results;

/// <summary>Mean error consistency of pairs of one kind.</summary>
public sealed record ConsistencyLine(string Who, int Pairs, double MeanKappa, double MeanObserved, double MeanExpected);

/// <summary>Reaction times in one condition, people only.</summary>
public sealed record ReactionTimeLine(string Condition, ReactionTimes Times);

/// <summary>What the results page shows on demand: it needs every trial.</summary>
public sealed record ResultsDetails
{
    // Pairs grow with the square of the participants.
    private const int MostPaired = 60;

    public required ConfusionMatrix? People { get; init; }
    public required IReadOnlyList<(string Model, ConfusionMatrix Matrix)> Models { get; init; }
    public required IReadOnlyList<ConsistencyLine> Consistency { get; init; }

    /// <summary>Participants who entered <see cref="Consistency"/>: the first by session, if there are very many.</summary>
    public required int Paired { get; init; }

    public required IReadOnlyList<ReactionTimeLine> ReactionTimes { get; init; }

    public static ResultsDetails Of(IEnumerable<TrialRecord> trials)
    {
        var counted = trials.Where(t => t.Counts).ToList();
        var models = counted.Where(t => t.Observer == ObserverKind.Model).Select(t => t.ObserverId).ToHashSet();
        var choices = Choice.Of(counted).ToList();
        var people = choices.Where(c => !models.Contains(c.Observer)).ToList();
        var paired = people.Select(c => c.Observer).Distinct().Take(MostPaired).ToHashSet();
        var pairs = ErrorConsistency.Pairs(choices.Where(c => models.Contains(c.Observer) || paired.Contains(c.Observer)));
        return new ResultsDetails
        {
            People = people.Count == 0 ? null : ConfusionMatrix.Of(people),
            Models = [.. choices.Where(c => models.Contains(c.Observer)).GroupBy(c => c.Observer).OrderBy(m => m.Key, StringComparer.Ordinal).Select(m => (m.Key, ConfusionMatrix.Of(m)))],
            Consistency = [.. pairs.GroupBy(Kind).OrderBy(k => k.Key, StringComparer.Ordinal).Select(k =>
                new ConsistencyLine(k.Key, k.Count(), k.Average(p => p.Kappa), k.Average(p => p.Observed), k.Average(p => p.Expected)))],
            Paired = paired.Count,
            ReactionTimes =
            [
                .. from own in counted.Where(t => t.Observer != ObserverKind.Model && t.ReactionTimeMs is not null)
                       .GroupBy(t => t.Condition == ConditionKind.Natural ? "natural" : $"metamers of {t.GeneratingModel}")
                   orderby own.Key != "natural", own.Key
                   select new ReactionTimeLine(own.Key, Statistics.ReactionTimes.Of(own.Select(t => t.ReactionTimeMs!.Value))!)
            ],
        };

        string Kind(ErrorConsistencyPair pair) => (models.Contains(pair.A), models.Contains(pair.B)) switch
        {
            (false, false) => "people with each other",
            (true, true) => $"{pair.A} with {pair.B}",
            (true, _) => $"people with {pair.A}",
            _ => $"people with {pair.B}",
        };
    }
}

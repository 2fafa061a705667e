using PerceptionStudy.Server.Analysis.Statistics;

namespace PerceptionStudy.Server.Analysis.Results;

/// <summary>Reaction times in one condition, people only.</summary>
/// <param name="GeneratingModel">Null for natural.</param>
/// <param name="Vincentiles">Quantiles averaged over participants, at <see cref="Statistics.ReactionTimes.Shares"/>.</param>
/// <param name="Density">Per second, at <see cref="ResultsDetails.ReactionTimeAxisMs"/>; null with too few times.</param>
public sealed record ReactionTimeLine(string? GeneratingModel, ReactionTimes Times, IReadOnlyList<double> Vincentiles, IReadOnlyList<double>? Density)
{
    public string Condition => GeneratingModel is null ? "natural" : $"metamers of {GeneratingModel}";
}

/// <summary>How one kind of observer answers: people together, or a model.</summary>
/// <param name="Who"><c>people</c>, or the model's name.</param>
/// <param name="EntropyBits">Of the answers, mean over the observers.</param>
/// <param name="ShapeBias">Null unless the stimuli are cue conflicts.</param>
public sealed record AnswerLine(string Who, int Observers, ConfusionMatrix Confusion, double? EntropyBits, ShapeBias? ShapeBias);

/// <summary>What the results page shows on demand: it needs every trial.</summary>
public sealed record ResultsDetails
{
    // Pairs grow with the square of the participants.
    private const int MostPaired = 60;

    private const int AxisSteps = 100;

    /// <summary>People first, then the models by name.</summary>
    public required IReadOnlyList<AnswerLine> Answers { get; init; }

    public required IReadOnlyList<MeanConsistency> Consistency { get; init; }

    /// <summary>Participants who entered <see cref="Consistency"/>: the first by session, if there are very many.</summary>
    public required int Paired { get; init; }

    public required IReadOnlyList<ReactionTimeLine> ReactionTimes { get; init; }

    /// <summary>From 0 to where nearly all answers have been given.</summary>
    public required IReadOnlyList<double> ReactionTimeAxisMs { get; init; }

    /// <summary>Number of categories that were answered or shown.</summary>
    public int Categories => Answers.Count == 0 ? 0 : Answers[0].Confusion.Responses.Count - 1;

    public static ResultsDetails Of(IEnumerable<TrialRecord> trials)
    {
        var counted = trials.Where(t => t.Counts).ToList();
        var models = counted.Where(t => t.Observer == ObserverKind.Model).Select(t => t.ObserverId).ToHashSet();
        var choices = Choice.Of(counted).ToList();
        var paired = choices.Select(c => c.Observer).Where(o => !models.Contains(o)).Distinct().Take(MostPaired).ToHashSet();
        var timed = counted.Where(t => t.Observer != ObserverKind.Model && t.ReactionTimeMs is not null).ToList();
        var axis = Axis([.. timed.Select(t => t.ReactionTimeMs!.Value).Order()]);
        return new ResultsDetails
        {
            Answers =
            [
                .. from kind in choices.GroupBy(c => models.Contains(c.Observer) ? c.Observer : "")
                   orderby kind.Key
                   let entropies = kind.GroupBy(c => c.Observer).Select(ResponseEntropy.Bits).OfType<double>().ToList()
                   select new AnswerLine(kind.Key.Length == 0 ? "people" : kind.Key, kind.Select(c => c.Observer).Distinct().Count(), ConfusionMatrix.Of(kind),
                       entropies.Count == 0 ? null : entropies.Average(), ShapeBias.Of([.. kind]))
            ],
            Consistency = MeanConsistency.Of([.. choices.Where(c => models.Contains(c.Observer) || paired.Contains(c.Observer))], models),
            Paired = paired.Count,
            ReactionTimeAxisMs = axis,
            ReactionTimes =
            [
                .. from own in timed.GroupBy(t => t.Condition == ConditionKind.Natural ? null : t.GeneratingModel)
                   orderby own.Key is not null, own.Key
                   let times = own.Select(t => t.ReactionTimeMs!.Value).ToList()
                   let participants = own.GroupBy(t => (t.StudyVersion, t.Session), t => t.ReactionTimeMs!.Value)
                   select new ReactionTimeLine(own.Key, Statistics.ReactionTimes.Of(times)!, Statistics.ReactionTimes.Vincentiles(participants)!, Statistics.ReactionTimes.Density(times, axis))
            ],
        };
    }

    private static double[] Axis(double[] sortedMs)
    {
        if (sortedMs.Length == 0) return [];
        var end = Math.Ceiling(ParticipantBootstrap.Quantile(sortedMs, 0.98) / 400) * 400;
        return [.. Enumerable.Range(0, AxisSteps + 1).Select(i => end * i / AxisSteps)];
    }
}

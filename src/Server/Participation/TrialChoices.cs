namespace PerceptionStudy.Server.Participation;

/// <summary>
/// Draws what can be answered in each trial of an m-alternative forced choice: the right category and foils, every set of foils equally likely. Within
/// practice and within the main block the right one is at each place equally often (within one), in random order: neither place nor label tells it.
/// </summary>
public static class TrialChoices
{
    /// <param name="trials">In the order in which they are shown.</param>
    /// <param name="categories">All categories of the design; their order does not matter.</param>
    /// <param name="count">Choices of a trial, from 2 to the number of categories.</param>
    /// <param name="random">Decides foils and places.</param>
    public static IReadOnlyList<PlannedTrial> Draw(IReadOnlyList<PlannedTrial> trials, IEnumerable<string> categories, int count, SequenceRandom random)
    {
        string[] all = [.. categories.Order(StringComparer.Ordinal)];
        var places = new Dictionary<TrialPhase, Queue<int>>();
        foreach (var phase in trials.GroupBy(t => t.Phase).OrderBy(p => p.Key))
        {
            // The places left over where the number of trials is no multiple of the number of choices are drawn, too.
            var order = random.Shuffled(Enumerable.Range(0, count));
            places[phase.Key] = new Queue<int>(random.Shuffled(phase.Select((_, n) => order[n % count])));
        }
        return [.. trials.Select(trial => trial with { Choices = Choices(trial.CorrectCategory, places[trial.Phase].Dequeue()) })];

        string[] Choices(string right, int place)
        {
            var foils = random.Shuffled(all.Where(category => category != right)).Take(count - 1).ToList();
            foils.Insert(place, right);
            return [.. foils];
        }
    }
}

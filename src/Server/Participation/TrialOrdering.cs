using PerceptionStudy.Server.Studies;

namespace PerceptionStudy.Server.Participation;

/// <summary>Puts the drawn trials of a main block in order.</summary>
public static class TrialOrdering
{
    /// <summary>Every order that the settings allow can come; catch trials are strewn in.</summary>
    public static IReadOnlyList<PlannedTrial> Order(IReadOnlyList<PlannedTrial> trials, AssignmentSettings settings, SequenceRandom random)
    {
        var most = settings.MostOfACategoryInARow ?? int.MaxValue;
        if (settings.Order == TrialOrder.Random) return Spread(random.Shuffled(trials), most, [], random);

        // Each block has its share of the catch trials, by chance.
        var blocks = random.Shuffled(trials.Where(t => !t.IsCatch).GroupBy(t => t.Condition.ModelId).Select(b => b.ToList()));
        if (blocks.Length == 0) return Spread(random.Shuffled(trials), most, [], random);
        foreach (var caught in trials.Where(t => t.IsCatch)) blocks[random.Below(blocks.Length)].Add(caught);
        var ordered = new List<PlannedTrial>();
        foreach (var block in blocks) ordered.AddRange(Spread(random.Shuffled(block), most, ordered, random));
        return ordered;
    }

    /// <summary>
    /// Draws one trial after the other, so that no category comes more than <paramref name="most"/> times in a row and the rest can still be
    /// put in order. Where one category has too many trials for that, they come last.
    /// </summary>
    private static List<PlannedTrial> Spread(IReadOnlyList<PlannedTrial> shuffled, int most, IReadOnlyList<PlannedTrial> before, SequenceRandom random)
    {
        if (most == int.MaxValue) return [.. shuffled];
        var left = shuffled.ToList();
        var last = before.Count == 0 ? null : before[^1].CorrectCategory;
        var run = before.Reverse().TakeWhile(t => t.CorrectCategory == last).Count();
        var ordered = new List<PlannedTrial>();
        while (left.Count > 0)
        {
            var counts = left.CountBy(t => t.CorrectCategory).ToDictionary();
            var possible = left.Where(t => Allowed(t.CorrectCategory)).ToList();
            // Weighted by what is left of each category, as in a plain shuffle.
            var next = possible.Count > 0 ? possible[random.Below(possible.Count)] : left.MaxBy(t => t.CorrectCategory == last ? 0 : counts[t.CorrectCategory])!;
            run = next.CorrectCategory == last ? run + 1 : 1;
            last = next.CorrectCategory;
            left.Remove(next);
            ordered.Add(next);

            bool Allowed(string category)
            {
                var length = category == last ? run + 1 : 1;
                if (length > most) return false;
                // Each category must find gaps between the others: one before each of them and one after the last.
                return counts.All(c =>
                {
                    var own = c.Value - (c.Key == category ? 1 : 0);
                    var others = left.Count - 1 - own;
                    var here = c.Key == category ? most - length : most;
                    return own <= here + (long)most * others;
                });
            }
        }
        return ordered;
    }
}

namespace PerceptionStudy.Server.Participation.Adaptive;

/// <summary>
/// The 1-up-n-down staircase (Levitt 1971): one level up, which is harder, after n right answers in a row at a level; one down after each wrong one. It
/// settles where n right in a row are as likely as not: at the proportion correct 0.5^(1/n). A pure function of the answers so far.
/// </summary>
public static class Staircase
{
    /// <summary>The first turns still depend on where the staircase began: they are left out of the estimate.</summary>
    private const int LeftOut = 2;

    private const int FewestTurns = 4;

    /// <param name="levels">Number of levels.</param>
    /// <param name="rightInARow">n, at least 1.</param>
    /// <param name="answers">So far, in order; a level that was shown instead of the wanted one counts as where the staircase stands.</param>
    public static LevelDecision Next(int levels, int rightInARow, IReadOnlyList<LevelAnswer> answers)
    {
        var next = 1;
        var right = 0;
        for (var n = 0; n < answers.Count; n++)
        {
            var (level, correct) = answers[n];
            right = !correct ? 0 : n > 0 && answers[n - 1].Level == level ? right + 1 : 1;
            next = !correct ? level - 1 : right == rightInARow ? level + 1 : level;
            if (right == rightInARow) right = 0;
        }
        return new LevelDecision(Math.Clamp(next, 1, levels), Estimate(levels, rightInARow, answers));
    }

    /// <summary>
    /// Mean of the levels at which the staircase turned, its first two turns left out; the standard deviation is that of the mean, as if turns were independent, and
    /// the interval is the mean ± 1.96 of it. Null before the sixth turn.
    /// </summary>
    public static LevelEstimate? Estimate(int levels, int rightInARow, IReadOnlyList<LevelAnswer> answers)
    {
        var turns = Turns(levels, rightInARow, answers);
        if (turns.Count < LeftOut + FewestTurns) return null;
        // An even number, so that upper and lower turns weigh the same.
        var counted = turns.Skip(LeftOut + (turns.Count - LeftOut) % 2).Select(level => (double)level).ToArray();
        var mean = counted.Average();
        var sd = Math.Sqrt(counted.Sum(level => (level - mean) * (level - mean)) / (counted.Length - 1) / counted.Length);
        return new LevelEstimate(mean, sd, mean - 1.96 * sd, mean + 1.96 * sd);
    }

    /// <summary>The levels at which the direction changed. A step beyond the last level, or before the first, that cannot be taken is a step nevertheless.</summary>
    private static List<int> Turns(int levels, int rightInARow, IReadOnlyList<LevelAnswer> answers)
    {
        var turns = new List<int>();
        var (right, direction) = (0, 0);
        for (var n = 0; n < answers.Count; n++)
        {
            var (level, correct) = answers[n];
            right = !correct ? 0 : n > 0 && answers[n - 1].Level == level ? right + 1 : 1;
            var step = !correct ? -1 : right == rightInARow ? 1 : 0;
            if (right == rightInARow) right = 0;
            if (step == 0) continue;
            if (direction != 0 && step != direction) turns.Add(Math.Clamp(level, 1, levels));
            direction = step;
        }
        return turns;
    }
}

namespace PerceptionStudy.Server.Participation.OnDemand;

/// <summary>Whether the stimulus of a trial that is still open can be shown.</summary>
public enum Readiness
{
    Ready,

    /// <summary>Somebody is making it.</summary>
    Coming,

    /// <summary>It will never be there: its fallback is shown in its turn.</summary>
    Never,
}

/// <summary>A trial that is still open.</summary>
/// <param name="Category">Its right answer, for the rule about categories in a row.</param>
public readonly record struct OpenTrial(Readiness Readiness, string Category);

/// <summary>Which of the open trials of a block is shown next, so that nobody waits for a picture that is still being made.</summary>
public static class LookAhead
{
    /// <param name="open">The block's open trials, in order.</param>
    /// <param name="window">How many places a trial may come forward, 0 or more.</param>
    /// <param name="before">Right answers of the trials before them, in order.</param>
    /// <param name="mostInARow">At most so many trials of a category in a row, as long as something ready keeps to it; null for no rule.</param>
    /// <returns>
    /// Its index: the first that is ready, so that the order changes no more than it must; the first of all if it will never be ready, since only its
    /// turn makes it fall back. Null while all that may come is still being made.
    /// </returns>
    public static int? Choose(IReadOnlyList<OpenTrial> open, int window, IReadOnlyList<string> before, int? mostInARow)
    {
        var possible = Enumerable.Range(0, Math.Min(open.Count, window + 1))
            .Where(n => open[n].Readiness == Readiness.Ready || (n == 0 && open[n].Readiness == Readiness.Never)).ToList();
        if (possible.Count == 0) return null;
        var fitting = possible.FindIndex(n => Fits(open[n].Category, before, mostInARow));
        return possible[Math.Max(0, fitting)];
    }

    private static bool Fits(string category, IReadOnlyList<string> before, int? mostInARow) =>
        mostInARow is not { } most || before.Count < most || before.Skip(before.Count - most).Any(other => other != category);
}

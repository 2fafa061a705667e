namespace PerceptionStudy.Synthesis.Metamers;

/// <summary>Descent by L-BFGS: whether a trial is taken, how much shorter the next is otherwise, and when too little comes of it.</summary>
/// <param name="firstStep">L2 length of the first step, and of each after one where all that is remembered leads nowhere.</param>
internal sealed class LbfgsDescent(double firstStep)
{
    /// <summary>Steps in which a descent must come down by a twentieth, so as not to stall.</summary>
    public const int StallSteps = 100;

    private const int Rows = FastPreset.Rows, MostTrials = 10;
    private const double SteepestEnd = 0.5, LongestRetry = 0.5, ShortestRetry = 0.1, LeastCurvature = 1e-10, StallDecrease = 0.05;

    private readonly LbfgsDirection direction = new(Rows);
    private readonly double[] coefficients = new double[2 * Rows + 1];
    private readonly Queue<double> losses = new(); // The accepted loss after each of the last steps.
    private double loss, length;
    private int trials, row, patience;

    /// <summary>All numbers above.</summary>
    public static IReadOnlyDictionary<string, double> Parameters { get; } = new Dictionary<string, double>
    {
        ["pairs"] = FastPreset.Pairs, ["steepestEnd"] = SteepestEnd, ["trialsPerDirection"] = MostTrials, ["longestRetry"] = LongestRetry,
        ["shortestRetry"] = ShortestRetry, ["leastCurvature"] = LeastCurvature, ["stallSteps"] = StallSteps, ["stallDecrease"] = StallDecrease,
    };

    /// <summary>Whether the last steps brought too little, or no direction leads down.</summary>
    public bool Stalled { get; private set; }

    /// <summary>Squared L2 norm of the gradient at the accepted picture.</summary>
    public double GradientSquare => direction.GradientSquare;

    /// <summary>Begins at a picture that was just measured.</summary>
    /// <param name="at">Its loss.</param>
    /// <param name="measures">What was measured.</param>
    /// <param name="steps">Steps in which it must come down by a twentieth.</param>
    public void Begin(float at, ReadOnlySpan<float> measures, int steps = StallSteps)
    {
        patience = steps;
        direction.Pairs.Clear();
        losses.Clear();
        (Stalled, row) = (false, 0);
        Accept(at, measures, moved: false);
    }

    /// <summary>Row and coefficients of the next trial.</summary>
    public void Ask(Span<float> scalars)
    {
        scalars[0] = row;
        for (var i = 0; i < coefficients.Length; i++)
            scalars[1 + i] = (float)(length * coefficients[i]);
        if (direction.Pairs.Contains(row))
            row = Enumerable.Range(0, Rows).First(r => !direction.Pairs.Contains(r));
    }

    /// <summary>Hears what the trial brought.</summary>
    /// <returns>Whether it is taken.</returns>
    public bool Learn(float now, ReadOnlySpan<float> measures)
    {
        double before = measures[^2], after = measures[^1];
        var good = Good(now, before, after);
        if (good)
            Accept(now, measures, moved: true);
        else
            Retry(before, after);
        losses.Enqueue(loss);
        if (losses.Count > patience + 1)
            losses.Dequeue();
        Stalled |= losses.Count > patience && loss > (1 - StallDecrease) * losses.Peek();
        return good;
    }

    /// <summary>All numbers, for a checkpoint.</summary>
    public IEnumerable<double> Keep() => [loss, length, trials, row, patience, Stalled ? 1 : 0, .. coefficients, losses.Count, .. losses, .. direction.Keep()];

    /// <summary>Takes over what <see cref="Keep"/> gave.</summary>
    public void Restore(Queue<double> kept)
    {
        (loss, length, trials, row, patience, Stalled) = (kept.Dequeue(), kept.Dequeue(), (int)kept.Dequeue(), (int)kept.Dequeue(), (int)kept.Dequeue(), kept.Dequeue() == 1);
        for (var i = 0; i < coefficients.Length; i++)
            coefficients[i] = kept.Dequeue();
        losses.Clear();
        for (var count = (int)kept.Dequeue(); count > 0; count--)
            losses.Enqueue(kept.Dequeue());
        direction.Restore(kept);
    }

    // Judged by the slope alone: the way must lead down where it begins, and where it ends it must not lead up half as steeply. At a stage with the
    // identity-gradient ReLU the slope is not quite the loss's, and asking the loss to fall there ends the descent too early.
    private static bool Good(float now, double before, double after) =>
        float.IsFinite(now) && double.IsFinite(after) && before < 0 && after <= -SteepestEnd * before;

    private void Accept(float now, ReadOnlySpan<float> measures, bool moved)
    {
        double ss = measures[6 * Rows], sy = measures[6 * Rows + 1], yy = measures[6 * Rows + 4];
        (loss, trials, length) = (now, 0, 1);
        direction.Take(measures, moved && sy > LeastCurvature * Math.Sqrt(ss * yy) ? row : null);
        direction.Compute(coefficients, firstStep);
    }

    private void Retry(double before, double after)
    {
        if (++trials < MostTrials && before < 0)
        {
            // Where the slope has turned, the minimum of the parabola; else half.
            var shorter = after > 0 && double.IsFinite(after) ? before / (before - after) : LongestRetry;
            length *= Math.Clamp(double.IsFinite(after) ? shorter : ShortestRetry, ShortestRetry, LongestRetry);
            return;
        }
        // What is remembered leads nowhere: straight down from here, and if that is of no use either, nowhere.
        Stalled = direction.Pairs.Count == 0;
        direction.Pairs.Clear();
        direction.Compute(coefficients, firstStep);
        (trials, length) = (0, Stalled ? 0 : 1);
    }
}

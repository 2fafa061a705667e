namespace PerceptionStudy.Synthesis.Metamers;

/// <summary>The decisions of L-BFGS: whether the trial is taken, how much shorter the next is otherwise, and when nothing more is to be had.</summary>
internal sealed class LbfgsControl : StepControl
{
    public const int ScalarCount = 2 * Rows + 3, MeasureCount = 6 * Rows + 11;
    private const int Rows = FastPreset.Rows, MostTrials = 10, PlateauSteps = 100;
    private const double FirstStep = 1, SteepestEnd = 0.5, LongestRetry = 0.5, ShortestRetry = 0.1, LeastCurvature = 1e-10, PlateauDecrease = 0.01, SmallLoss = 1e-6;

    private readonly LbfgsDirection direction = new(Rows);
    private readonly double[] coefficients = new double[2 * Rows + 1];
    private readonly Queue<double> losses = new(); // The accepted loss after each of the last steps.
    private readonly double firstStep;
    private double loss, length = 1;
    private bool accepted;
    private int trials, row;
    private string? ended;

    /// <param name="stepScale">Factor on the first step's length.</param>
    public LbfgsControl(double stepScale) => firstStep = FirstStep * stepScale;

    /// <summary>All numbers above.</summary>
    public static IReadOnlyDictionary<string, double> Parameters { get; } = new Dictionary<string, double>
    {
        ["pairs"] = FastPreset.Pairs, ["firstStepL2"] = FirstStep, ["steepestEnd"] = SteepestEnd, ["trialsPerDirection"] = MostTrials,
        ["longestRetry"] = LongestRetry, ["shortestRetry"] = ShortestRetry, ["leastCurvature"] = LeastCurvature,
        ["plateauSteps"] = PlateauSteps, ["plateauDecrease"] = PlateauDecrease, ["smallLoss"] = SmallLoss,
    };

    public override int Picture => accepted ? 2 : 0;

    public override bool TakesBack => true;

    public override string? Ended => ended;

    public override void Ask(int step, Span<float> scalars)
    {
        scalars[0] = row;
        scalars[1] = accepted ? 1 : 0;
        for (var i = 0; i < coefficients.Length; i++)
            scalars[2 + i] = (float)(length * coefficients[i]);
        if (direction.Pairs.Contains(row))
            row = Enumerable.Range(0, Rows).First(r => !direction.Pairs.Contains(r));
    }

    public override void Learn(int step, float loss, ReadOnlySpan<float> measures)
    {
        double before = measures[^2], after = measures[^1];
        if (step == 0 || Good(loss, before, after))
            Accept(loss, measures, step > 0);
        else
            Retry(before, after);
        losses.Enqueue(this.loss);
        if (losses.Count > PlateauSteps + 1)
            losses.Dequeue();
        ended ??= this.loss <= SmallLoss ? "converged"
            : losses.Count > PlateauSteps && this.loss > (1 - PlateauDecrease) * losses.Peek() ? "plateau" : null;
    }

    public override double[] Keep() => [loss, length, accepted ? 1 : 0, trials, row, .. coefficients, losses.Count, .. losses, .. direction.Keep()];

    public override void Restore(double[] kept)
    {
        var numbers = new Queue<double>(kept);
        (loss, length, accepted, trials, row) = (numbers.Dequeue(), numbers.Dequeue(), numbers.Dequeue() == 1, (int)numbers.Dequeue(), (int)numbers.Dequeue());
        for (var i = 0; i < coefficients.Length; i++)
            coefficients[i] = numbers.Dequeue();
        for (var count = (int)numbers.Dequeue(); count > 0; count--)
            losses.Enqueue(numbers.Dequeue());
        direction.Restore(numbers);
    }

    // Judged by the slope alone: the way must lead down where it begins, and where it ends it must not lead up half as steeply. At a stage with the
    // identity-gradient ReLU the slope is not quite the loss's, and asking the loss to fall there ends the descent too early.
    private static bool Good(float now, double before, double after) =>
        float.IsFinite(now) && double.IsFinite(after) && before < 0 && after <= -SteepestEnd * before;

    private void Accept(float now, ReadOnlySpan<float> measures, bool moved)
    {
        double ss = measures[6 * Rows], sy = measures[6 * Rows + 1], yy = measures[6 * Rows + 4];
        (loss, accepted, trials, length) = (now, true, 0, 1);
        direction.Take(measures, moved && sy > LeastCurvature * Math.Sqrt(ss * yy) ? row : null);
        direction.Compute(coefficients, firstStep);
    }

    private void Retry(double before, double after)
    {
        accepted = false;
        if (++trials < MostTrials && before < 0)
        {
            // Where the slope has turned, the minimum of the parabola; else half.
            var shorter = after > 0 && double.IsFinite(after) ? before / (before - after) : LongestRetry;
            length *= Math.Clamp(double.IsFinite(after) ? shorter : ShortestRetry, ShortestRetry, LongestRetry);
            return;
        }
        // What is remembered leads nowhere: straight down from here, and if that is of no use either, this is the end.
        if (direction.Pairs.Count == 0)
            ended = "no-descent";
        direction.Pairs.Clear();
        direction.Compute(coefficients, firstStep);
        (trials, length) = (0, ended is null ? 1 : 0);
    }
}

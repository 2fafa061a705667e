namespace PerceptionStudy.Synthesis.Metamers;

/// <summary>
/// The decisions of <see cref="FastPreset"/>: descent until it stalls, a walk to where the next descent may come deeper, and so on; where a walk was in vain, descents from other
/// noise, until one comes to half the loss, from where walks go on. The best picture counts.
/// </summary>
/// <param name="steps">Most gradient evaluations.</param>
/// <param name="stepScale">Factor on the length of steps.</param>
internal sealed class FastControl(int steps, double stepScale) : StepControl
{
    public const int ScalarCount = 2 * Rows + 4, MeasureCount = 6 * Rows + 11;
    private const int Rows = FastPreset.Rows, MostStarts = 40, StallStepsAnew = 25;
    private const double FirstStep = 1, MuchGain = 0.5, LeastGain = 0.05, SmallLoss = 1e-6;

    private readonly LbfgsDescent descent = new(FirstStep * stepScale);
    private readonly MomentumWalk walk = new(stepScale);
    private double best = double.MaxValue, bestBefore = double.MaxValue, enough;
    private bool accepted, better, walking, starting, fetching;
    private int starts, begun;
    private int? anew;
    private string? ended;

    /// <summary>Every number that decides.</summary>
    public static IReadOnlyDictionary<string, double> Parameters { get; } = new Dictionary<string, double>(
    [
        new("firstStepL2", FirstStep), .. LbfgsDescent.Parameters, .. MomentumWalk.Parameters, new("leastGain", LeastGain), new("smallLoss", SmallLoss),
        new("mostNewStarts", MostStarts), new("newStartStallSteps", StallStepsAnew), new("newStartsUntilGain", MuchGain),
    ]);

    public override int Picture => better ? FastPreset.Trial : FastPreset.Best;

    public override int? PictureBefore => FastPreset.Best;

    public override bool TakesBack => true;

    public override string? Ended => ended;

    public override bool NeedsHost => fetching;

    public override int? BeginsAnew => anew;

    public override void Ask(int step, Span<float> scalars)
    {
        (scalars[0], scalars[1]) = (accepted ? 1 : 0, better ? 1 : 0);
        // Fetching the state and beginning anew are steps that stay where they are.
        if (walking)
            walk.Ask(scalars[2..]);
        else if (fetching || anew is not null)
            scalars[2..].Clear();
        else
            descent.Ask(scalars[2..]);
    }

    public override void Learn(int step, float loss, ReadOnlySpan<float> measures)
    {
        better = loss < best;
        best = better ? loss : best;
        if (step == 0)
            walk.Measure(loss, measures[6 * Rows + 8]);
        if (fetching)
        {
            (accepted, fetching, anew) = (false, false, ++starts);
            return;
        }
        if (step == 0 || anew is not null)
        {
            (accepted, begun) = (true, step);
            descent.Begin(loss, measures, anew is null ? LbfgsDescent.StallSteps : StallStepsAnew);
            anew = null;
        }
        else
        {
            accepted = walking ? walk.Learn(loss, measures) : descent.Learn(loss, measures);
        }
        if (best <= SmallLoss)
        {
            ended = "converged";
        }
        else if (walking && walk.Over)
        {
            walking = false;
            descent.Begin(loss, measures);
        }
        else if (!walking && descent.Stalled)
        {
            Leave(step + 1);
        }
    }

    public override double[] Keep() => [best, bestBefore, enough, accepted ? 1 : 0, better ? 1 : 0, walking ? 1 : 0, starting ? 1 : 0, fetching ? 1 : 0, starts, begun, anew ?? 0, .. walk.Keep(), .. descent.Keep()];

    public override void Restore(double[] kept)
    {
        var numbers = new Queue<double>(kept);
        (best, bestBefore, enough) = (numbers.Dequeue(), numbers.Dequeue(), numbers.Dequeue());
        (accepted, better, walking, starting, fetching) = (numbers.Dequeue() == 1, numbers.Dequeue() == 1, numbers.Dequeue() == 1, numbers.Dequeue() == 1, numbers.Dequeue() == 1);
        (starts, begun) = ((int)numbers.Dequeue(), (int)numbers.Dequeue());
        anew = numbers.Dequeue() is > 0 and var start ? (int)start : null;
        walk.Restore(numbers);
        descent.Restore(numbers);
    }

    /// <summary>Leaves the place where the descent stalled: by a walk while walks gain something, else for other noise; if steps are left to settle elsewhere.</summary>
    private void Leave(int done)
    {
        var left = steps - done;
        if (best > (1 - LeastGain) * bestBefore && !starting)
            (starting, enough) = (true, (1 - MuchGain) * best);
        starting &= best > enough;
        bestBefore = best;
        if (starting ? starts == MostStarts || left <= 2 * StallStepsAnew : left < MomentumWalk.LeastSteps)
            ended = "plateau";
        else if (starting)
            fetching = true;
        else
            Walk(done - begun, left);
    }

    private void Walk(int descended, int left)
    {
        walking = true;
        walk.Begin(descent.GradientSquare, descended, left);
    }
}

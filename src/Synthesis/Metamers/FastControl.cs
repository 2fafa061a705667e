namespace PerceptionStudy.Synthesis.Metamers;

/// <summary>The decisions of <see cref="FastPreset"/>: descent until it stalls, a walk to where the next descent may come deeper, and so on. The best picture counts.</summary>
/// <param name="steps">Most gradient evaluations.</param>
/// <param name="stepScale">Factor on the length of steps.</param>
internal sealed class FastControl(int steps, double stepScale) : StepControl
{
    public const int ScalarCount = 2 * Rows + 4, MeasureCount = 6 * Rows + 11;
    private const int Rows = FastPreset.Rows, MostFruitless = 5;
    private const double FirstStep = 1, LeastGain = 0.05, SmallLoss = 1e-6;

    private readonly LbfgsDescent descent = new(FirstStep * stepScale);
    private readonly MomentumWalk walk = new(stepScale);
    private double best = double.MaxValue, bestBefore = double.MaxValue;
    private bool accepted, better, walking;
    private int fruitless;
    private string? ended;

    /// <summary>Every number that decides.</summary>
    public static IReadOnlyDictionary<string, double> Parameters { get; } = new Dictionary<string, double>(
    [
        new("firstStepL2", FirstStep), .. LbfgsDescent.Parameters, .. MomentumWalk.Parameters, new("fruitlessWalks", MostFruitless), new("leastGain", LeastGain), new("smallLoss", SmallLoss),
    ]);

    public override int Picture => better ? FastPreset.Trial : FastPreset.Best;

    public override int? PictureBefore => FastPreset.Best;

    public override bool TakesBack => true;

    public override string? Ended => ended;

    public override void Ask(int step, Span<float> scalars)
    {
        (scalars[0], scalars[1]) = (accepted ? 1 : 0, better ? 1 : 0);
        if (walking)
            walk.Ask(scalars[2..]);
        else
            descent.Ask(scalars[2..]);
    }

    public override void Learn(int step, float loss, ReadOnlySpan<float> measures)
    {
        better = loss < best;
        best = better ? loss : best;
        if (step == 0)
        {
            accepted = true;
            walk.Measure(loss, measures[6 * Rows + 8]);
            descent.Begin(loss, measures);
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

    public override double[] Keep() => [best, bestBefore, accepted ? 1 : 0, better ? 1 : 0, walking ? 1 : 0, fruitless, .. walk.Keep(), .. descent.Keep()];

    public override void Restore(double[] kept)
    {
        var numbers = new Queue<double>(kept);
        (best, bestBefore) = (numbers.Dequeue(), numbers.Dequeue());
        (accepted, better, walking, fruitless) = (numbers.Dequeue() == 1, numbers.Dequeue() == 1, numbers.Dequeue() == 1, (int)numbers.Dequeue());
        walk.Restore(numbers);
        descent.Restore(numbers);
    }

    /// <summary>Leaves the place where the descent stalled, if that has not been in vain and steps are left to settle elsewhere.</summary>
    private void Leave(int done)
    {
        var left = steps - done;
        fruitless = best > (1 - LeastGain) * bestBefore ? fruitless + 1 : 0;
        bestBefore = best;
        if (fruitless == MostFruitless || left < MomentumWalk.LeastSteps)
        {
            ended = "plateau";
            return;
        }
        walking = true;
        walk.Begin(descent.GradientSquare, done, left);
    }
}

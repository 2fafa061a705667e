namespace PerceptionStudy.Synthesis.Metamers;

/// <summary>
/// A walk out of the hollow where a descent stalled: steps along the normalised gradient with heavy-ball momentum (Polyak 1964), accepted whatever the loss,
/// their length falling geometrically. It is the published schedule in short, whose steps, too, are longer than the hollows are wide, and shrink. The first
/// walk is as long as the descent before it, since what is soon descended is soon left; each further one is longer.
/// </summary>
/// <param name="stepScale">Factor on the length of steps.</param>
internal sealed class MomentumWalk(double stepScale)
{
    /// <summary>Fewest steps worth a walk.</summary>
    public const int LeastSteps = 100;

    private const int Rows = FastPreset.Rows;
    private const double Momentum = 0.95, FirstLength = 0.4, LastPart = 0.03, Growth = 1.3, LongestUnit = 100;
    private double unit, gradientSquare;
    private int steps, taken, next;
    private bool moving;

    /// <summary>All numbers above.</summary>
    public static IReadOnlyDictionary<string, double> Parameters { get; } = new Dictionary<string, double>
    {
        ["walkLeastSteps"] = LeastSteps, ["walkGrowth"] = Growth, ["walkMomentum"] = Momentum, ["walkFirstLength"] = FirstLength,
        ["walkLastPart"] = LastPart, ["walkLongestUnitL2"] = LongestUnit,
    };

    /// <summary>Whether all its steps are taken.</summary>
    public bool Over => taken >= steps;

    /// <summary>
    /// Sets the unit of length from where the synthesis starts: loss / ‖gradient of the loss‖₂, the way to loss 0 if the loss fell on as steeply
    /// (Polyak's step, 1969). So it fits pictures, models and stages of every size.
    /// </summary>
    /// <param name="loss">The loss there.</param>
    /// <param name="square">Squared L2 norm there of the gradient of half the squared loss.</param>
    public void Measure(double loss, double square) => unit = stepScale * Math.Min(LongestUnit, loss * loss / Root(square));

    /// <summary>Begins at the accepted picture.</summary>
    /// <param name="square">Squared L2 norm of its gradient.</param>
    /// <param name="descended">Steps of the descent; they count before the first walk.</param>
    /// <param name="most">Most steps.</param>
    public void Begin(double square, int descended, int most)
    {
        (gradientSquare, steps, taken, moving) = (square, Math.Min(next == 0 ? Math.Max(LeastSteps, descended) : next, most), 0, false);
        next = (int)(Growth * steps);
    }

    /// <summary>Row and coefficients of the next step: the last step is kept in row 0.</summary>
    public void Ask(Span<float> scalars)
    {
        scalars.Clear();
        scalars[1] = moving ? (float)Momentum : 0;
        scalars[1 + 2 * Rows] = (float)(-unit * FirstLength * Math.Pow(LastPart, (double)taken / steps) / Root(gradientSquare));
    }

    /// <summary>Hears what the step brought.</summary>
    /// <returns>Whether it is taken: unless its loss is no finite number; then the walk goes on from before it with half the length.</returns>
    public bool Learn(float loss, ReadOnlySpan<float> measures)
    {
        moving = float.IsFinite(loss) && float.IsFinite(measures[6 * Rows + 8]);
        if (moving)
            (taken, gradientSquare) = (taken + 1, measures[6 * Rows + 8]);
        else
            unit /= 2;
        return moving;
    }

    /// <summary>All numbers, for a checkpoint.</summary>
    public IEnumerable<double> Keep() => [unit, gradientSquare, steps, taken, next, moving ? 1 : 0];

    /// <summary>Takes over what <see cref="Keep"/> gave.</summary>
    public void Restore(Queue<double> kept) =>
        (unit, gradientSquare, steps, taken, next, moving) = (kept.Dequeue(), kept.Dequeue(), (int)kept.Dequeue(), (int)kept.Dequeue(), (int)kept.Dequeue(), kept.Dequeue() == 1);

    private static double Root(double square) => Math.Sqrt(Math.Max(square, 1e-60));
}

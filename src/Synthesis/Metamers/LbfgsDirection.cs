namespace PerceptionStudy.Synthesis.Metamers;

/// <summary>
/// The direction of L-BFGS by the two-loop recursion (Nocedal 1980), computed from inner products alone: as coefficients of the remembered steps sᵢ and gradient
/// changes yᵢ and of the gradient g (Chen, Wang and Zhou 2014).
/// </summary>
/// <param name="rows">Rows of the memory; a pair keeps its row as long as it is remembered.</param>
internal sealed class LbfgsDirection(int rows)
{
    private readonly double[] sy = new double[rows * rows], yy = new double[rows * rows], sg = new double[rows], yg = new double[rows];

    /// <summary>The rows in use, the oldest pair first.</summary>
    public List<int> Pairs { get; } = [];

    /// <summary>⟨g, g⟩.</summary>
    public double GradientSquare { get; private set; }

    /// <summary>Takes the gradient of a picture that was accepted, and the pair that led to it.</summary>
    /// <param name="measured">Inner products with the new s, y and g: of each sᵢ, of each yᵢ, then of s, y and g among themselves; three for each.</param>
    /// <param name="row">Where the new pair is kept; null forgets it.</param>
    public void Take(ReadOnlySpan<float> measured, int? row)
    {
        var steps = measured[..(3 * rows)];
        var changes = measured.Slice(3 * rows, 3 * rows);
        var own = measured.Slice(6 * rows, 9);
        foreach (var i in Pairs)
            (sg[i], yg[i]) = (steps[3 * i + 2], changes[3 * i + 2]);
        GradientSquare = own[8];
        if (row is not { } added)
            return;
        if (Pairs.Count == rows - 1)
            Pairs.RemoveAt(0);
        foreach (var i in Pairs)
        {
            sy[i * rows + added] = steps[3 * i + 1];
            sy[added * rows + i] = changes[3 * i];
            yy[i * rows + added] = yy[added * rows + i] = changes[3 * i + 1];
        }
        (sy[added * rows + added], yy[added * rows + added], sg[added], yg[added]) = (own[1], own[4], own[2], own[5]);
        Pairs.Add(added);
    }

    /// <summary>The direction down.</summary>
    /// <param name="coefficients">Receives those of all sᵢ, of all yᵢ, and of g.</param>
    /// <param name="firstStep">Length of the step while no pair is known.</param>
    public void Compute(Span<double> coefficients, double firstStep)
    {
        coefficients.Clear();
        var ofGradient = Pairs.Count == 0 ? firstStep / Math.Sqrt(Math.Max(GradientSquare, 1e-60)) : Of(sy, Pairs[^1], Pairs[^1]) / Of(yy, Pairs[^1], Pairs[^1]);
        var alphas = new double[rows];
        for (var k = Pairs.Count - 1; k >= 0; k--)
        {
            var i = Pairs[k];
            var product = sg[i];
            for (var newer = k + 1; newer < Pairs.Count; newer++)
                product -= alphas[Pairs[newer]] * Of(sy, i, Pairs[newer]);
            alphas[i] = product / Of(sy, i, i);
        }
        for (var k = 0; k < Pairs.Count; k++)
        {
            var i = Pairs[k];
            var product = yg[i];
            foreach (var j in Pairs)
                product -= alphas[j] * Of(yy, i, j);
            product *= ofGradient;
            for (var older = 0; older < k; older++)
                product -= coefficients[Pairs[older]] * Of(sy, Pairs[older], i);
            coefficients[i] = product / Of(sy, i, i) - alphas[i];
            coefficients[rows + i] = ofGradient * alphas[i];
        }
        coefficients[2 * rows] = -ofGradient;
    }

    /// <summary>All numbers, for a checkpoint.</summary>
    public IEnumerable<double> Keep() => [GradientSquare, .. sy, .. yy, .. sg, .. yg, Pairs.Count, .. Pairs.Select(p => (double)p)];

    /// <summary>Takes over what <see cref="Keep"/> gave.</summary>
    public void Restore(Queue<double> kept)
    {
        GradientSquare = kept.Dequeue();
        foreach (var numbers in (double[][])[sy, yy, sg, yg])
            for (var i = 0; i < numbers.Length; i++)
                numbers[i] = kept.Dequeue();
        Pairs.Clear();
        for (var count = (int)kept.Dequeue(); count > 0; count--)
            Pairs.Add((int)kept.Dequeue());
    }

    private double Of(double[] products, int i, int j) => products[i * rows + j];
}

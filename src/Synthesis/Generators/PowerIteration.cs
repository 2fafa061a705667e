using PerceptionStudy.Synthesis.Metamers;

namespace PerceptionStudy.Synthesis.Generators;

/// <summary>An eigenvector as power iteration left it.</summary>
/// <param name="Vector">The direction, of norm 1; the sign is such that its largest component is positive.</param>
/// <param name="Value">Its eigenvalue.</param>
/// <param name="Iterations">Products with the matrix that were needed.</param>
/// <param name="Residual">‖Fv − λv‖ / λmax: how far it is from being an eigenvector.</param>
internal sealed record Eigenpair(float[] Vector, double Value, int Iterations, double Residual);

/// <summary>The extreme eigenvectors of a symmetric matrix without negative eigenvalues that is known by its products only.</summary>
internal static class PowerIteration
{
    /// <summary>The eigenvector of the largest eigenvalue: v ← Fv / ‖Fv‖.</summary>
    /// <param name="product">F times a vector.</param>
    /// <param name="size">Size of the vectors.</param>
    /// <param name="most">Most products.</param>
    /// <param name="tolerance">The residual that is good enough.</param>
    /// <param name="seed">Seed of the first direction.</param>
    /// <param name="step">Told after each product.</param>
    public static Eigenpair Largest(Func<float[], float[]> product, int size, int most, double tolerance, int seed, Action<int> step) =>
        Run(product, Start(size, seed), most, tolerance, null, step);

    /// <summary>The eigenvector of the smallest eigenvalue: power iteration on F − λmax·I (Berardino et al. 2017), whose largest eigenvalue by size belongs to F's smallest.</summary>
    /// <param name="product">F times a vector.</param>
    /// <param name="size">Size of the vectors.</param>
    /// <param name="largest">F's largest eigenvalue.</param>
    /// <param name="most">Most products.</param>
    /// <param name="tolerance">The residual that is good enough.</param>
    /// <param name="seed">Seed of the first direction.</param>
    /// <param name="step">Told after each product.</param>
    public static Eigenpair Smallest(Func<float[], float[]> product, int size, double largest, int most, double tolerance, int seed, Action<int> step) =>
        Run(product, Start(size, seed), most, tolerance, largest, step);

    private static Eigenpair Run(Func<float[], float[]> product, float[] v, int most, double tolerance, double? shift, Action<int> step)
    {
        for (var iteration = 1; ; iteration++)
        {
            var f = product(v);
            var value = Dot(v, f);
            var scale = shift ?? value;
            var residual = 0d;
            for (var i = 0; i < v.Length; i++)
                residual += (f[i] - value * v[i]) * (f[i] - value * v[i]);
            residual = scale == 0 ? 0 : Math.Sqrt(residual) / scale;
            step(iteration);
            if (residual <= tolerance || iteration == most)
                return new(Signed(v), value, iteration, residual);
            for (var i = 0; i < v.Length && shift is not null; i++)
                f[i] = (float)(scale * v[i] - f[i]);
            v = Normalised(f);
        }
    }

    private static float[] Start(int size, int seed)
    {
        var noise = new NoiseSource(seed);
        return Normalised([.. Enumerable.Range(0, size).Select(_ => (float)noise.Normal())]);
    }

    private static float[] Normalised(float[] v)
    {
        var norm = Math.Sqrt(Dot(v, v));
        return norm == 0 ? v : Array.ConvertAll(v, x => (float)(x / norm));
    }

    private static float[] Signed(float[] v) => v.MaxBy(Math.Abs) < 0 ? Array.ConvertAll(v, x => -x) : v;

    private static double Dot(float[] a, float[] b)
    {
        var sum = 0d;
        for (var i = 0; i < a.Length; i++)
            sum += (double)a[i] * b[i];
        return sum;
    }
}

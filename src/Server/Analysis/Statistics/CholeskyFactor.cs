namespace PerceptionStudy.Server.Analysis.Statistics;

/// <summary>Cholesky factor of a symmetric positive definite matrix given by its lower triangle, which it overwrites. An empty matrix is allowed.</summary>
internal sealed class CholeskyFactor
{
    private readonly double[,] lower;
    private readonly int n;

    /// <exception cref="ArithmeticException">The matrix is not positive definite.</exception>
    public CholeskyFactor(double[,] matrix)
    {
        (lower, n) = (matrix, matrix.GetLength(0));
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                var sum = lower[i, j];
                for (var k = 0; k < j; k++) sum -= lower[i, k] * lower[j, k];
                if (i != j) lower[i, j] = sum / lower[j, j];
                else lower[i, i] = sum > 0 ? Math.Sqrt(sum) : throw new ArithmeticException("The matrix is not positive definite.");
            }
        }
        for (var i = 0; i < n; i++) LogDeterminant += 2 * Math.Log(lower[i, i]);
    }

    public double LogDeterminant { get; }

    public double[] Solve(double[] right)
    {
        double[] x = [.. right];
        for (var i = 0; i < n; i++)
        {
            for (var k = 0; k < i; k++) x[i] -= lower[i, k] * x[k];
            x[i] /= lower[i, i];
        }
        for (var i = n - 1; i >= 0; i--)
        {
            for (var k = i + 1; k < n; k++) x[i] -= lower[k, i] * x[k];
            x[i] /= lower[i, i];
        }
        return x;
    }

    public double[,] Inverse()
    {
        var inverse = new double[n, n];
        for (var j = 0; j < n; j++)
        {
            var unit = new double[n];
            unit[j] = 1;
            var column = Solve(unit);
            for (var i = 0; i < n; i++) inverse[i, j] = column[i];
        }
        return inverse;
    }
}

using PerceptionStudy.Synthesis.Graphs;

namespace PerceptionStudy.Synthesis.FrontEnds;

/// <summary>
/// Discrete Fourier transforms as matrix products (Cooley and Tukey 1965). A complex number is two real ones: along some axis all real parts come first, then all imaginary parts.
/// </summary>
internal static class FourierMatrix
{
    /// <summary>Re and Im of the factors exp(±2πi·row·column/period) as a real matrix for complex vectors.</summary>
    /// <param name="rows">Number of complex rows.</param>
    /// <param name="columns">Number of complex columns.</param>
    /// <param name="period">Length of the transform.</param>
    /// <param name="sign">−1 forward, 1 inverse.</param>
    /// <returns>[2·rows, 2·columns] in C order: row vectors times it are transformed.</returns>
    public static double[] Complex(int rows, int columns, int period, int sign)
    {
        var matrix = new double[4 * rows * columns];
        for (var r = 0; r < rows; r++)
            for (var c = 0; c < columns; c++)
            {
                var (sin, cos) = Factor((long)r * c, period, sign);
                // (a + ib)(cos + i sin) = a cos − b sin + i(a sin + b cos).
                matrix[r * 2 * columns + c] = cos;
                matrix[r * 2 * columns + columns + c] = sin;
                matrix[(rows + r) * 2 * columns + c] = -sin;
                matrix[(rows + r) * 2 * columns + columns + c] = cos;
            }
        return matrix;
    }

    /// <summary>The transpose of a matrix in C order.</summary>
    public static double[] Transposed(double[] matrix, int rows, int columns)
    {
        var turned = new double[matrix.Length];
        for (var r = 0; r < rows; r++)
            for (var c = 0; c < columns; c++)
                turned[c * rows + r] = matrix[r * columns + c];
        return turned;
    }

    /// <summary>Multiplies complex numbers by exp(±2πi·row·column/period), the twiddle factors between two stages of a transform.</summary>
    /// <param name="builder">The graph.</param>
    /// <param name="re">Real parts, [.., rows, columns].</param>
    /// <param name="im">Imaginary parts, the same shape.</param>
    /// <param name="period">Length of the whole transform.</param>
    /// <param name="sign">−1 forward, 1 inverse.</param>
    public static (string Re, string Im) Twiddled(GraphBuilder builder, string re, string im, int period, int sign)
    {
        var shape = builder.Shape(re);
        var (rows, columns) = ((int)shape[^2], (int)shape[^1]);
        var (cosines, sines) = (new double[rows * columns], new double[rows * columns]);
        for (var i = 0; i < cosines.Length; i++)
            (sines[i], cosines[i]) = Factor((long)(i / columns) * (i % columns), period, sign);
        var (cos, sin) = (builder.Values("cos", re, [rows, columns], cosines), builder.Values("sin", re, [rows, columns], sines));
        string Product(string a, string b) => builder.Emit("Mul", [a, b]);
        return (builder.Emit("Sub", [Product(re, cos), Product(im, sin)]), builder.Emit("Add", [Product(re, sin), Product(im, cos)]));
    }

    /// <summary>The divisor of a length that is nearest to a wish by ratio.</summary>
    public static int Divisor(int length, double wish) =>
        Enumerable.Range(1, length).Where(d => length % d == 0).MinBy(d => Math.Abs(Math.Log(d / wish)));

    /// <summary>
    /// The lower half of the spectrum of real sounds, in two stages.
    /// </summary>
    /// <param name="builder">The graph.</param>
    /// <param name="sound">[N, samples].</param>
    /// <returns>[N, 2·bins] with Re of all bins first, and the number of bins, at least samples/2 + 1; those above half the sampling rate are there too.</returns>
    public static (string Spectrum, int Bins) EmitSpectrum(GraphBuilder builder, string sound)
    {
        var (count, samples) = (builder.Shape(sound)[0], (int)builder.Shape(sound)[1]);
        // Sample n = n1·columns + n2, bin k = k1 + rows·k2.
        var columns = Divisor(samples, Math.Sqrt(samples));
        var rows = samples / columns;
        var kept = samples / 2 / rows + 1;
        // Real input needs only the real rows of the matrix.
        var first = Transposed(Complex(rows, rows, rows, -1)[..(2 * rows * rows)], rows, 2 * rows);
        var stage = builder.Emit("MatMul", [builder.Values("dft", sound, [2 * rows, rows], first), builder.Reshape(sound, count, rows, columns)], [count, 2 * rows, columns]);
        var (re, im) = Halves(builder, stage, 1);
        (re, im) = Twiddled(builder, re, im, samples, -1);
        stage = builder.Emit("Concat", [re, im], [count, rows, 2 * columns], ("axis", 2L));
        stage = builder.Emit("MatMul", [stage, builder.Values("dft", sound, [2 * columns, 2 * kept], Complex(columns, kept, columns, -1))], [count, rows, 2 * kept]);
        stage = builder.Emit("Transpose", [stage], [count, 2 * kept, rows], ("perm", new long[] { 0, 2, 1 }));
        return (builder.Reshape(stage, count, 2 * kept * rows), kept * rows);
    }

    /// <summary>Real and imaginary parts along an axis.</summary>
    public static (string Re, string Im) Halves(GraphBuilder builder, string tensor, int axis)
    {
        var (type, shape) = (builder.Tensor(tensor).Type, builder.Shape(tensor).With(axis, builder.Shape(tensor)[axis] / 2));
        var sizes = builder.Integers("halves", shape[axis], shape[axis]);
        return builder.EmitMany("Split", [tensor, sizes], [(type, shape), (type, shape)], ("axis", (long)axis)) is [var re, var im] ? (re, im) : default;
    }

    private static (double Sin, double Cos) Factor(long product, int period, int sign) => Math.SinCos(sign * 2 * Math.PI * (product % period) / period);
}

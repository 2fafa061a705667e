namespace PerceptionStudy.Synthesis.Media;

/// <summary>
/// Separable cubic convolution (Keys 1981, a = −0.5) whose kernel widens when the picture shrinks, so that nothing aliases:
/// what Pillow's <c>resize</c> does by default, which the published metamers used. Pillow rounds to 8 bits between the two passes; this does not.
/// Written out here so that a picture's bytes do not change with a graphics library's version.
/// </summary>
public static class CubicResize
{
    /// <summary>Resizes.</summary>
    /// <param name="source">Any picture.</param>
    /// <param name="width">Width wanted in pixels, at least 1.</param>
    /// <param name="height">Height wanted in pixels, at least 1.</param>
    public static Picture Apply(Picture source, int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        var columns = Weights(source.Width, width);
        var rows = Weights(source.Height, height);
        var narrow = new float[3 * width * source.Height];
        Parallel.For(0, source.Height, y =>
        {
            for (var x = 0; x < width; x++)
                for (var channel = 0; channel < 3; channel++)
                {
                    var sum = 0d;
                    for (var k = 0; k < columns[x].Values.Length; k++)
                        sum += columns[x].Values[k] * source.Pixels[3 * (y * source.Width + columns[x].First + k) + channel];
                    narrow[3 * (y * width + x) + channel] = (float)sum;
                }
        });
        var pixels = new byte[3 * width * height];
        Parallel.For(0, height, y =>
        {
            for (var i = 0; i < 3 * width; i++)
            {
                var sum = 0d;
                for (var k = 0; k < rows[y].Values.Length; k++)
                    sum += rows[y].Values[k] * narrow[3 * width * (rows[y].First + k) + i];
                pixels[3 * width * y + i] = (byte)Math.Clamp(Math.Floor(sum + 0.5), 0, 255);
            }
        });
        return new(width, height, pixels);
    }

    /// <summary>The weights of one direction as a matrix [to, from]: a resized column is this times the column.</summary>
    /// <param name="from">Size before, in pixels.</param>
    /// <param name="to">Size after, in pixels.</param>
    public static double[] Matrix(int from, int to)
    {
        var matrix = new double[to * from];
        foreach (var ((first, values), row) in Weights(from, to).Select((weights, row) => (weights, row)))
            values.CopyTo(matrix, row * from + first);
        return matrix;
    }

    private static (int First, double[] Values)[] Weights(int from, int to)
    {
        var scale = (double)from / to;
        var stretch = Math.Max(scale, 1);
        var support = 2 * stretch;
        var all = new (int, double[])[to];
        for (var i = 0; i < to; i++)
        {
            var centre = (i + 0.5) * scale;
            var first = Math.Max(0, (int)(centre - support + 0.5));
            var end = Math.Min(from, (int)(centre + support + 0.5));
            var values = new double[end - first];
            for (var k = 0; k < values.Length; k++)
                values[k] = Cubic((first + k + 0.5 - centre) / stretch);
            var sum = values.Sum();
            for (var k = 0; k < values.Length; k++)
                values[k] /= sum;
            all[i] = (first, values);
        }
        return all;
    }

    private static double Cubic(double x)
    {
        const double a = -0.5;
        x = Math.Abs(x);
        return x < 1 ? ((a + 2) * x - (a + 3)) * x * x + 1 : x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0;
    }
}

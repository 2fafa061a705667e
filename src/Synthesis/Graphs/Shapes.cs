namespace PerceptionStudy.Synthesis.Graphs;

/// <summary>Arithmetic on the dimensions of tensors.</summary>
public static class Shapes
{
    /// <summary>Number of values of a shape.</summary>
    public static long Size(IEnumerable<long> shape) => shape.Aggregate(1L, (product, d) => checked(product * d));

    /// <summary>The shape of an element-wise operation's result, by ONNX's (numpy's) broadcasting.</summary>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public static long[] Broadcast(IEnumerable<long[]> shapes)
    {
        long[] result = [];
        foreach (var shape in shapes)
        {
            if (shape.Length > result.Length)
                result = [.. Enumerable.Repeat(1L, shape.Length - result.Length), .. result];
            for (var i = 1; i <= shape.Length; i++)
            {
                var (a, b) = (result[^i], shape[^i]);
                if (a != b && a != 1 && b != 1)
                    throw new ArgumentException($"Shapes do not broadcast: {a} and {b} in dimension −{i}.");
                result[^i] = a == 1 ? b : a;
            }
        }
        return result;
    }

    /// <summary>An axis counted from the start, where a negative one counts from the end.</summary>
    /// <exception cref="ModelFormatException">There is no such axis.</exception>
    public static int Axis(long axis, int rank) => axis >= -rank && axis <= rank ? (int)(axis < 0 ? axis + rank : axis)
        : throw new ModelFormatException($"An operator of the model works along axis {axis} of {rank}; export the model again.");

    /// <summary>A shape for messages: <c>1 x 3 x 224 x 224</c>, with <c>?</c> for an open dimension.</summary>
    public static string Text(IEnumerable<long> shape) => string.Join(" x ", shape.Select(d => d < 0 ? "?" : $"{d}"));

    /// <summary>A copy with one dimension changed.</summary>
    public static long[] With(this long[] shape, int axis, long size)
    {
        var copy = (long[])shape.Clone();
        copy[axis] = size;
        return copy;
    }
}

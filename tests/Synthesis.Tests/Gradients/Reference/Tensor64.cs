namespace PerceptionStudy.Synthesis.Tests.Gradients.Reference;

/// <summary>A tensor in float64, C order.</summary>
internal sealed record Tensor64(long[] Shape, double[] Values)
{
    public Tensor64(params long[] shape) : this(shape, new double[Size(shape)]) { }

    public int Rank => Shape.Length;

    public static long Size(IEnumerable<long> shape) => shape.Aggregate(1L, (product, d) => product * d);

    /// <summary>Distance in <see cref="Values"/> between neighbours along each axis.</summary>
    public static long[] Strides(long[] shape)
    {
        var strides = new long[shape.Length];
        var step = 1L;
        for (var axis = shape.Length - 1; axis >= 0; axis--)
        {
            strides[axis] = step;
            step *= shape[axis];
        }
        return strides;
    }

    /// <summary>Every index of a shape, in C order; the same array is reused.</summary>
    public static IEnumerable<long[]> Indices(long[] shape)
    {
        var index = new long[shape.Length];
        for (var left = Size(shape); left > 0; left--)
        {
            yield return index;
            for (var axis = shape.Length - 1; axis >= 0 && ++index[axis] == shape[axis]; axis--)
                index[axis] = 0;
        }
    }

    /// <summary>Builds a tensor whose value at each index is read from this one at another index; null reads zero.</summary>
    public Tensor64 Pick(long[] shape, Func<long[], long?> position)
    {
        var result = new Tensor64(shape);
        var i = 0;
        foreach (var index in Indices(shape))
            result.Values[i++] = position(index) is { } at ? Values[at] : 0;
        return result;
    }

    public Tensor64 Map(Func<double, double> f) => new(Shape, Array.ConvertAll(Values, v => f(v)));

    /// <summary>Element by element with numpy's broadcasting.</summary>
    public static Tensor64 Zip(Tensor64 a, Tensor64 b, long[] shape, Func<double, double, double> f)
    {
        var (left, right) = (a.Broadcast(shape), b.Broadcast(shape));
        return new Tensor64(shape, [.. left.Values.Zip(right.Values, f)]);
    }

    public Tensor64 Broadcast(long[] shape)
    {
        if (Shape.SequenceEqual(shape))
            return this;
        var strides = Strides(Shape);
        var offset = shape.Length - Rank;
        return Pick(shape, index =>
        {
            var at = 0L;
            for (var axis = 0; axis < Rank; axis++)
                at += Shape[axis] == 1 ? 0 : index[axis + offset] * strides[axis];
            return at;
        });
    }

    public Tensor64 Transpose(long[] permutation)
    {
        var strides = Strides(Shape);
        return Pick([.. permutation.Select(p => Shape[p])], index =>
        {
            var at = 0L;
            for (var axis = 0; axis < Rank; axis++)
                at += index[axis] * strides[permutation[axis]];
            return at;
        });
    }

    /// <summary>Reads along one axis at given positions; a null position reads zero.</summary>
    public Tensor64 Take(int axis, IReadOnlyList<long?> positions)
    {
        var shape = (long[])Shape.Clone();
        shape[axis] = positions.Count;
        var strides = Strides(Shape);
        return Pick(shape, index =>
        {
            if (positions[(int)index[axis]] is not { } position)
                return null;
            var at = 0L;
            for (var i = 0; i < Rank; i++)
                at += (i == axis ? position : index[i]) * strides[i];
            return at;
        });
    }

    /// <summary>Folds some axes into one value each.</summary>
    public Tensor64 Reduce(ISet<int> axes, double start, Func<double, double, double> fold)
    {
        long[] shape = [.. Shape.Select((d, axis) => axes.Contains(axis) ? 1 : d)];
        var result = new Tensor64(shape);
        Array.Fill(result.Values, start);
        var strides = Strides(shape);
        var i = 0;
        foreach (var index in Indices(Shape))
        {
            var at = 0L;
            for (var axis = 0; axis < Rank; axis++)
                at += axes.Contains(axis) ? 0 : index[axis] * strides[axis];
            result.Values[at] = fold(result.Values[at], Values[i++]);
        }
        return result;
    }
}

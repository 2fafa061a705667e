using PerceptionStudy.Synthesis.Graphs;

namespace PerceptionStudy.Synthesis.Gradients;

/// <summary>
/// The values at one place of all windows, for every place: views of the input with the output's shape, and the way back.
/// The input, padded, is split into phases (values whose index has the same remainder by the stride); a view is a shifted phase.
/// </summary>
internal sealed class WindowViews(GraphBuilder b, SlidingWindow window)
{
    private readonly int _rank = window.Rank;

    // Phases per dimension have this many values: room for the last window and for all of the input.
    private long PhaseSize(int i) =>
        (Math.Max((window.Output[i] - 1) * window.Strides[i] + window.Span(i), window.Begin[i] + window.Input[i]) + window.Strides[i] - 1) / window.Strides[i];

    private IEnumerable<long[]> Places()
    {
        var place = new long[_rank];
        for (var n = 0L; n < Shapes.Size(window.Kernel); n++)
        {
            yield return [.. place.Select((k, i) => k * window.Dilations[i])];
            for (var i = _rank - 1; i >= 0 && ++place[i] == window.Kernel[i]; i--)
                place[i] = 0;
        }
    }

    private int Phase(long[] place) => (int)place.Select((p, i) => p % window.Strides[i]).Zip(window.Strides).Aggregate(0L, (index, p) => index * p.Second + p.First);

    /// <summary>Views of a tensor [N, C, spatial...], one for each place in the window, in C order; padding is the lowest number.</summary>
    public IEnumerable<string> Read(string tensor)
    {
        var shape = b.Shape(tensor);
        var sizes = Enumerable.Range(0, _rank).Select(PhaseSize).ToArray();
        var padded = sizes.Zip(window.Strides, (s, t) => s * t).ToArray();
        long[] head = shape[..2];
        if (!padded.SequenceEqual(window.Input))
        {
            long[] pads = [0, 0, .. window.Begin, 0, 0, .. padded.Select((p, i) => p - window.Begin[i] - window.Input[i])];
            tensor = b.Emit("Pad", [tensor, b.Integers("pads", pads), b.Scalar(tensor, float.MinValue)], [.. head, .. padded]);
        }
        var phases = Split(tensor, head, sizes);
        foreach (var place in Places())
        {
            var shift = place.Zip(window.Strides, (p, s) => p / s).ToArray();
            var phase = phases[Phase(place)];
            yield return shift.All(s => s == 0) && sizes.SequenceEqual(window.Output) ? phase
                : b.Emit("Slice", [phase, b.Integers("starts", shift), b.Integers("ends", [.. shift.Zip(window.Output, (s, o) => s + o)]), SpatialAxes()],
                    [.. head, .. window.Output]);
        }
    }

    /// <summary>The sum of tensors laid back to the places that the views came from.</summary>
    /// <param name="views">One tensor for each place, of the output's shape.</param>
    /// <param name="shape">Shape of the input.</param>
    public string Add(IReadOnlyList<string> views, long[] shape)
    {
        var sizes = Enumerable.Range(0, _rank).Select(PhaseSize).ToArray();
        long[] head = shape[..2];
        var sums = new List<string>[Shapes.Size(window.Strides)];
        foreach (var (place, view) in Places().Zip(views))
        {
            var shift = place.Zip(window.Strides, (p, s) => p / s).ToArray();
            long[] pads = [0, 0, .. shift, 0, 0, .. sizes.Select((s, i) => s - shift[i] - window.Output[i])];
            (sums[Phase(place)] ??= []).Add(pads.All(p => p == 0) ? view : b.Emit("Pad", [view, b.Integers("pads", pads)], [.. head, .. sizes]));
        }
        var zeros = sums.Any(s => s is null)
            ? b.Emit("Expand", [b.Scalar(views[0], 0), b.Integers("shape", [.. head, .. sizes])], [.. head, .. sizes])
            : "";
        var joined = Join([.. sums.Select(s => s is null ? zeros : s.Count == 1 ? s[0] : b.Emit("Sum", [.. s]))], head, sizes);
        if (b.Shape(joined).SequenceEqual(shape))
            return joined;
        return b.Emit("Slice", [joined, b.Integers("starts", window.Begin), b.Integers("ends", [.. window.Begin.Zip(window.Input, (p, n) => p + n)]), SpatialAxes()], shape);
    }

    private string SpatialAxes() => b.Integers("axes", [.. Enumerable.Range(2, _rank).Select(i => (long)i)]);

    private bool IsSquare => _rank == 2 && window.Strides[0] == window.Strides[1];

    private string[] Split(string tensor, long[] head, long[] sizes)
    {
        var count = Shapes.Size(window.Strides);
        if (count == 1)
            return [tensor];
        var type = b.Tensor(tensor).Type;
        long[] together = [head[0], count * head[1], .. sizes];
        if (IsSquare)
            tensor = b.Emit("SpaceToDepth", [tensor], together, ("blocksize", window.Strides[0]));
        else
        {
            // [N, C, size, stride, size, stride ...] to [N, stride, stride ..., C, size, size ...]
            long[] apart = [.. head, .. sizes.Zip(window.Strides).SelectMany(p => new[] { p.First, p.Second })];
            long[] order = [0, .. Enumerable.Range(0, _rank).Select(i => 3L + 2 * i), 1, .. Enumerable.Range(0, _rank).Select(i => 2L + 2 * i)];
            var turned = b.Emit("Transpose", [b.Reshape(tensor, apart)], [.. order.Select(o => apart[o])], ("perm", order));
            tensor = b.Reshape(turned, together);
        }
        return b.EmitMany("Split", [tensor], [.. Enumerable.Repeat((type, (long[])[.. head, .. sizes]), (int)count)], ("axis", 1L), ("num_outputs", count));
    }

    // Dimension by dimension, the last first: a value of one phase is followed by that of the next. ONNX Runtime concatenates three times as fast
    // as it computes DepthToSpace or the transposition of six dimensions.
    private string Join(string[] phases, long[] head, long[] sizes)
    {
        long[] shape = [.. head, .. sizes];
        for (var axis = shape.Length - 1; axis >= 2; axis--)
        {
            var stride = window.Strides[axis - 2];
            if (stride == 1)
                continue;
            long[] apart = [.. shape[..(axis + 1)], 1, .. shape[(axis + 1)..]];
            shape = shape.With(axis, shape[axis] * stride);
            phases = [.. phases.Chunk((int)stride).Select(next =>
                b.Reshape(b.Emit("Concat", [.. next.Select(p => b.Reshape(p, apart))], apart.With(axis + 1, stride), ("axis", axis + 1L)), shape))];
        }
        return phases[0];
    }
}

using PerceptionStudy.Synthesis.Graphs.Format;
using PerceptionStudy.Synthesis.Graphs.Kernels;

namespace PerceptionStudy.Synthesis.Graphs.AttentionHeads;

/// <summary>
/// Values that a loop over some indices reads from, or writes to, a tensor in memory: index i of them moves by <paramref name="Strides"/>[i] values. A node that only lays values
/// in another order turns a view of its result into one of its input, and the other way round.
/// </summary>
/// <param name="Tensor">The tensor.</param>
/// <param name="Extents">How far each index runs.</param>
/// <param name="First">Place of the first value.</param>
/// <param name="Strides">How many values further the next of an index lies.</param>
/// <param name="Factor">What the values of the tensor are multiplied with.</param>
internal sealed record TensorView(string Tensor, long[] Extents, long First, long[] Strides, double Factor)
{
    /// <summary>A whole tensor, index by index.</summary>
    public static TensorView Whole(string tensor, long[] shape) => new(tensor, shape, 0, StridesOf(shape), 1);

    /// <summary>The same values with their indices in another order.</summary>
    public TensorView With(params int[] order) => this with { Extents = [.. order.Select(i => Extents[i])], Strides = [.. order.Select(i => Strides[i])] };

    /// <summary>The same values where they come from, as far up as nodes only lay them in another order or multiply them with a number.</summary>
    public IEnumerable<TensorView> Sources(GraphNodes nodes)
    {
        for (var view = this; view is not null; view = view.Source(nodes))
            yield return view;
    }

    /// <summary>The same values where they go to, as far down as nodes only do that and nobody else reads what lies between.</summary>
    public IEnumerable<TensorView> Destinations(GraphNodes nodes)
    {
        for (var view = this; view is not null; view = view.Destination(nodes))
            yield return view;
    }

    /// <summary>The view in a result of Concat that this tensor is an input of.</summary>
    public TensorView? In(NodeProto concat, GraphNodes nodes)
    {
        var (shape, result) = (nodes.Shape(Tensor), nodes.Shape(concat.Output[0]));
        var axis = Shapes.Axis(concat.Int("axis", 0), shape.Length);
        var before = concat.Input.TakeWhile(i => i != Tensor).Sum(i => nodes.Shape(i)[axis]);
        var strides = StridesOf(result);
        return Moved(concat.Output[0], shape, strides, before * strides[axis]);
    }

    private TensorView? Source(GraphNodes nodes)
    {
        if (nodes.Producer(Tensor) is not { Domain.Length: 0 } node)
            return null;
        if (Scalars.Multiplied(node, nodes.Constants.GetValueOrDefault) is var (scaled, factor))
            return this with { Tensor = scaled, Factor = Factor * factor };
        var from = node.Input.Count > 0 ? node.Input[0] : "";
        if (nodes.Constants.ContainsKey(from))
            return null;
        switch (node.OpType)
        {
            case "Reshape" or "Flatten" or "Squeeze" or "Unsqueeze" or "Identity":
                return this with { Tensor = from };
            case "Transpose":
                var order = Order(node, nodes);
                var strides = StridesOf(nodes.Shape(from));
                return Moved(from, nodes.Shape(Tensor), [.. order.Select(i => strides[i])], 0);
            case "Split":
                var axis = Shapes.Axis(node.Int("axis", 0), nodes.Shape(from).Length);
                var before = node.Output.TakeWhile(o => o != Tensor).Sum(o => nodes.Shape(o)[axis]);
                return Moved(from, nodes.Shape(Tensor), StridesOf(nodes.Shape(from)), before * StridesOf(nodes.Shape(from))[axis]);
            case "Gather" when nodes.Constants.GetValueOrDefault(node.Input[1]) is { Dims.Count: 0 } index:
                var (shape, all) = (nodes.Shape(from), StridesOf(nodes.Shape(from)));
                var along = Shapes.Axis(node.Int("axis", 0), shape.Length);
                var at = (long)index.Doubles()[0];
                return Moved(from, nodes.Shape(Tensor), [.. all.Where((_, i) => i != along)], (at < 0 ? at + shape[along] : at) * all[along]);
            default:
                return null;
        }
    }

    private TensorView? Destination(GraphNodes nodes)
    {
        if (nodes.Producer(Tensor) is not { } maker || maker.Output.Count > 1 || nodes.OnlyReader(maker) is not { Domain.Length: 0 } node)
            return null;
        var to = node.Output[0];
        if (Scalars.Multiplied(node, nodes.Constants.GetValueOrDefault) is var (_, factor))
            return this with { Tensor = to, Factor = Factor * factor };
        switch (node.OpType)
        {
            case "Reshape" or "Flatten" or "Squeeze" or "Unsqueeze":
                return this with { Tensor = to };
            case "Transpose":
                var order = Order(node, nodes);
                var strides = StridesOf(nodes.Shape(to));
                return Moved(to, nodes.Shape(Tensor), [.. Enumerable.Range(0, order.Length).Select(i => strides[Array.IndexOf(order, i)])], 0);
            default:
                return null;
        }
    }

    // In a tensor where dimension j of the shape that the view has now lies by strides[j]; null where an index runs over more than one dimension.
    private TensorView? Moved(string tensor, long[] shape, long[] strides, long first)
    {
        var own = StridesOf(shape);
        var reach = new long[shape.Length];
        for (var j = 0; j < shape.Length; j++)
        {
            reach[j] = First / own[j] % shape[j];
            first += reach[j] * strides[j];
        }
        var moved = new long[Strides.Length];
        for (var i = 0; i < Strides.Length; i++)
        {
            if (Extents[i] == 1)
                continue;
            var j = Array.FindIndex(own, s => s <= Strides[i]);
            while (j >= 0 && j < own.Length && shape[j] == 1)
                j++;
            if (j < 0 || j == own.Length || Strides[i] % own[j] != 0)
                return null;
            reach[j] += Strides[i] / own[j] * (Extents[i] - 1);
            moved[i] = Strides[i] / own[j] * strides[j];
        }
        return reach.Where((r, j) => r >= shape[j]).Any() ? null : this with { Tensor = tensor, First = first, Strides = moved };
    }

    private static int[] Order(NodeProto transpose, GraphNodes nodes)
    {
        var rank = nodes.Shape(transpose.Input[0]).Length;
        return transpose.Ints("perm") is { } order ? [.. order.Select(i => (int)i)] : [.. Enumerable.Range(0, rank).Reverse()];
    }

    private static long[] StridesOf(long[] shape)
    {
        var strides = new long[shape.Length];
        for (var (i, next) = (shape.Length - 1, 1L); i >= 0; next *= shape[i--])
            strides[i] = next;
        return strides;
    }
}

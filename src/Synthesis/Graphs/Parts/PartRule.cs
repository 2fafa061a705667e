using PerceptionStudy.Synthesis.Graphs.Format;

namespace PerceptionStudy.Synthesis.Graphs.Parts;

/// <summary>Which parts of its inputs a node needs to compute a part of its result.</summary>
internal static class PartRule
{
    /// <param name="node">A node with one result.</param>
    /// <param name="part">The part of that.</param>
    /// <param name="graph">The model that the node is of.</param>
    /// <returns>For each input the part that is needed, or null for all of it; null: the node computes all of its result or nothing.</returns>
    public static Part?[]? Inputs(NodeProto node, Part part, OnnxGraph graph)
    {
        if (node.Domain.Length > 0 || node.Output.Count(o => o.Length > 0) != 1)
            return null;
        long[] shape = graph.Tensors[node.Output[0]].Shape, first = Shape(0);
        return node.OpType switch
        {
            "Identity" or "Cast" or "Relu" or "LeakyRelu" or "Elu" or "Selu" or "Sigmoid" or "HardSigmoid" or "Tanh" or "Erf" or "Exp" or "Log" or "Sqrt" or "Neg" or "Abs" or "Reciprocal" or "Softplus" or "Clip"
                => From(part),
            "Add" or "Sub" or "Mul" or "Div" or "Pow" or "Min" or "Max" => [.. node.Input.Select((_, i) => Broadcast(Shape(i)))],
            "Softmax" or "LogSoftmax" when part.Axis != Shapes.Axis(node.Int("axis", -1), first.Length) => From(part),
            "LayerNormalization" when part.Axis < Shapes.Axis(node.Int("axis", -1), first.Length) => From(part),
            "ReduceMean" when node.Int("keepdims", 1) == 1 && node.InputOrNull(1) is { } axes && graph.Initializers.TryGetValue(axes, out var values)
                && values.Longs() is { Length: > 0 } along && along.All(a => Shapes.Axis(a, first.Length) != part.Axis) => From(part),
            "Transpose" => From(part with { Axis = (int)(node.Ints("perm")?[part.Axis] ?? first.Length - 1 - part.Axis) }),
            "Reshape" when part.Axis < first.Length && shape[..(part.Axis + 1)].SequenceEqual(first[..(part.Axis + 1)]) => From(part),
            // Rows of the product are those of the left matrices.
            "MatMul" when first.Length > 1 && Shape(1).Length > 1 && part.Axis == shape.Length - 2 => From(part with { Axis = first.Length - 2 }),
            "MatMul" when part.Axis < shape.Length - 2 => [Broadcast(first), Broadcast(Shape(1))],
            "Gemm" when part.Axis == 0 && node.Int("transA", 0) == 0 && (node.InputOrNull(2) is null || Shape(2) is [] or [_] or [1, _]) => From(part),
            _ => null,
        };

        long[] Shape(int input) => node.InputOrNull(input) is { } name ? graph.Tensors[name].Shape : [];

        // That part of the first input, all of the others.
        Part?[] From(Part? ofFirst) => [ofFirst, .. new Part?[node.Input.Count - 1]];

        Part? Broadcast(long[] input) =>
            part.Axis - (shape.Length - input.Length) is >= 0 and var axis && input[axis] == shape[part.Axis] ? part with { Axis = axis } : null;
    }
}

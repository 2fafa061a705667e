using PerceptionStudy.Synthesis.Graphs.Format;

namespace PerceptionStudy.Synthesis.Graphs.Parts;

/// <summary>A part of a tensor: all of it but for one dimension, of which some places in a row are meant.</summary>
/// <param name="Axis">The dimension, counted from the start.</param>
/// <param name="Start">The first place.</param>
/// <param name="Count">How many.</param>
internal readonly record struct Part(int Axis, long Start, long Count)
{
    /// <summary>The part that a node takes of its first input, or null: Gather with one index that does not depend on the input, Slice along one dimension.</summary>
    /// <param name="node">Any node.</param>
    /// <param name="graph">The model that it is of.</param>
    public static Part? TakenBy(NodeProto node, OnnxGraph graph)
    {
        if (node.Domain.Length > 0 || node.OpType is not ("Gather" or "Slice") || !graph.Producers.ContainsKey(node.Input[0]))
            return null;
        var shape = graph.Tensors[node.Input[0]].Shape;
        if (node.OpType == "Gather")
        {
            var axis = Shapes.Axis(node.Int("axis", 0), shape.Length);
            return Constant(1) is [var index] && shape[axis] > 1 ? new Part(axis, index < 0 ? index + shape[axis] : index, 1) : null;
        }
        if (Constant(1) is not [var start] || Constant(3) is not [var along] || (node.InputOrNull(4) is not null && Constant(4) is not [1]))
            return null;
        var dimension = Shapes.Axis(along, shape.Length);
        var count = graph.Tensors[node.Output[0]].Shape[dimension];
        return count > 0 && count < shape[dimension] ? new Part(dimension, Math.Clamp(start < 0 ? start + shape[dimension] : start, 0, shape[dimension] - count), count) : null;

        long[]? Constant(int input) => node.InputOrNull(input) is { } name && graph.Initializers.TryGetValue(name, out var values) ? values.Longs() : null;
    }
}

using PerceptionStudy.Synthesis.Graphs;
using PerceptionStudy.Synthesis.Graphs.Kernels;

namespace PerceptionStudy.Synthesis.Gradients.Rules;

/// <summary>With n = (x − mean)/s, s = √(variance + ε), and g = dy·scale: (g − mean(g) − n·mean(g·n))/s.</summary>
internal static class LayerNormalization
{
    [GradientRule("LayerNormalization", 7, "(g − mean(g) − n · mean(g · n)) / √(variance + ε), g = dy · scale, n = x normalised; to scale dy · n; to bias dy")]
    public static string?[] Gradient(ForwardNode node, string?[] dy, GraphBuilder b)
    {
        if (dy.Skip(1).Any(g => g is not null))
            throw node.Unsupported("has a mean or deviation that is read");
        var (x, shape) = (node.Inputs[0], node.InputShape(0));
        var axis = Shapes.Axis(node.Proto.Int("axis", -1), shape.Length);
        var axes = b.Integers("axes", [.. Enumerable.Range(axis, shape.Length - axis).Select(i => (long)i)]);
        var epsilon = node.Proto.Float("epsilon", 1e-5f);
        long[] kept = [.. shape.Select((size, i) => i < axis ? size : 1)];
        string Mean(string tensor) => b.Emit("ReduceMean", [tensor, axes], kept);

        var centred = b.Emit("Sub", [x, Mean(x)]);
        var variance = Mean(b.Emit("Mul", [centred, centred]));
        var deviation = b.Emit("Sqrt", [b.Emit("Add", [variance, b.Scalar(x, epsilon)])]);
        var n = b.Emit("Div", [centred, deviation]);
        var g = b.Emit("Mul", [dy[0]!, node.Inputs[1]]);
        var along = b.Emit("Mul", [n, Mean(b.Emit("Mul", [g, n]))]);
        var result = b.Emit("Div", [b.Emit("Sub", [b.Emit("Sub", [g, Mean(g)]), along]), deviation]);
        return
        [
            axis != shape.Length - 1 || !b.Shape(node.Inputs[1]).SequenceEqual(shape[axis..]) ? result
                : b.Fused(result, LayerNormalizationGradient.Name, [x, node.Inputs[1], dy[0]!], [BitConverter.SingleToInt32Bits(epsilon), .. shape]),
            node.Needs(1) ? b.Emit("Mul", [dy[0]!, n]) : null,
            node.Needs(2) ? dy[0] : null,
        ];
    }
}

using PerceptionStudy.Synthesis.Graphs;
using PerceptionStudy.Synthesis.Graphs.Format;

namespace PerceptionStudy.Synthesis.FrontEnds;

/// <summary>
/// The scaling that a model does itself before its first layer, y = scale·x + shift for each channel: Sub, Div, Mul, Add and BatchNormalization,
/// as Keras' Rescaling and Normalization layers and normalising wrappers in PyTorch are exported.
/// </summary>
/// <param name="Operators">What does it, in the model's order.</param>
/// <param name="Range">The pixel values that it takes: 0 to 1 or 0 to 255.</param>
internal sealed record InputNormalisation(string Operators, float[] Range)
{
    // A normalised picture spans a few units. Wider than this it was not meant to get pixels of 0 to 255.
    private const double WidestNormalised = 12;

    /// <summary>What the model does, or null if it begins with something else.</summary>
    /// <param name="graph">The model.</param>
    /// <param name="channelAxis">Where the input has its channels.</param>
    /// <param name="channels">Their number.</param>
    public static InputNormalisation? Of(OnnxGraph graph, int channelAxis, int channels)
    {
        var (scale, shift) = (Enumerable.Repeat(1d, channels).ToArray(), new double[channels]);
        var operators = new List<string>();
        var tensor = graph.Input.Name;
        while (graph.Nodes.Where(n => n.Input.Contains(tensor)).ToArray() is [var node])
        {
            if (node.OpType == "Transpose" && node.Ints("perm") is { } order)
                channelAxis = Array.IndexOf(order, channelAxis);
            else if (node.OpType is not ("Identity" or "Cast" or "Dropout"))
            {
                if (Step(graph, node, tensor, channelAxis, channels) is not { } step)
                    break;
                for (var c = 0; c < channels; c++)
                    (scale[c], shift[c]) = (scale[c] * step.Scale[c], shift[c] * step.Scale[c] + step.Shift[c]);
                operators.Add(node.OpType);
            }
            tensor = node.Output[0];
        }
        return operators.Count == 0 || scale.Any(s => s == 0 || !double.IsFinite(s)) ? null : new(string.Join(", ", operators), TakesBytes(scale, shift) ? [0, 255] : [0, 1]);
    }

    // A mean above 1.5 can only be one of bytes; otherwise the scale tells which of the two ranges becomes a few units wide.
    private static bool TakesBytes(double[] scale, double[] shift) =>
        scale.Zip(shift, (s, t) => -t / s).Any(mean => Math.Abs(mean) > 1.5) || scale.All(s => Math.Abs(s) * 255 <= WidestNormalised);

    private static (double[] Scale, double[] Shift)? Step(OnnxGraph graph, NodeProto node, string tensor, int channelAxis, int channels)
    {
        if (node.OpType == "BatchNormalization" && channelAxis == 1)
        {
            double[][] values = [.. Enumerable.Range(1, 4).Select(i => Constant(graph, node.Input[i])).OfType<double[]>()];
            if (values is not [var gamma, var beta, var mean, var variance] || values.Any(v => v.Length != channels))
                return null;
            var scale = gamma.Zip(variance, (g, v) => g / Math.Sqrt(v + node.Float("epsilon", 1e-5f))).ToArray();
            return (scale, [.. scale.Select((s, c) => beta[c] - s * mean[c])]);
        }
        if (node.OpType is not ("Sub" or "Div" or "Mul" or "Add") || node.Input.Count != 2)
            return null;
        var first = node.Input[0] == tensor;
        if ((!first && node.OpType is ("Sub" or "Div")) || PerChannel(graph, node.Input[first ? 1 : 0], channelAxis, channels) is not { } other)
            return null;
        var (ones, zeros) = (Enumerable.Repeat(1d, channels).ToArray(), new double[channels]);
        return node.OpType switch
        {
            "Sub" => (ones, Array.ConvertAll(other, v => -v)),
            "Div" => (Array.ConvertAll(other, v => 1 / v), zeros),
            "Mul" => (other, zeros),
            _ => (ones, other),
        };
    }

    // A number, or one for each channel along the channels' axis.
    private static double[]? PerChannel(OnnxGraph graph, string name, int channelAxis, int channels)
    {
        if (Constant(graph, name) is not { } values)
            return null;
        if (values.Length == 1)
            return [.. Enumerable.Repeat(values[0], channels)];
        var shape = graph.Tensors[name].Shape;
        var axis = channelAxis - (4 - shape.Length);
        return values.Length == channels && axis >= 0 && shape[axis] == channels ? values : null;
    }

    private static double[]? Constant(OnnxGraph graph, string name) =>
        graph.Initializers.TryGetValue(name, out var tensor) && tensor.Type() is (TensorProto.Types.DataType.Float or TensorProto.Types.DataType.Double) ? tensor.Doubles() : null;
}

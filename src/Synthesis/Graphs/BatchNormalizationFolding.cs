using PerceptionStudy.Synthesis.Graphs.Format;
using DataType = PerceptionStudy.Synthesis.Graphs.Format.TensorProto.Types.DataType;

namespace PerceptionStudy.Synthesis.Graphs;

/// <summary>
/// A batch normalisation behind a convolution that nothing else reads is a factor and a shift for each of its maps: both go into the
/// weights, so that neither the forward nor the backward pass computes them.
/// </summary>
internal static class BatchNormalizationFolding
{
    /// <returns>The nodes that are left.</returns>
    public static List<NodeProto> Run(IReadOnlyList<NodeProto> nodes, Dictionary<string, TensorProto> initializers, IReadOnlyCollection<string> outputs)
    {
        var readers = nodes.SelectMany(Subgraphs.Reads).Concat(outputs).CountBy(name => name).ToDictionary();
        var convolutions = new Dictionary<string, NodeProto>();
        var kept = new List<NodeProto>();
        foreach (var node in nodes)
        {
            if (node.OpType == "BatchNormalization" && node.Domain.Length == 0 && convolutions.TryGetValue(node.Input[0], out var convolution)
                && readers[node.Input[0]] == 1 && Fold(convolution, node, initializers))
                continue;
            if (node.OpType == "Conv" && node.Domain.Length == 0)
                convolutions[node.Output[0]] = node;
            kept.Add(node);
        }
        foreach (var unread in initializers.Keys.Except(kept.SelectMany(Subgraphs.Reads).Concat(outputs)).ToArray())
            initializers.Remove(unread);
        return kept;
    }

    private static bool Fold(NodeProto convolution, NodeProto normalization, Dictionary<string, TensorProto> initializers)
    {
        string[] constants = [convolution.Input[1], .. normalization.Input.Skip(1), .. convolution.InputOrNull(2) is { } bias ? new[] { bias } : []];
        if (normalization.Int("training_mode", 0) != 0 || constants.Any(c => !initializers.TryGetValue(c, out var t) || t.Type() != DataType.Float))
            return false;
        double[] Values(string name) => initializers[name].Doubles();
        double[] weights = Values(convolution.Input[1]), scale = Values(normalization.Input[1]), shift = Values(normalization.Input[2]),
            mean = Values(normalization.Input[3]), variance = Values(normalization.Input[4]);
        var old = convolution.InputOrNull(2) is { } name ? Values(name) : new double[scale.Length];
        var epsilon = normalization.Float("epsilon", 1e-5f);
        var factor = scale.Zip(variance, (s, v) => s / Math.Sqrt(v + epsilon)).ToArray();
        var perMap = weights.Length / factor.Length;

        var output = normalization.Output[0];
        long[] shape = [.. initializers[convolution.Input[1]].Dims];
        initializers[$"{output}/weights"] = TensorData.Of($"{output}/weights", shape, weights.Select((w, i) => (float)(w * factor[i / perMap])).ToArray());
        initializers[$"{output}/bias"] = TensorData.Of($"{output}/bias", [factor.Length], factor.Select((f, i) => (float)((old[i] - mean[i]) * f + shift[i])).ToArray());
        string[] inputs = [convolution.Input[0], $"{output}/weights", $"{output}/bias"];
        convolution.Input.Clear();
        convolution.Input.AddRange(inputs);
        convolution.Output[0] = output;
        return true;
    }
}

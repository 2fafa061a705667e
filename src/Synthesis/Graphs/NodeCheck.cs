using PerceptionStudy.Synthesis.Graphs.Format;

namespace PerceptionStudy.Synthesis.Graphs;

/// <summary>Whether nodes have what every reader of them takes for granted, ONNX Runtime included.</summary>
internal static class NodeCheck
{
    // With a gap among these inputs, or the outputs of Split, ONNX Runtime 1.31.1 ends the process instead of refusing the model.
    private static readonly HashSet<string> WithoutGaps = ["Sum", "Mean", "Max", "Min", "Concat", "Einsum", "SequenceConstruct"];

    /// <exception cref="ModelFormatException">A node makes nothing, lacks an input or an attribute, or the model has no output.</exception>
    public static void Run(GraphProto graph)
    {
        if (graph.Node.Count == 0)
            throw new ModelFormatException("The model has no operators; export it again.");
        if (graph.Output.Count == 0)
            throw new ModelFormatException("The model has no output; export it again.");
        Check(graph.Node);
    }

    private static void Check(IEnumerable<NodeProto> nodes)
    {
        foreach (var node in nodes)
        {
            if (node.Output.All(o => o.Length == 0))
                throw Damaged(node, "makes nothing");
            if (node.Attribute.FirstOrDefault(a => a.Type == AttributeProto.Types.AttributeType.Tensor && a.T is null || a.Type == AttributeProto.Types.AttributeType.Graph && a.G is null) is { } empty)
                throw Damaged(node, $"has the empty attribute {empty.Name}");
            if (node.OpType is "RandomNormal" or "RandomUniform")
                throw new ModelFormatException($"Node {node.Called()} ({node.OpType}) draws random numbers, so that no two runs agree; export the model as it is after training (model.eval() in PyTorch).");
            if (WithoutGaps.Contains(node.OpType) && node.Input.Any(i => i.Length == 0))
                throw Damaged(node, "has a gap among its inputs");
            if (node.OpType == "Split" && node.Output.Any(o => o.Length == 0))
                throw Damaged(node, "has a gap among its outputs");
            if (node.OpType is "Conv" or "ConvTranspose" or "FusedConv" && node.Int("group", 1) < 1)
                throw Damaged(node, $"has {node.Int("group", 1)} groups");
            if (node.OpType == "Einsum" && node.Text("equation", "").Any(c => !char.IsAsciiLetter(c) && !" ,.->".Contains(c, StringComparison.Ordinal)))
                throw Damaged(node, "has an equation that is none");
            if (Needed(node) is var needed && Enumerable.Range(0, needed).Any(i => node.InputOrNull(i) is null))
                throw Damaged(node, $"lacks one of its {needed} inputs");
            foreach (var graph in Subgraphs.Of(node))
                Check(graph.Node);
        }
    }

    // Inputs without which the reading of old forms, or ONNX Runtime's own code, does not go on.
    private static int Needed(NodeProto node) => (node.Domain, node.OpType) switch
    {
        ("com.microsoft", "Attention") => 3,
        ("com.microsoft", _) => 1,
        (_, "Dropout" or "Softmax" or "LogSoftmax" or "Hardmax" or "Upsample" or "Resize" or "Pad" or "Slice" or "Clip" or "Split" or "TopK" or "BatchNormalization") => 1,
        _ => 0,
    };

    private static ModelFormatException Damaged(NodeProto node, string what) => new($"Node {node.Called()} ({node.OpType}) {what}; export the model again.");
}

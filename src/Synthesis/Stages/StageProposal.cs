using PerceptionStudy.Synthesis.Graphs;
using PerceptionStudy.Synthesis.Graphs.Format;

namespace PerceptionStudy.Synthesis.Stages;

/// <summary>
/// The stages proposed for a study: results after the rectification of a block, pooling, concatenation, dense layers and the
/// class scores; not what lies inside a block, and no softmax.
/// </summary>
internal static class StageProposal
{
    private static readonly HashSet<string> Rectifiers = ["Relu", "LeakyRelu", "PRelu", "Elu", "Selu", "Clip", "Gelu", "HardSwish", "Sigmoid", "Tanh"];
    private static readonly HashSet<string> Poolings = ["MaxPool", "AveragePool", "GlobalAveragePool", "GlobalMaxPool", "Concat"];
    private static readonly HashSet<string> Dense = ["Gemm", "MatMul"];

    // Between a network's scores and its output stand only these.
    private static readonly HashSet<string> Endings = ["Softmax", "LogSoftmax", "Reshape", "Flatten", "Squeeze", "Identity"];

    /// <summary>Names of the tensors proposed.</summary>
    public static HashSet<string> For(OnnxGraph graph)
    {
        var readers = graph.Nodes.SelectMany(n => n.Input.Where(i => i.Length > 0), (n, i) => (n, i)).ToLookup(p => p.i, p => p.n);
        var proposed = new HashSet<string>();
        foreach (var node in graph.Nodes)
        {
            var output = node.Output[0];
            if (Poolings.Contains(node.OpType) || (Dense.Contains(node.OpType) && !readers[output].Any(r => r.OpType == "Add" || Rectifiers.Contains(r.OpType)))
                || (Rectifiers.Contains(node.OpType) && EndsBlock(node, graph, readers)))
                proposed.Add(output);
        }
        proposed.UnionWith(graph.Outputs.Select(o => Scores(graph, o)));
        return proposed;
    }

    // In a residual network the rectifiers after an addition end a block. Elsewhere every rectifier does,
    // unless it only feeds a concatenation or a pool, which is proposed itself.
    private static bool EndsBlock(NodeProto node, OnnxGraph graph, ILookup<string, NodeProto> readers)
    {
        var source = graph.Producers.GetValueOrDefault(node.Input[0]);
        if (graph.Nodes.Any(n => n.OpType == "Add" && n.Input.All(graph.Producers.ContainsKey) && readers[n.Output[0]].Any(r => Rectifiers.Contains(r.OpType))))
            return source?.OpType is "Add" or "Gemm" || IsStem(node, graph);
        var next = readers[node.Output[0]].ToArray();
        return next.Length == 0 || !next.All(r => r.OpType is "Concat");
    }

    private static bool IsStem(NodeProto node, OnnxGraph graph) => graph.Nodes.First(n => Rectifiers.Contains(n.OpType)) == node;

    private static string Scores(OnnxGraph graph, string output)
    {
        while (graph.Producers.TryGetValue(output, out var node) && Endings.Contains(node.OpType) && graph.Producers.ContainsKey(node.Input[0]))
            output = node.Input[0];
        return output;
    }
}

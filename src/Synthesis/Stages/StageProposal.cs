using PerceptionStudy.Synthesis.Graphs;
using PerceptionStudy.Synthesis.Graphs.Format;

namespace PerceptionStudy.Synthesis.Stages;

/// <summary>
/// The stages proposed for a study: those of the paper where the network is of one of its families; else, where the exporter wrote
/// down modules, after each block; else results after the rectification of a block, pooling, concatenation and dense layers. Always the
/// class scores; no softmax.
/// </summary>
internal static class StageProposal
{
    internal static readonly HashSet<string> Rectifiers = ["Relu", "LeakyRelu", "PRelu", "Elu", "Selu", "Clip", "HardSwish", "Sigmoid", "Tanh"];
    private static readonly HashSet<string> Poolings = ["MaxPool", "AveragePool", "GlobalAveragePool", "GlobalMaxPool", "Concat"];
    private static readonly HashSet<string> Dense = ["Gemm", "MatMul"];
    private const int MostBlocks = 10;

    // Between a network's scores and its output stand only these.
    private static readonly HashSet<string> Endings = ["Softmax", "LogSoftmax", "Reshape", "Flatten", "Squeeze", "Identity"];

    /// <summary>Names of the tensors proposed.</summary>
    public static HashSet<string> For(OnnxGraph graph, ModuleScopes modules, IReadOnlyList<(string Name, string Tensor)> ofThePaper)
    {
        var scores = graph.Outputs.Select(o => Scores(graph, o)).ToHashSet();
        HashSet<string> proposed = ofThePaper.Count > 0 ? [.. ofThePaper.Select(s => s.Tensor)] : Blocks(modules, scores) is { Length: > 1 } blocks ? [.. blocks, .. Pooled(graph)] : Operators(graph);
        proposed.UnionWith(scores);
        return proposed;
    }

    /// <summary>The class scores that an output holds, before any softmax.</summary>
    public static string Scores(OnnxGraph graph, string output)
    {
        while (graph.Producers.TryGetValue(output, out var node) && Endings.Contains(node.OpType) && graph.Producers.ContainsKey(node.Input[0]))
            output = node.Input[0];
        return output;
    }

    // The modules of the network; one that holds most of the nodes is replaced by those inside it. Of many, some that are evenly spaced.
    // Without modules that hold others (Keras names its layers only) there are none.
    private static string[] Blocks(ModuleScopes modules, HashSet<string> scores)
    {
        List<string> level = [.. modules.Inside("")];
        for (var largest = Largest(); largest is not null; largest = Largest())
        {
            level.InsertRange(level.IndexOf(largest), modules.Inside(largest));
            level.Remove(largest);
        }
        if (!level.Any(modules.IsContainer))
            return [];
        string[] Outputs(Func<string, bool> of) => [.. level.Where(of).Select(s => modules.Output(s)!).Where(t => !scores.Contains(t)).Distinct()];
        var all = Outputs(s => modules.IsContainer(s) || EndsInRectifierOrPool(s));
        if (all.Length <= MostBlocks)
            return all;
        var blocks = Outputs(modules.IsContainer);
        return blocks.Length <= MostBlocks ? blocks : [.. Enumerable.Range(0, MostBlocks).Select(i => blocks[i * (blocks.Length - 1) / (MostBlocks - 1)])];

        bool EndsInRectifierOrPool(string scope) =>
            modules.Nodes(scope).Any(n => n.Output[0] == modules.Output(scope) && (Rectifiers.Contains(n.OpType) || Poolings.Contains(n.OpType)));

        string? Largest()
        {
            var total = level.Sum(s => modules.Nodes(s).Count);
            return level.FirstOrDefault(s => 2 * modules.Nodes(s).Count > total && modules.IsContainer(s) && modules.Inside(s).Any());
        }
    }

    // Behind the blocks.
    private static IEnumerable<string> Pooled(OnnxGraph graph) => graph.Nodes.Where(n => n.OpType == "GlobalAveragePool").TakeLast(1).Select(n => n.Output[0]);

    private static HashSet<string> Operators(OnnxGraph graph)
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
}

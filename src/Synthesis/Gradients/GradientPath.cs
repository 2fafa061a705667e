using PerceptionStudy.Synthesis.Graphs;
using PerceptionStudy.Synthesis.Graphs.Format;
using DataType = PerceptionStudy.Synthesis.Graphs.Format.TensorProto.Types.DataType;

namespace PerceptionStudy.Synthesis.Gradients;

/// <summary>The nodes between an input and a stage through which a gradient flows.</summary>
internal sealed class GradientPath
{
    private readonly HashSet<string> _on;

    private readonly ILookup<string, NodeProto> _readers;
    private readonly string _stage;

    private GradientPath(IReadOnlyList<NodeProto> nodes, HashSet<string> on, string stage)
    {
        (Nodes, _on, _stage) = (nodes, on, stage);
        _readers = nodes.SelectMany(n => n.Input.Distinct(), (n, i) => (n, i)).ToLookup(p => p.i, p => p.n);
    }

    /// <summary>The nodes, in forward order.</summary>
    public IReadOnlyList<NodeProto> Nodes { get; }

    /// <summary>Whether a tensor depends on the input by way of differentiable values.</summary>
    public bool Contains(string tensor) => _on.Contains(tensor);

    /// <summary>The one node from which a tensor gets its gradient, or null if there are several or it is the stage.</summary>
    public NodeProto? OnlyReader(string tensor) => tensor != _stage && _readers[tensor].Take(2).ToArray() is [var only] ? only : null;

    /// <param name="nodes">Nodes in topological order.</param>
    /// <param name="typeOf">Element type of a tensor; integers carry no gradient.</param>
    /// <param name="input">The tensor with respect to which the gradient is taken.</param>
    /// <param name="stage">The tensor from which it comes.</param>
    public static GradientPath Find(IReadOnlyList<NodeProto> nodes, Func<string, DataType> typeOf, string input, string stage)
    {
        var wanted = new HashSet<string> { stage };
        var needed = new HashSet<NodeProto>();
        foreach (var node in nodes.Reverse())
            if (node.Output.Any(wanted.Contains))
            {
                needed.Add(node);
                wanted.UnionWith(node.Input);
            }

        var reached = new HashSet<string> { input };
        var path = new List<NodeProto>();
        foreach (var node in nodes)
            if (needed.Contains(node) && !StopsGradients(node) && node.Input.Any(reached.Contains))
            {
                var outputs = node.Output.Where(o => o.Length > 0 && CarriesGradients(typeOf(o))).ToArray();
                reached.UnionWith(outputs);
                if (outputs.Length > 0)
                    path.Add(node);
            }
        return new GradientPath(path, reached, stage);
    }

    internal static bool CarriesGradients(DataType type) => type is DataType.Float or DataType.Double;

    // Piecewise constant functions: their derivative is zero wherever it exists.
    internal static bool StopsGradients(NodeProto node) =>
        GraphBuilder.StopsGradient(node) || node.Domain.Length == 0 && node.OpType is "Shape" or "Size" or "Sign" or "Floor" or "Ceil" or "Round" or "ConstantOfShape" or "OneHot";
}

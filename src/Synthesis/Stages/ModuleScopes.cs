using System.Text.RegularExpressions;
using PerceptionStudy.Synthesis.Graphs;
using PerceptionStudy.Synthesis.Graphs.Format;

namespace PerceptionStudy.Synthesis.Stages;

/// <summary>
/// The modules of a network as its exporter wrote them down: PyTorch's scripted exporter in the nodes' names
/// (<c>/layer1/layer1.0/conv1/Conv</c>), its dynamo exporter in their metadata (<c>pkg.torch.onnx.name_scopes</c>), tf2onnx in the
/// names that Keras gave (<c>model/block1_conv1/Relu</c>). A model written by hand has none.
/// </summary>
internal sealed partial class ModuleScopes
{
    private readonly Dictionary<string, (string Tensor, int Node)> _outputs = [];
    private readonly HashSet<string> _containers = [];
    private readonly Dictionary<string, List<NodeProto>> _nodes = [];

    public ModuleScopes(OnnxGraph graph)
    {
        var paths = new Dictionary<NodeProto, string[]>(ReferenceEqualityComparer.Instance);
        foreach (var (node, path) in WithoutRoot(graph.Nodes.Select(n => (n, Path(n))).Where(p => p.Item2.Length > 0)))
            paths[node] = path;
        var readers = graph.Nodes.SelectMany(n => Subgraphs.Reads(n), (n, tensor) => (n, tensor)).ToLookup(p => p.tensor, p => p.n);
        var final = graph.Outputs.ToHashSet();
        foreach (var (node, index) in graph.Nodes.Select((n, i) => (n, i)))
        {
            var path = paths.GetValueOrDefault(node, []);
            for (var depth = 0; depth < path.Length; depth++)
            {
                var (scope, level) = (path[depth], depth);
                if (!_nodes.TryGetValue(scope, out var nodes))
                    _nodes[scope] = nodes = [];
                nodes.Add(node);
                if (depth < path.Length - 1)
                    _containers.Add(scope);
                // What leaves the module; where several tensors do, the last.
                foreach (var output in node.Output.Where(o => o.Length > 0 && graph.Tensors.TryGetValue(o, out var t) && Gradients.GradientPath.CarriesGradients(t.Type)))
                    if (final.Contains(output) || readers[output].Any(r => paths.GetValueOrDefault(r, []) is var other && (other.Length <= level || other[level] != scope)))
                        _outputs[scope] = (output, index);
            }
        }
    }

    /// <summary>All modules, in the order in which they end.</summary>
    public IEnumerable<string> All => _outputs.OrderBy(o => o.Value.Node).Select(o => o.Key);

    /// <summary>The tensor that a module gives out, or null.</summary>
    public string? Output(string scope) => _outputs.GetValueOrDefault(scope).Tensor;

    /// <summary>The nodes in a module, those of the modules inside it too.</summary>
    public IReadOnlyList<NodeProto> Nodes(string scope) => _nodes.GetValueOrDefault(scope, []);

    /// <summary>Whether a module holds others.</summary>
    public bool IsContainer(string scope) => _containers.Contains(scope);

    /// <summary>The modules directly inside one; those of the network itself for an empty name.</summary>
    public IEnumerable<string> Inside(string scope) =>
        All.Where(s => Parent(s) == scope);

    /// <summary>The modules whose output a tensor is, the outermost first.</summary>
    public ILookup<string, string> ByTensor => _outputs.OrderBy(o => o.Key.Length).ToLookup(o => o.Value.Tensor, o => o.Key);

    // layer1.0.conv1 lies in layer1.0; a name that is no module's is passed over.
    private string Parent(string scope)
    {
        for (var dot = scope.LastIndexOf('.'); dot > 0; dot = scope.LastIndexOf('.', dot - 1))
            if (_nodes.ContainsKey(scope[..dot]))
                return scope[..dot];
        return "";
    }

    private static string[] Path(NodeProto node)
    {
        if (node.MetadataProps.FirstOrDefault(m => m.Key == "pkg.torch.onnx.name_scopes")?.Value is { } scopes)
            // ['', 'layer1', 'layer1.0', 'layer1.0.conv1', 'conv2d_1']: full names; the last is the node's own.
            return [.. Quoted().Matches(scopes).Select(m => m.Groups[1].Value).SkipLast(1).Where(s => s.Length > 0)];
        var parts = node.Name.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return parts.Length < 2 ? [] : Qualified(parts[..^1]);
    }

    // layer1, layer1.0, conv1: a child of a list repeats the list's name, another does not.
    private static string[] Qualified(string[] parts)
    {
        var path = new string[parts.Length];
        for (var i = 0; i < parts.Length; i++)
        {
            var parent = i == 0 ? "" : path[i - 1];
            if (i > 0 && parts[i].StartsWith(parts[i - 1] + ".", StringComparison.Ordinal))
                parent = parent[..^parts[i - 1].Length].TrimEnd('.');
            path[i] = parent.Length == 0 ? parts[i] : $"{parent}.{parts[i]}";
        }
        return path;
    }

    // A name that all nodes begin with, as that of a Keras model or of a wrapper, tells nothing; that of a list of layers is kept.
    private static IReadOnlyList<(NodeProto Node, string[] Path)> WithoutRoot(IEnumerable<(NodeProto Node, string[] Path)> nodes)
    {
        (NodeProto Node, string[] Path)[] paths = [.. nodes];
        while (paths.Select(p => p.Path[0]).Distinct().ToArray() is [var root] && paths.Any(p => p.Path.Length > 1)
            && paths.Where(p => p.Path.Length > 1).All(p => p.Path[1].StartsWith(root + ".", StringComparison.Ordinal) && !char.IsDigit(p.Path[1][root.Length + 1])))
            paths = [.. paths.Where(p => p.Path.Length > 1).Select(p => (p.Node, p.Path.Skip(1).Select(s => s[Math.Min(s.Length, root.Length + 1)..]).ToArray()))];
        return paths;
    }

    [GeneratedRegex("'([^']*)'")]
    private static partial Regex Quoted();
}

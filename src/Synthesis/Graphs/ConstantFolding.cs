using PerceptionStudy.Synthesis.Graphs.Format;

namespace PerceptionStudy.Synthesis.Graphs;

/// <summary>
/// What does not depend on the input's values is computed once, in the dry run: weights that a graph prepares, and above all
/// the arithmetic on shapes that exporters write, so that every Reshape has a constant target.
/// </summary>
internal static class ConstantFolding
{
    // These depend on the shape of what they read only, and all shapes are fixed.
    private static readonly HashSet<string> ReadsShapeOnly = ["Shape", "Size"];

    private static readonly HashSet<string> Random =
        ["RandomNormal", "RandomNormalLike", "RandomUniform", "RandomUniformLike", "Multinomial", "Bernoulli"];

    /// <summary>Names of the tensors that are constant.</summary>
    public static HashSet<string> Find(IEnumerable<NodeProto> nodes, string input)
    {
        var varying = new HashSet<string> { input };
        var constant = new HashSet<string>();
        foreach (var node in nodes)
        {
            var folds = !Random.Contains(node.OpType) && !Subgraphs.Has(node)
                && (ReadsShapeOnly.Contains(node.OpType) || !node.Input.Any(varying.Contains));
            (folds ? constant : varying).UnionWith(node.Output.Where(o => o.Length > 0));
        }
        return constant;
    }

    /// <summary>Turns constant tensors into initialisers, and keeps only the nodes and initialisers that are read.</summary>
    public static List<NodeProto> Apply(
        IReadOnlyList<NodeProto> nodes, HashSet<string> constant, Dictionary<string, TensorProto> values,
        Dictionary<string, TensorProto> initializers, IReadOnlyList<string> outputs)
    {
        var kept = nodes.Where(n => !n.Output.Any(constant.Contains)).ToList();
        foreach (var (name, value) in values)
            initializers[name] = value;

        var read = kept.SelectMany(Subgraphs.Reads).Concat(outputs).ToHashSet();
        foreach (var name in initializers.Keys.Where(k => !read.Contains(k)).ToArray())
            initializers.Remove(name);
        return kept;
    }
}

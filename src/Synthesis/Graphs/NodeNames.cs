using PerceptionStudy.Synthesis.Graphs.Format;

namespace PerceptionStudy.Synthesis.Graphs;

/// <summary>ONNX Runtime takes no two nodes of one name, which functions, branches and decomposed operators could bring.</summary>
internal static class NodeNames
{
    /// <summary>Gives every second node of a name a number.</summary>
    public static void MakeUnique(IEnumerable<NodeProto> nodes)
    {
        var taken = new HashSet<string>();
        var counts = new Dictionary<string, int>();
        foreach (var node in nodes.Where(n => n.Name.Length > 0 && !taken.Add(n.Name)))
        {
            var name = node.Name;
            while (!taken.Add(node.Name))
                node.Name = $"{name}_{counts[name] = counts.GetValueOrDefault(name, 1) + 1}";
        }
    }
}

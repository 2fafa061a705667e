using PerceptionStudy.Synthesis.Graphs.Format;

namespace PerceptionStudy.Synthesis.Graphs.Kernels;

/// <summary>Lets a <see cref="RectifierGradient"/> add the two gradients whose sum it takes, where nothing else reads the sum.</summary>
internal static class RectifierSums
{
    /// <param name="graph">The graph; it is changed.</param>
    public static void Run(GraphProto graph)
    {
        var nodes = new GraphNodes(graph);
        foreach (var mask in graph.Node.Where(n => n.OpType == RectifierGradient.Name && n.Domain == CpuKernels.Domain).ToArray())
        {
            if (nodes.Producer(mask.Input[1]) is not { OpType: "Add", Domain.Length: 0 } add || nodes.OnlyReader(add) != mask
                || add.Input.Any(i => !nodes.Shape(i).SequenceEqual(nodes.Shape(mask.Input[1]))))
                continue;
            mask.Input.RemoveAt(1);
            mask.Input.AddRange(add.Input);
            graph.Node.Remove(add);
        }
    }
}

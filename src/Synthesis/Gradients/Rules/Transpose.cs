using PerceptionStudy.Synthesis.Graphs;

namespace PerceptionStudy.Synthesis.Gradients.Rules;

internal static class Transpose
{
    [GradientRule("Transpose", 7, "dy, transposed back")]
    public static string?[] Gradient(ForwardNode node, string?[] dy, GraphBuilder b)
    {
        var rank = node.OutputShape.Length;
        var order = node.Proto.Ints("perm") ?? [.. Enumerable.Range(0, rank).Reverse().Select(i => (long)i)];
        var back = new long[rank];
        for (var i = 0; i < rank; i++)
            back[order[i]] = i;
        return [b.Emit("Transpose", [dy[0]!], node.InputShape(0), ("perm", back))];
    }
}

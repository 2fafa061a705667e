using PerceptionStudy.Synthesis.Graphs;

namespace PerceptionStudy.Synthesis.Gradients.Rules;

/// <summary>The two modes differ in the order of channel and place within a block; SpaceToDepth undoes the first only.</summary>
internal static class DepthToSpace
{
    [GradientRule("DepthToSpace", 7, "dy, put back in place", Note = "both modes")]
    public static string?[] Gradient(ForwardNode node, string?[] dy, GraphBuilder b)
    {
        var (shape, block) = (node.InputShape(0), node.Proto.Int("blocksize", 1));
        if (node.Proto.Text("mode", "DCR") == "DCR")
            return [b.Emit("SpaceToDepth", [dy[0]!], shape, ("blocksize", block))];
        var (n, channels, h, w) = (shape[0], shape[1] / (block * block), shape[2], shape[3]);
        var apart = b.Reshape(dy[0]!, n, channels, h, block, w, block);
        return [b.Reshape(b.Emit("Transpose", [apart], [n, channels, block, block, h, w], ("perm", new long[] { 0, 1, 3, 5, 2, 4 })), shape)];
    }
}

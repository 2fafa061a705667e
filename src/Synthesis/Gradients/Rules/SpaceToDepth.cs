using PerceptionStudy.Synthesis.Graphs;

namespace PerceptionStudy.Synthesis.Gradients.Rules;

internal static class SpaceToDepth
{
    [GradientRule("SpaceToDepth", 7, "dy, put back in place")]
    public static string?[] Gradient(ForwardNode node, string?[] dy, GraphBuilder b) =>
        [b.Emit("DepthToSpace", [dy[0]!], node.InputShape(0), ("blocksize", node.Proto.Int("blocksize", 1)))];
}

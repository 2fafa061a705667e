using PerceptionStudy.ReferenceGradients.Networks;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace PerceptionStudy.ReferenceGradients.Operators;

/// <summary>Products of matrices, reductions, and operators that move values about.</summary>
internal static class LayoutCases
{
    public static IEnumerable<GoldenCase> All => [.. Products, .. Reductions, .. Moves];

    private static IEnumerable<GoldenCase> Products =>
    [
        .. from other in new long[][] { [4, 5], [2, 4, 5], [3, 1, 4, 5], [4] }
           select new GoldenCase("MatMul", $"with [{string.Join(",", other)}] on the right", [2, 3, 4], net => net.MatMulFixed("", net.Input, net.Embedding("other", 1, other))),
        new("MatMul", "on the right", [2, 3, 4], net =>
        {
            var (name, value) = net.Embedding("other", 1, 5, 3);
            return net.Apply("", "MatMul", [name, net.Input], t => value.matmul(t[0]));
        }),
        new("MatMul", "both depend on the input", [2, 3, 4], net => net.MatMul("", net.Input, net.Transpose("", net.Input, 0, 2, 1))),
        .. from turnA in new[] { false, true } from turnB in new[] { false, true }
           select new GoldenCase("Gemm", $"{(turnA ? "A turned" : "A")}, {(turnB ? "B turned" : "B")}", turnA ? [4, 3] : [3, 4], net =>
           {
               var ((name, value), (bias, offset)) = (net.Embedding("other", 1, turnB ? [5, 4] : [4, 5]), net.Embedding("bias", 1, 5));
               return net.Apply("", "Gemm", [net.Input, name, bias], t => 0.5 * (turnA ? t[0].t() : t[0]).matmul(turnB ? value.t() : value) + 2 * offset,
                   ("alpha", 0.5f), ("beta", 2f), ("transA", turnA), ("transB", turnB));
           }),
        new("Einsum", "ellipsis", [2, 3, 4], net => net.Apply("", "Einsum", [net.Input, net.Relu("", net.Input)], t => einsum("...ij,...kj->...ik", t[0], t[1]), ("equation", "...ij,...kj->...ik"))),
        .. from equation in new[] { "bij,jk->bik", "bij,bik->bjk", "bij,kj->bki" }
           select new GoldenCase("Einsum", equation, [2, 3, 4], net =>
           {
               var (name, value) = net.Embedding("other", 1, equation[4..].StartsWith("jk", StringComparison.Ordinal) ? [4, 5] : equation[4] == 'b' ? [2, 3, 5] : [5, 4]);
               return net.Apply("", "Einsum", [net.Input, name], t => einsum(equation, t[0], value), ("equation", equation));
           }),
    ];

    private static IEnumerable<GoldenCase> Reductions => [.. Reduced, .. Scans];

    // Products and sums from one end, where values must not be 0.
    private static IEnumerable<GoldenCase> Scans =>
    [
        .. from axis in new long[] { 0, 1, 2 }
           select new GoldenCase("ReduceProd", $"axis {axis}", [2, 3, 4], net => net.Apply("", "ReduceProd", [net.Input, net.Constant("axes", [1], axis)], t => t[0].prod(axis, true))) { Range = (0.4, 2) },
        new("ReduceLogSum", "two axes", [2, 3, 4], net => net.Apply("", "ReduceLogSum", [net.Input, net.Constant("axes", [2], 0L, 2)], t => t[0].sum([0L, 2], true).log())) { Range = (0.4, 2) },
        new("CumSum", "along axis 1", [2, 3, 4], net => net.Apply("", "CumSum", [net.Input, net.Constant("axis", [], 1L)], t => t[0].cumsum(1))),
        new("CumSum", "without itself, from the end", [2, 3, 4], net => net.Apply("", "CumSum", [net.Input, net.Constant("axis", [], 2L)], t => t[0].flip(2).cumsum(2).flip(2) - t[0], ("exclusive", 1L), ("reverse", 1L))),
        new("TopK", "largest", [3, 5], net => net.ApplyFirst("TopK", [net.Input, net.Constant("k", [1], 2L)], 2, t => t[0].topk(2).values)),
        new("TopK", "smallest, first axis", [5, 3], net => net.ApplyFirst("TopK", [net.Input, net.Constant("k", [1], 3L)], 2, t => t[0].topk(3, 0, false).values, ("axis", 0L), ("largest", 0L))),
    ];

    private static IEnumerable<GoldenCase> Reduced =>
        from axes in new long[][] { [1], [0, 2], [-1] }
        from keep in new[] { true, false }
        from op in new (string Name, Func<Tensor, Tensor> Torch)[]
        {
            ("ReduceSum", t => t.sum(axes, keep)), ("ReduceMean", t => t.mean(axes, keep)), ("ReduceMax", t => t.amax(axes, keep)), ("ReduceMin", t => t.amin(axes, keep)),
            ("ReduceL1", t => t.abs().sum(axes, keep)), ("ReduceL2", t => t.square().sum(axes, keep).sqrt()), ("ReduceSumSquare", t => t.square().sum(axes, keep)), ("ReduceLogSumExp", t => t.exp().sum(axes, keep).log()),
        }
        select new GoldenCase(op.Name, $"axes {string.Join(",", axes)}{(keep ? ", kept" : "")}", [2, 3, 4],
            net => net.Apply("", op.Name, [net.Input, net.Constant("axes", [axes.Length], axes)], t => op.Torch(t[0]), ("keepdims", keep)));

    private static IEnumerable<GoldenCase> Moves =>
    [
        new("Reshape", "to a matrix", [2, 3, 4], net => net.Reshape("", net.Input, 6, 4)),
        new("Flatten", "from axis 1", [2, 3, 4], net => net.Flatten("", net.Input)),
        new("Transpose", "three axes", [2, 3, 4], net => net.Transpose("", net.Input, 2, 0, 1)),
        new("Squeeze", "one axis", [2, 1, 4], net => net.Squeeze("", net.Input, 1)),
        new("Unsqueeze", "one axis", [2, 3, 4], net => net.Unsqueeze("", net.Input, 2)),
        new("Expand", "two axes", [3, 1, 4], net => net.Apply("", "Expand", [net.Input, net.Constant("shape", [4], 2L, 3, 5, 4)], t => t[0].expand(2, 3, 5, 4))),
        new("Tile", "two axes", [2, 3, 4], net => net.Apply("", "Tile", [net.Input, net.Constant("repeats", [3], 2L, 1, 3)], t => t[0].repeat(2, 1, 3))),
        new("Concat", "with itself", [2, 3, 4], net => net.Concat("", 1, net.Input, net.Relu("", net.Input))),
        new("Split", "unequal use of the parts", [2, 6, 3], net =>
        {
            var parts = net.Split("", net.Input, 1, 3);
            return net.Mul("", parts[0], parts[2]);
        }),
        new("Slice", "every second", [2, 7, 3], net => net.Slice("", net.Input, 1, 1, 6, 2)),
        new("Slice", "a range", [2, 7, 3], net => net.Slice("", net.Input, 1, 2, 5)),
        new("Gather", "one index", [2, 3, 4], net => net.Gather("", net.Input, 1, 2)),
        new("Gather", "a list with repeats", [2, 5, 3], net => net.Apply("", "Gather", [net.Input, net.Constant("indices", [4], 3L, 0, 3, 1)], t => t[0].index_select(1, tensor((long[])[3, 0, 3, 1])), ("axis", 1L))),
        .. from mode in new (string Onnx, PaddingModes Torch)[] { ("constant", PaddingModes.Constant), ("reflect", PaddingModes.Reflect), ("edge", PaddingModes.Replicate), ("wrap", PaddingModes.Circular) }
           select new GoldenCase("Pad", mode.Onnx, [1, 2, 4, 5], net => net.Apply("", "Pad", [net.Input, net.Constant("pads", [8], 0L, 0, 2, 1, 0, 0, 1, 3)],
               t => F.pad(t[0], [1, 3, 2, 1], mode.Torch), ("mode", mode.Onnx))),
        new("GatherND", "values", [3, 4], net => net.Apply("", "GatherND", [net.Input, net.Constant("indices", [3, 2], 0L, 1, 2, 3, 0, 1)], t => t[0].flatten().index_select(0, tensor((long[])[1, 11, 1])))),
        new("GatherND", "rows", [3, 4, 2], net => net.Apply("", "GatherND", [net.Input, net.Constant("indices", [2, 1], 2L, 0)], t => t[0].index_select(0, tensor((long[])[2, 0])))),
        new("GatherElements", "along axis 1", [2, 4], net => net.Apply("", "GatherElements", [net.Input, net.Constant("indices", [2, 3], 3L, 0, 3, 1, 1, 2)],
            t => t[0].gather(1, tensor((long[])[3, 0, 3, 1, 1, 2]).reshape(2, 3)), ("axis", 1L))),
        .. from adds in new[] { false, true }
           select new GoldenCase("ScatterElements", adds ? "added" : "written over", [2, 4], net =>
           {
               var values = net.Exp("", net.Slice("", net.Input, 1, 1, 4));
               Tensor Places() => tensor((long[])[3, 0, 1, 1, 2, 0]).reshape(2, 3);
               return net.Apply("", "ScatterElements", [net.Input, net.Constant("indices", [2, 3], 3L, 0, 1, 1, 2, 0), values],
                   t => adds ? t[0].scatter_add(1, Places(), t[1]) : t[0].scatter(1, Places(), t[1]), ("axis", 1L), ("reduction", adds ? "add" : "none"));
           }),
        .. from adds in new[] { false, true }
           select new GoldenCase("ScatterND", adds ? "rows added" : "rows written over", [4, 3], net =>
           {
               var rows = net.Exp("", net.Slice("", net.Input, 0, 1, 3));
               return net.Apply("", "ScatterND", [net.Input, net.Constant("indices", [2, 1], 3L, 0), rows],
                   t => adds ? t[0].index_add(0, tensor((long[])[3, 0]), t[1], 1) : t[0].index_copy(0, tensor((long[])[3, 0]), t[1]), ("reduction", adds ? "add" : "none"));
           }),
        new("Trilu", "upper, one above the diagonal", [2, 4, 3], net => net.Apply("", "Trilu", [net.Input, net.Constant("k", [], 1L)], t => t[0].triu(1), ("upper", 1L))),
        new("Trilu", "lower", [2, 4, 3], net => net.Apply("", "Trilu", [net.Input], t => t[0].tril(), ("upper", 0L))),
        new("DepthToSpace", "depth first", [2, 8, 3, 2], net => net.Apply("", "DepthToSpace", [net.Input],
            t => t[0].reshape(2, 2, 2, 2, 3, 2).permute(0, 3, 4, 1, 5, 2).reshape(2, 2, 6, 4), ("blocksize", 2L), ("mode", "DCR"))),
        new("SpaceToDepth", "blocks of 2 x 2", [2, 3, 4, 6], net => net.Apply("", "SpaceToDepth", [net.Input],
            t => t[0].reshape(2, 3, 2, 2, 3, 2).permute(0, 3, 5, 1, 2, 4).reshape(2, 12, 2, 3), ("blocksize", 2L))),
        new("DepthToSpace", "pixel shuffle", [1, 8, 3, 2], net => net.Apply("", "DepthToSpace", [net.Input], t => F.pixel_shuffle(t[0], 2), ("blocksize", 2L), ("mode", "CRD"))),
        .. from mode in new (string Onnx, string Coordinates, InterpolationMode Torch, bool Corners)[]
           {
               ("nearest", "asymmetric", InterpolationMode.Nearest, false), ("linear", "pytorch_half_pixel", InterpolationMode.Bilinear, false),
               ("linear", "align_corners", InterpolationMode.Bilinear, true), ("cubic", "pytorch_half_pixel", InterpolationMode.Bicubic, false),
           }
           from size in new long[][] { [8, 10], [3, 2] }
           select new GoldenCase("Resize", $"{mode.Onnx}, {mode.Coordinates}, to {size[0]} x {size[1]}", [1, 2, 4, 5], net => net.Apply("", "Resize",
               [net.Input, "", "", net.Constant("sizes", [4], 1L, 2, size[0], size[1])], t => F.interpolate(t[0], size, null, mode.Torch, mode.Corners ? true : null),
               ("mode", mode.Onnx), ("coordinate_transformation_mode", mode.Coordinates), ("nearest_mode", "floor"), ("cubic_coeff_a", -0.75f))),
    ];
}

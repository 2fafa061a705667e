using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using PerceptionStudy.Synthesis.Graphs.Kernels;

namespace PerceptionStudy.Synthesis.Graphs.AttentionHeads;

/// <summary>
/// softmax(factor · Q · Kᵀ) · V of each head, where queries, keys and values lie in tensors as they come from dense layers; and the weights, which the gradient needs.
/// Sizes: as <see cref="AttentionWork"/> reads them, four layouts, the shapes of the result and the weights.
/// </summary>
internal static unsafe class AttentionOperator
{
    public const string Name = "HeadAttention";

    /// <summary>The operator.</summary>
    public static nint* Make() => OrtOperator.Make("HeadAttention"u8, 3, 3, 2, &Compute);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint Compute(long* sizes, nint context)
    {
        var work = new AttentionWork(sizes);
        var shape = sizes + AttentionWork.FirstLayout + 4 * HeadLayout.Sizes;
        nint status;
        return (status = AttentionWork.Input(context, 0, ref work.Queried)) != 0 || (status = AttentionWork.Input(context, 1, ref work.Keyed)) != 0
            || (status = AttentionWork.Input(context, 2, ref work.Valued)) != 0 || (status = AttentionWork.Output(context, 0, ref shape, ref work.Resulting)) != 0
            || (status = AttentionWork.Output(context, 1, ref shape, ref work.Weights)) != 0
            ? status : OrtOperatorApi.ParallelFor(context, &Part, (nint)(work.Pictures * work.Heads), 0, &work);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Part(void* work, nint part)
    {
        ref var sizes = ref *(AttentionWork*)work;
        AttentionWork.With((sizes.Row + sizes.Keys) * sizes.Width + HeadProducts.Rows * sizes.Row, &Head, work, part);
    }

    private static void Head(void* work, long part, float* scratch)
    {
        ref var head = ref *(AttentionWork*)work;
        var (picture, index) = Math.DivRem(part, head.Heads);
        float* keys = scratch, values = HeadPanels.Transpose(head.Key.Of(head.Keyed, picture, index), head.Key.Row, head.Keys, head.Width, keys);
        var scores = HeadPanels.Copy(head.Value.Of(head.Valued, picture, index), head.Value.Row, head.Keys, head.Width, values);
        float* queries = head.Query.Of(head.Queried, picture, index), result = head.Result.Of(head.Resulting, picture, index), weights = head.WeightsOf(part);
        for (var at = 0L; at < head.Queries; at += HeadProducts.Rows)
        {
            var first = Math.Min(at, head.Queries - HeadProducts.Rows);
            HeadProducts.MultiplyRows(queries + first * head.Query.Row, head.Query.Row, 1, keys, head.Width, head.Row, head.Factor, scores, head.Row);
            HeadRows.Softmax(scores, head.Row, head.Keys, weights + first * head.Keys);
            HeadProducts.MultiplyRows(weights + first * head.Keys, head.Keys, 1, values, head.Keys, head.Width, 1, result + first * head.Result.Row, head.Result.Row);
        }
    }
}

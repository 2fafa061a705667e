using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using PerceptionStudy.Synthesis.Graphs.Kernels;

namespace PerceptionStudy.Synthesis.Graphs.AttentionHeads;

/// <summary>
/// The gradients of <see cref="AttentionOperator"/> at queries, keys and values, of those, the weights and the gradient at the result: in three tensors, or side by side in one,
/// as the dense layer before reads them. Sizes: as <see cref="AttentionWork"/> reads them, seven layouts, the results' shapes.
/// </summary>
internal static unsafe class AttentionGradientOperator
{
    public const string Name = "HeadAttentionGradient", TogetherName = "HeadAttentionGradientTogether";

    private const int GradientLayouts = AttentionWork.FirstLayout + 4 * HeadLayout.Sizes, Shapes = GradientLayouts + 3 * HeadLayout.Sizes;

    /// <summary>The operator with three results.</summary>
    public static nint* Make() => OrtOperator.Make("HeadAttentionGradient"u8, 5, 5, 3, &Compute);

    /// <summary>The operator with one.</summary>
    public static nint* MakeTogether() => OrtOperator.Make("HeadAttentionGradientTogether"u8, 5, 5, 1, &ComputeTogether);

    private struct Work
    {
        public AttentionWork Forward;
        public HeadLayout Query, Key, Value;
        public float* ToQuery, ToKey, ToValue;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint Compute(long* sizes, nint context) => Compute(sizes, context, together: false);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint ComputeTogether(long* sizes, nint context) => Compute(sizes, context, together: true);

    private static nint Compute(long* sizes, nint context, bool together)
    {
        var work = new Work
        {
            Forward = new(sizes), Query = new(sizes + GradientLayouts), Key = new(sizes + GradientLayouts + HeadLayout.Sizes), Value = new(sizes + GradientLayouts + 2 * HeadLayout.Sizes),
        };
        var shape = sizes + Shapes;
        nint status;
        if ((status = AttentionWork.Input(context, 0, ref work.Forward.Queried)) != 0 || (status = AttentionWork.Input(context, 1, ref work.Forward.Keyed)) != 0
            || (status = AttentionWork.Input(context, 2, ref work.Forward.Valued)) != 0 || (status = AttentionWork.Input(context, 3, ref work.Forward.Weights)) != 0
            || (status = AttentionWork.Input(context, 4, ref work.Forward.Resulting)) != 0 || (status = AttentionWork.Output(context, 0, ref shape, ref work.ToQuery)) != 0)
            return status;
        if (together)
            work.ToKey = work.ToValue = work.ToQuery;
        else if ((status = AttentionWork.Output(context, 1, ref shape, ref work.ToKey)) != 0 || (status = AttentionWork.Output(context, 2, ref shape, ref work.ToValue)) != 0)
            return status;
        return OrtOperatorApi.ParallelFor(context, &Part, (nint)(work.Forward.Pictures * work.Forward.Heads), 0, &work);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Part(void* work, nint part)
    {
        ref var sizes = ref ((Work*)work)->Forward;
        AttentionWork.With((sizes.Row + sizes.Keys + 2 * sizes.Queries) * sizes.Width + sizes.Queries * sizes.Row, &Head, work, part);
    }

    private static void Head(void* work, long part, float* scratch)
    {
        ref var to = ref *(Work*)work;
        ref var head = ref to.Forward;
        var (picture, index) = Math.DivRem(part, head.Heads);
        float* queried = head.Query.Of(head.Queried, picture, index), gradient = head.Result.Of(head.Resulting, picture, index), weights = head.WeightsOf(part);
        float* values = scratch, keys = HeadPanels.Transpose(head.Value.Of(head.Valued, picture, index), head.Value.Row, head.Keys, head.Width, values);
        var queries = HeadPanels.Copy(head.Key.Of(head.Keyed, picture, index), head.Key.Row, head.Keys, head.Width, keys);
        var gradients = HeadPanels.Copy(queried, head.Query.Row, head.Queries, head.Width, queries);
        var scores = HeadPanels.Copy(gradient, head.Result.Row, head.Queries, head.Width, gradients);

        // Of the gradient at the weights that at the scores, twelve rows at a time.
        var toQuery = to.Query.Of(to.ToQuery, picture, index);
        for (var at = 0L; at < head.Queries; at += HeadProducts.Rows)
        {
            var first = Math.Min(at, head.Queries - HeadProducts.Rows);
            var rows = scores + first * head.Row;
            HeadProducts.MultiplyRows(gradient + first * head.Result.Row, head.Result.Row, 1, values, head.Width, head.Row, 1, rows, head.Row);
            for (var row = 0L; row < HeadProducts.Rows; row++)
                SoftmaxGradient.Row(weights + (first + row) * head.Keys, rows + row * head.Row, rows + row * head.Row, head.Keys);
            HeadProducts.MultiplyRows(rows, head.Row, 1, keys, head.Keys, head.Width, head.QueryFactor, toQuery + first * to.Query.Row, to.Query.Row);
        }
        HeadProducts.Multiply(scores, 1, head.Row, head.Keys, queries, head.Queries, head.Width, head.KeyFactor, to.Key.Of(to.ToKey, picture, index), to.Key.Row);
        HeadProducts.Multiply(weights, 1, head.Keys, head.Keys, gradients, head.Queries, head.Width, 1, to.Value.Of(to.ToValue, picture, index), to.Value.Row);
    }
}

using System.Buffers;
using PerceptionStudy.Synthesis.Graphs.Kernels;

namespace PerceptionStudy.Synthesis.Graphs.AttentionHeads;

/// <summary>Sizes and tensors of <see cref="AttentionOperator"/> and <see cref="AttentionGradientOperator"/>; each head is a part of the work.</summary>
internal unsafe struct AttentionWork(long* sizes)
{
    /// <summary>Integers before the layouts.</summary>
    public const int FirstLayout = 8;

    public readonly long Pictures = sizes[0], Heads = sizes[1], Queries = sizes[2], Keys = sizes[3], Width = sizes[4];

    /// <summary>What scores are multiplied with, and the gradients at queries and keys.</summary>
    public readonly float Factor = Bits(sizes[5]), QueryFactor = Bits(sizes[6]), KeyFactor = Bits(sizes[7]);

    /// <summary>Layouts of queries, keys, values and the result (or the gradient there).</summary>
    public readonly HeadLayout Query = new(sizes + FirstLayout), Key = new(sizes + FirstLayout + HeadLayout.Sizes), Value = new(sizes + FirstLayout + 2 * HeadLayout.Sizes),
        Result = new(sizes + FirstLayout + 3 * HeadLayout.Sizes);

    /// <summary>The tensors. Weights are [pictures, heads, queries, keys].</summary>
    public float* Queried, Keyed, Valued, Resulting, Weights;

    /// <summary>Values of a row of scores, filled up.</summary>
    public readonly long Row => HeadPanels.Padded(Keys);

    /// <summary>The weights of one head.</summary>
    public readonly float* WeightsOf(long part) => Weights + part * Queries * Keys;

    /// <summary>Does one head with some memory to work in.</summary>
    public static void With(long values, delegate*<void*, long, float*, void> head, void* work, long part)
    {
        // Each thread gets the piece that it gave back last, which lies near the processor.
        var rented = ArrayPool<float>.Shared.Rent((int)values + 16);
        fixed (float* memory = rented)
            head(work, part, (float*)(((nint)memory + 63) & ~63));
        ArrayPool<float>.Shared.Return(rented);
    }

    /// <summary>Takes a tensor of a run.</summary>
    public static nint Input(nint context, int index, ref float* values)
    {
        fixed (float** at = &values)
            return OrtOperator.Input(context, index, at);
    }

    /// <summary>Takes memory for a result, whose shape, ended by a 0, is read and passed.</summary>
    public static nint Output(nint context, int index, ref long* shape, ref float* values)
    {
        var rank = 0;
        while (shape[rank] != 0)
            rank++;
        nint status;
        fixed (float** at = &values)
            status = OrtOperator.Output(context, index, shape, rank, at);
        shape += rank + 1;
        return status;
    }

    private static float Bits(long number) => BitConverter.Int32BitsToSingle((int)number);
}

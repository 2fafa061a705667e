using System.Runtime.InteropServices;
using PerceptionStudy.Synthesis.Graphs;
using PerceptionStudy.Synthesis.Graphs.Format;
using DataType = PerceptionStudy.Synthesis.Graphs.Format.TensorProto.Types.DataType;

namespace PerceptionStudy.Synthesis.Gradients;

/// <summary>The weights of the backward convolution: input and output channels exchanged within each group, the window turned round.</summary>
internal static class FlippedWeights
{
    /// <param name="b">The graph that gets them; each weight tensor is flipped once.</param>
    /// <param name="weights">[M, C/group, kernel...]</param>
    /// <param name="group">Number of groups.</param>
    /// <returns>Name of the constant [C, M/group, kernel...].</returns>
    public static string Of(GraphBuilder b, TensorProto weights, long group)
    {
        var name = $"flipped_{weights.Name}";
        if (b.Has(name))
            return name;
        long[] shape = [.. weights.Dims];
        long outer = shape[0] / group, inner = shape[1], window = Shapes.Size(shape[2..]);
        long[] flippedShape = [inner * group, outer, .. shape[2..]];
        b.Add(weights.Type() == DataType.Double
            ? TensorData.Of(name, flippedShape, Flip(weights.Doubles(), group, outer, inner, window))
            : TensorData.Of(name, flippedShape, Flip(Floats(weights), group, outer, inner, window)));
        return name;
    }

    private static float[] Floats(TensorProto weights) =>
        weights.RawData.Length > 0 ? MemoryMarshal.Cast<byte, float>(weights.RawData.Span).ToArray() : [.. weights.FloatData];

    private static T[] Flip<T>(T[] from, long group, long outer, long inner, long window)
    {
        var to = new T[from.Length];
        for (long g = 0; g < group; g++)
            for (long m = 0; m < outer; m++)
                for (long c = 0; c < inner; c++)
                {
                    var (source, target) = (((g * outer + m) * inner + c) * window, ((g * inner + c) * outer + m) * window);
                    for (long k = 0; k < window; k++)
                        to[target + window - 1 - k] = from[source + k];
                }
        return to;
    }
}

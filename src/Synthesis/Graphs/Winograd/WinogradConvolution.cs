using PerceptionStudy.Synthesis.Graphs.Format;
using PerceptionStudy.Synthesis.Graphs.Kernels;
using DataType = PerceptionStudy.Synthesis.Graphs.Format.TensorProto.Types.DataType;

namespace PerceptionStudy.Synthesis.Graphs.Winograd;

/// <summary>A convolution with windows of 3 × 3 and strides of 1, as <see cref="WinogradOperator"/> can compute it, and what that costs.</summary>
/// <param name="node">The convolution.</param>
/// <param name="input">[N, C, H, W]</param>
/// <param name="output">[N, M, H', W']</param>
internal sealed class WinogradConvolution(NodeProto node, long[] input, long[] output)
{
    private const int Tile = WinogradTransform.Tile, Products = WinogradTransform.Products;

    // What is not the products, in multiplications that take as long (measured on an AMD Zen 4): transforming a patch of one map, making a tile of one map, reading a weight.
    private const long PerPatch = 1100, PerTile = 900, PerWeight = 15;

    // The operator's own overhead, and where vectors make plain convolutions faster than on that, what small ones gain by it (measured on an Intel Cascade Lake).
    private static readonly long PerConvolution = WideVectors.LowerTheClock ? 4_000_000 : 400_000;

    // Patches and products held at once, in bytes: few enough to stay near the processor, but not less than twice the weights, which each band reads anew.
    private const long LeastBytesAtOnce = 4 << 20;

    // Tiles held at once, whose patches and results of one map are to stay next to the processor.
    private const long MostTilesAtOnce = 256;

    // The widest result of which a row of tiles may lie on a thread's stack.
    private const long MostWidth = 4096;

    private readonly long pictures = input[0], inputs = input[1], outputs = output[1], tileRows = Tiles(output[2]), tileColumns = Tiles(output[3]);
    private readonly long[] pads = node.Ints("pads") ?? [0, 0, 0, 0];

    /// <summary>Bytes of the transformed weights, four times those of the weights.</summary>
    public long WeightBytes => Products * inputs * outputs * sizeof(float);

    /// <summary>Whether a row of tiles finds room on a thread's stack.</summary>
    public bool IsNarrow => output[3] <= MostWidth;

    /// <summary>Multiplications as the plain operator does them, for sixteen maps at a time.</summary>
    public long DirectCost => 9 * inputs * Math.Max(16, outputs) * pictures * output[2] * output[3];

    /// <summary>Time as a <see cref="WinogradConvolution"/>, in multiplications.</summary>
    public long Cost
    {
        get
        {
            var tiles = pictures * tileRows * tileColumns;
            return Products * inputs * WinogradTransform.Blocks(outputs) * WinogradTransform.MapsTogether * (tiles * 11 / 10 + PerWeight) + tiles * (PerPatch * inputs + PerTile * outputs) + PerConvolution;
        }
    }

    /// <summary>Whether a node is such a convolution.</summary>
    /// <param name="node">Any node.</param>
    /// <param name="weights">Its second input if that is constant, else null.</param>
    public static bool Fits(NodeProto node, TensorProto? weights) =>
        node.OpType == "Conv" && node.Domain.Length == 0 && weights is not null && weights.Type() == DataType.Float && weights.Dims is [_, _, 3, 3]
        && node.Int("group", 1) == 1 && (node.Ints("strides") ?? []).All(s => s == 1) && (node.Ints("dilations") ?? []).All(d => d == 1)
        && (node.Ints("pads") ?? []).All(p => p is >= 0 and < 3) && node.Text("auto_pad", "NOTSET") == "NOTSET";

    /// <summary>Emits it.</summary>
    /// <param name="b">The graph.</param>
    /// <param name="weights">Name of the transformed weights.</param>
    /// <param name="epilogue">What is done with its result at once.</param>
    /// <param name="bytesAtOnce">The most bytes of patches and products that are held at once; null: as suits the processor.</param>
    public void Emit(GraphBuilder b, string weights, WinogradEpilogue epilogue, long? bytesAtOnce = null)
    {
        var bytesPerTile = Products * (inputs + outputs) * sizeof(float);
        var rows = Math.Clamp(Math.Min((bytesAtOnce ?? Math.Max(LeastBytesAtOnce, 2 * WeightBytes)) / bytesPerTile, MostTilesAtOnce) / tileColumns, 1, tileRows);
        var bands = (tileRows + rows - 1) / rows;
        var written = new NodeProto { OpType = WinogradOperator.Name, Domain = CpuKernels.Domain, Name = node.Name };
        written.Input.AddRange([node.Input[0], weights, node.InputOrNull(2) ?? "", epilogue.Addend ?? "", epilogue.Mask ?? ""]);
        written.Output.AddRange([epilogue.Last.Output[0], b.Unique("winograd_scratch")]);
        written.Set(OrtOperator.Sizes, new[]
        {
            pictures, inputs, input[2], input[3], outputs, output[2], output[3], pads[0], pads[1], (tileRows + bands - 1) / bands, epilogue.Rectified ? 1 : 0,
        });
        b.Add(written, new TensorInfo(written.Output[0], DataType.Float, output));
    }

    private static long Tiles(long size) => (size + Tile - 1) / Tile;
}

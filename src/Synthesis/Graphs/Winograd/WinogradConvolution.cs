using PerceptionStudy.Synthesis.Graphs.Format;
using DataType = PerceptionStudy.Synthesis.Graphs.Format.TensorProto.Types.DataType;

namespace PerceptionStudy.Synthesis.Graphs.Winograd;

/// <summary>
/// A convolution with windows of 3 × 3 and strides of 1, as it can be computed by <see cref="WinogradTransform"/>: one small convolution takes and transforms
/// the patches, 36 products of matrices (one convolution of 36 groups, whose weights ONNX Runtime keeps in the order in which it reads them) do the work, two products with Aᵀ and a concatenation put the tiles together.
/// </summary>
/// <param name="node">The convolution.</param>
/// <param name="input">[N, C, H, W]</param>
/// <param name="output">[N, M, H', W']</param>
internal sealed class WinogradConvolution(NodeProto node, long[] input, long[] output)
{
    private const int Tile = WinogradTransform.Tile, Patch = WinogradTransform.Patch, Products = WinogradTransform.Products;

    // What is not the products, in multiplications that take as long (measured on an AMD Zen 4): transforming a patch of one map, putting a tile of one
    // map together, reading a weight, and the operators' own overhead.
    private const long PerPatch = 3000, PerTile = 1800, PerWeight = 6, PerConvolution = 3_000_000;

    // Patches and products held at once, in bytes: few enough to stay near the processor, but not less than twice the weights, which each part reads anew.
    private const long LeastBytesAtOnce = 4 << 20;

    private readonly long pictures = input[0], inputs = input[1], outputs = output[1], tileRows = Tiles(output[2]), tileColumns = Tiles(output[3]);
    private readonly long[] pads = node.Ints("pads") ?? [0, 0, 0, 0];

    /// <summary>Bytes of the transformed weights, four times those of the weights.</summary>
    public long WeightBytes => Products * inputs * outputs * sizeof(float);

    /// <summary>Multiplications as the operator does them.</summary>
    public long DirectCost => 9 * inputs * outputs * pictures * output[2] * output[3];

    /// <summary>Time as a <see cref="WinogradConvolution"/>, in multiplications.</summary>
    public long Cost
    {
        get
        {
            var tiles = pictures * tileRows * tileColumns;
            return Products * inputs * outputs * (tiles * 11 / 10 + PerWeight) + tiles * (PerPatch * inputs + PerTile * outputs) + PerConvolution;
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
    /// <param name="weights">Name of the transformed weights [36 M, C, 1, 1].</param>
    /// <param name="bytesAtOnce">The most bytes of patches and products that are held at once; null: as suits the processor.</param>
    /// <returns>Name of the result.</returns>
    public string Emit(GraphBuilder b, string weights, long? bytesAtOnce = null)
    {
        var bytesPerRow = Products * tileColumns * (inputs + outputs) * sizeof(float);
        var rowsAtOnce = (bytesAtOnce ?? Math.Max(LeastBytesAtOnce, 2 * WeightBytes)) / bytesPerRow;
        var bands = (tileRows + Math.Max(1, rowsAtOnce) - 1) / Math.Max(1, rowsAtOnce);
        var rows = (tileRows + bands - 1) / bands;
        var together = Math.Clamp(rowsAtOnce / tileRows, 1, pictures);
        var groups = new List<string>();
        for (long first = 0; first < pictures; first += together)
        {
            var count = Math.Min(together, pictures - first);
            var parts = new List<string>();
            for (long row = 0; row < tileRows; row += rows)
                parts.Add(Part(b, weights, first, count, row, Math.Min(rows, tileRows - row)));
            groups.Add(parts.Count == 1 ? parts[0] : b.Emit("Concat", [.. parts], [count, outputs, output[2], output[3]], ("axis", 2)));
        }
        var result = groups.Count == 1 ? groups[0] : b.Emit("Concat", [.. groups], output, ("axis", 0));
        return node.InputOrNull(2) is { } bias ? b.Emit("Add", [result, b.Reshape(bias, outputs, 1, 1)]) : result;
    }

    private static long Tiles(long size) => (size + Tile - 1) / Tile;

    // Some pictures, some rows of tiles.
    private string Part(GraphBuilder b, string weights, long first, long count, long row, long rows)
    {
        var tiles = rows * tileColumns;
        // The rows of the input that it reads; those outside are padding.
        var (from, to) = (Tile * row - pads[0], Tile * (row + rows) + 2 - pads[0]);
        var (begin, end) = (Math.Max(0, from), Math.Min(input[2], to));
        var part = Cut(b, Cut(b, node.Input[0], 0, first, first + count), 2, begin, end);
        long[] around = [begin - from, pads[1], to - end, Tile * tileColumns + 2 - pads[1] - input[3]];
        var patches = b.Emit("Conv", [b.Reshape(part, count * inputs, 1, end - begin, input[3]), b.Constant("winograd_input", [Products, 1, Patch, Patch], WinogradTransform.InputWindows())],
            [count * inputs, Products, rows, tileColumns], ("kernel_shape", new long[] { Patch, Patch }), ("strides", new long[] { Tile, Tile }), ("pads", around));
        var columns = b.Emit("Transpose", [b.Reshape(patches, count, inputs, Products, tiles)], [Products, inputs, count, tiles], ("perm", new long[] { 2, 1, 0, 3 }));
        var products = b.Emit("Conv", [b.Reshape(columns, 1, Products * inputs, count * rows, tileColumns), weights], [1, Products * outputs, count * rows, tileColumns],
            ("kernel_shape", new long[] { 1, 1 }), ("group", Products));
        var together = Together(b, products, count, rows);
        var size = Math.Min(Tile * rows, output[2] - Tile * row);
        return Cut(b, Cut(b, together, 2, 0, size), 3, 0, output[3]);
    }

    // [1, 36 M, N rows, columns] to [N, M, 4 rows, 4 columns]. Concatenation puts the values of a row side by side several times faster than Transpose or DepthToSpace.
    private string Together(GraphBuilder b, string products, long count, long rows)
    {
        var values = outputs * count * rows * tileColumns;
        var transform = b.Constant("winograd_output", [Tile, Patch], WinogradTransform.Output);
        var half = b.Emit("MatMul", [transform, b.Reshape(products, Patch, Patch * values)], [Tile, Patch * values]);
        var whole = b.Emit("MatMul", [transform, b.Reshape(half, Tile, Patch, values)], [Tile, Tile, values]);
        var columns = b.EmitMany("Split", [b.Reshape(whole, Tile, Tile, values, 1)], [.. Enumerable.Repeat((DataType.Float, new[] { Tile, 1, values, 1 }), Tile)], ("axis", 1), ("num_outputs", Tile));
        var lines = b.Emit("Concat", columns, [Tile, 1, values, Tile], ("axis", 3));
        var tiles = b.Reshape(lines, Tile, outputs, count, rows, Tile * tileColumns);
        var picture = b.Emit("Transpose", [tiles], [count, outputs, rows, Tile, Tile * tileColumns], ("perm", new long[] { 2, 1, 3, 0, 4 }));
        return b.Reshape(picture, count, outputs, Tile * rows, Tile * tileColumns);
    }

    private static string Cut(GraphBuilder b, string tensor, int axis, long from, long to)
    {
        var shape = b.Shape(tensor);
        return from == 0 && to == shape[axis] ? tensor
            : b.Emit("Slice", [tensor, b.Integers("starts", from), b.Integers("ends", to), b.Integers("axes", axis)], shape.With(axis, to - from));
    }
}

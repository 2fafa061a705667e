namespace PerceptionStudy.Synthesis.Graphs.Winograd;

/// <summary>What one run of a convolution works on, a band of tile rows after the other: shapes, and where its tensors lie.</summary>
internal unsafe struct WinogradWork
{
    /// <summary>Tiles that lie side by side in <see cref="Patches"/> and <see cref="Products"/>.</summary>
    public const int TilesTogether = 32;

    /// <summary>Bytes of a vector, and of a cache line.</summary>
    public const int LineBytes = 64;

    public int Pictures, Inputs, Outputs, Height, Width, OutputHeight, OutputWidth, Top, Left, TileRows, TileColumns, RowsAtOnce;

    /// <summary>The band of tile rows.</summary>
    public int FirstRow, Rows;

    /// <summary>[C, H, W]</summary>
    public float* Input;

    /// <summary>As <see cref="WinogradTransform.Weights"/> gives them.</summary>
    public float* Weights;

    /// <summary>[M], or null.</summary>
    public float* Bias;

    /// <summary>[M, H', W'], added to the result; or null.</summary>
    public float* Addend;

    /// <summary>[M, H', W']; where it is not positive the result is 0; or null.</summary>
    public float* Mask;

    /// <summary>Whether negative results become 0.</summary>
    public bool Rectified;

    /// <summary>[M, H', W']</summary>
    public float* Output;

    /// <summary>Transformed patches of a band, [36, blocks of 32 tiles, C, 32].</summary>
    public float* Patches;

    /// <summary>Their products with the weights, [36, blocks of 32 tiles, M as a multiple of 8, 32].</summary>
    public float* Products;

    /// <param name="sizes">As <see cref="WinogradConvolution"/> writes them into the node.</param>
    public WinogradWork(long* sizes)
    {
        (Pictures, Inputs, Height, Width) = ((int)sizes[0], (int)sizes[1], (int)sizes[2], (int)sizes[3]);
        (Outputs, OutputHeight, OutputWidth) = ((int)sizes[4], (int)sizes[5], (int)sizes[6]);
        (Top, Left, RowsAtOnce, Rectified) = ((int)sizes[7], (int)sizes[8], (int)sizes[9], sizes[10] != 0);
        TileRows = (OutputHeight + WinogradTransform.Tile - 1) / WinogradTransform.Tile;
        TileColumns = (OutputWidth + WinogradTransform.Tile - 1) / WinogradTransform.Tile;
    }

    /// <summary>Tiles of the band.</summary>
    public readonly int Tiles => Rows * TileColumns;

    /// <summary>Blocks of tiles of the band.</summary>
    public readonly int TileBlocks => Blocks(Tiles);

    /// <summary>Maps of the result, as a multiple of those computed at a time.</summary>
    public readonly int PaddedOutputs => (int)WinogradTransform.Blocks(Outputs) * WinogradTransform.MapsTogether;

    /// <summary>From one of the 36 parts of <see cref="Patches"/> to the next.</summary>
    public readonly long PatchStride => Stride(TileBlocks, Inputs);

    /// <summary>From one of the 36 parts of <see cref="Products"/> to the next.</summary>
    public readonly long ProductStride => Stride(TileBlocks, PaddedOutputs);

    /// <summary>Values of <see cref="Patches"/> and <see cref="Products"/> together.</summary>
    public readonly long ScratchLength
    {
        get
        {
            var blocks = Blocks(RowsAtOnce * TileColumns);
            return WinogradTransform.Products * (Stride(blocks, Inputs) + Stride(blocks, PaddedOutputs));
        }
    }

    /// <summary>Begins a band.</summary>
    /// <param name="scratch">Memory of <see cref="ScratchLength"/> values.</param>
    /// <param name="firstRow">Its first tile row.</param>
    public void Begin(float* scratch, int firstRow)
    {
        (FirstRow, Rows) = (firstRow, Math.Min(RowsAtOnce, TileRows - firstRow));
        Patches = scratch;
        Products = scratch + WinogradTransform.Products * PatchStride;
    }

    /// <summary>Where the values of a tile of one map lie in one of the 36 parts of <see cref="Patches"/> or <see cref="Products"/>.</summary>
    /// <param name="part">The part.</param>
    /// <param name="maps">Maps that it holds.</param>
    /// <param name="tile">Index of the tile in the band.</param>
    /// <param name="map">Index of the map.</param>
    public static float* Place(float* part, int maps, int tile, int map) => part + ((long)(tile / TilesTogether) * maps + map) * TilesTogether + tile % TilesTogether;

    /// <summary>The first place from an address on where whole vectors lie in whole cache lines.</summary>
    public static float* Align(void* address) => (float*)(((nint)address + LineBytes - 1) & -LineBytes);

    /// <summary>A number of values as a multiple of a cache line's.</summary>
    public static int WholeLines(int values) => (values + LineBytes / sizeof(float) - 1) & -(LineBytes / sizeof(float));

    // Some cache lines more than a part has, as the 36 values of a tile would else often fall into the same few places of a cache.
    private static long Stride(int blocks, int maps) => (long)blocks * maps * TilesTogether + 144;

    private static int Blocks(int tiles) => (tiles + TilesTogether - 1) / TilesTogether;
}

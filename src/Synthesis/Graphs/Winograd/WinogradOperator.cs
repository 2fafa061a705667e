using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using PerceptionStudy.Synthesis.Graphs.Kernels;

namespace PerceptionStudy.Synthesis.Graphs.Winograd;

/// <summary>
/// The operator that <see cref="WinogradConvolutions"/> writes: x [N, C, H, W], weights, and where they are given a bias [M], an addend and a
/// mask [N, M, H', W'] (<see cref="WinogradEpilogue"/>) to the result [N, M, H', W'] and a tensor that is memory to work in.
/// It works with the threads of the session and keeps no state, so that several may run one session.
/// </summary>
internal static unsafe class WinogradOperator
{
    public const string Name = "WinogradConvolution";

    /// <summary>The operator.</summary>
    public static nint* Make() => OrtOperator.Make("WinogradConvolution"u8, 5, 2, 2, &Compute);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint Compute(long* sizes, nint context)
    {
        var work = new WinogradWork(sizes);
        var result = stackalloc long[4] { work.Pictures, work.Outputs, work.OutputHeight, work.OutputWidth };
        var length = work.ScratchLength;
        float* input, output, addend, mask, scratch;
        nint status;
        if ((status = OrtOperator.Input(context, 0, &input)) != 0 || (status = OrtOperator.Input(context, 1, &work.Weights)) != 0
            || (status = OrtOperator.Input(context, 2, &work.Bias)) != 0 || (status = OrtOperator.Input(context, 3, &addend)) != 0
            || (status = OrtOperator.Input(context, 4, &mask)) != 0
            || (status = OrtOperator.Output(context, 0, result, 4, &output)) != 0 || (status = OrtOperator.Output(context, 1, &length, 1, &scratch)) != 0)
            return status;
        for (var picture = 0; picture < work.Pictures; picture++)
        {
            var at = (long)picture * work.Outputs * work.OutputHeight * work.OutputWidth;
            work.Input = input + (long)picture * work.Inputs * work.Height * work.Width;
            work.Output = output + at;
            work.Addend = addend is null ? null : addend + at;
            work.Mask = mask is null ? null : mask + at;
            for (var row = 0; row < work.TileRows; row += work.RowsAtOnce)
            {
                work.Begin(scratch, row);
                if ((status = OrtOperatorApi.ParallelFor(context, &Patches, work.Inputs, 0, &work)) != 0
                    || (status = OrtOperatorApi.ParallelFor(context, &Products, WinogradProducts.Parts(work), 0, &work)) != 0
                    || (status = OrtOperatorApi.ParallelFor(context, &Tiles, work.Outputs, 0, &work)) != 0)
                    return status;
            }
        }
        return 0;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Patches(void* work, nint map) => WinogradPatches.Transform(*(WinogradWork*)work, (int)map);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Products(void* work, nint part) => WinogradProducts.Multiply(*(WinogradWork*)work, (int)part);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Tiles(void* work, nint map) => WinogradTiles.PutTogether(*(WinogradWork*)work, (int)map);
}

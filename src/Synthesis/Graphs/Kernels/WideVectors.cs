using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace PerceptionStudy.Synthesis.Graphs.Kernels;

/// <summary>Whether vectors of 512 bits are worth it.</summary>
internal static class WideVectors
{
    /// <summary>Whether the processor has them and lowers its clock for them, as Intel's first ones with AVX-512 do.</summary>
    public static bool LowerTheClock => Avx512F.IsSupported && !Vector512.IsHardwareAccelerated;

    /// <summary>
    /// Wherever the processor has them. <see cref="Vector512.IsHardwareAccelerated"/> says no of processors that lower their clock for them, which is right for a few
    /// instructions among others; operators work with nothing else for milliseconds, and so do ONNX Runtime's products around them.
    /// </summary>
    public static bool Fast => Avx512F.IsSupported || Vector512.IsHardwareAccelerated;
}

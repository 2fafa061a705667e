using System.Runtime.InteropServices;

namespace PerceptionStudy.Synthesis.Graphs.Kernels;

/// <summary>
/// Those functions of ONNX Runtime's C interface that operators of our own need; its .NET package does not offer them. They are found by their place in
/// the table OrtApi (onnxruntime_c_api.h), to which later versions only append. What they return is an OrtStatus, null where all went well.
/// </summary>
internal static unsafe partial class OrtOperatorApi
{
    // The version that brought the last function used here.
    private const uint Version = 17;

    private static readonly nint* Table = ((delegate* unmanaged[Cdecl]<uint, nint*>)(*OrtGetApiBase()))(Version);

    public static readonly delegate* unmanaged[Cdecl]<byte*, nint*, nint> CreateCustomOpDomain = (delegate* unmanaged[Cdecl]<byte*, nint*, nint>)Table[26];

    public static readonly delegate* unmanaged[Cdecl]<nint, nint*, nint> AddToDomain = (delegate* unmanaged[Cdecl]<nint, nint*, nint>)Table[27];

    public static readonly delegate* unmanaged[Cdecl]<nint, nint, nint> AddDomainToOptions = (delegate* unmanaged[Cdecl]<nint, nint, nint>)Table[28];

    public static readonly delegate* unmanaged[Cdecl]<nint, float**, nint> TensorData = (delegate* unmanaged[Cdecl]<nint, float**, nint>)Table[51];

    public static readonly delegate* unmanaged[Cdecl]<nint, nint, nint*, nint> Input = (delegate* unmanaged[Cdecl]<nint, nint, nint*, nint>)Table[90];

    public static readonly delegate* unmanaged[Cdecl]<nint, nint, long*, nint, nint*, nint> Output = (delegate* unmanaged[Cdecl]<nint, nint, long*, nint, nint*, nint>)Table[91];

    public static readonly delegate* unmanaged[Cdecl]<nint, byte*, long*, nint*, nint> IntegerList = (delegate* unmanaged[Cdecl]<nint, byte*, long*, nint*, nint>)Table[163];

    public static readonly delegate* unmanaged[Cdecl]<nint, delegate* unmanaged[Cdecl]<void*, nint, void>, nint, nint, void*, nint> ParallelFor =
        (delegate* unmanaged[Cdecl]<nint, delegate* unmanaged[Cdecl]<void*, nint, void>, nint, nint, void*, nint>)Table[274];

    [LibraryImport("onnxruntime")]
    [UnmanagedCallConv(CallConvs = [typeof(System.Runtime.CompilerServices.CallConvCdecl)])]
    private static partial nint* OrtGetApiBase();
}

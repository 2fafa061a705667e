using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace PerceptionStudy.Synthesis.Graphs.Kernels;

/// <summary>
/// An operator of our own as ONNX Runtime's C interface takes it: the struct OrtCustomOp of onnxruntime_c_api.h, of version 17. Its tensors are of float32; what
/// else it needs to know of a node is a list of integers, the attribute <see cref="Sizes"/>. It keeps no state, so that several threads may run one session.
/// </summary>
internal static unsafe class OrtOperator
{
    /// <summary>The attribute of nodes.</summary>
    public const string Sizes = "sizes";

    /// <summary>How many integers it can hold.</summary>
    public const int MostSizes = 64;

    // Behind the struct's functions we keep what they answer.
    private const int Name = 26, Inputs = 27, Required = 28, Outputs = 29;

    /// <summary>Makes it; it lives as long as the program.</summary>
    /// <param name="name">Its name, a literal (whose bytes stay where they are and end with a zero).</param>
    /// <param name="inputs">Number of its inputs.</param>
    /// <param name="required">Number of those, from the first, that may not be left out.</param>
    /// <param name="outputs">Number of its outputs.</param>
    /// <param name="compute">Runs a node: of its sizes and the context of the run. It returns a status, 0 where all went well.</param>
    public static nint* Make(ReadOnlySpan<byte> name, int inputs, int required, int outputs, delegate* unmanaged[Cdecl]<long*, nint, nint> compute)
    {
        var table = (nint*)NativeMemory.AllocZeroed(Outputs + 1, (nuint)sizeof(nint));
        table[0] = 17;
        table[2] = (nint)(delegate* unmanaged[Cdecl]<nint*, nint>)&GetName;
        table[3] = (nint)(delegate* unmanaged[Cdecl]<nint*, nint>)&OnCpu;
        table[4] = table[6] = (nint)(delegate* unmanaged[Cdecl]<nint*, nint, int>)&ElementType;
        table[5] = (nint)(delegate* unmanaged[Cdecl]<nint*, nint>)&InputCount;
        table[7] = (nint)(delegate* unmanaged[Cdecl]<nint*, nint>)&OutputCount;
        table[9] = (nint)(delegate* unmanaged[Cdecl]<long*, void>)&Destroy;
        table[10] = (nint)(delegate* unmanaged[Cdecl]<nint*, nint, int>)&InputKind;
        table[11] = table[12] = (nint)(delegate* unmanaged[Cdecl]<nint*, nint, int>)&Usual;
        table[17] = (nint)(delegate* unmanaged[Cdecl]<nint*, nint, nint, long**, nint>)&Create;
        table[18] = (nint)compute;
        table[20] = (nint)(delegate* unmanaged[Cdecl]<nint*, int>)&FirstVersion;
        table[21] = (nint)(delegate* unmanaged[Cdecl]<nint*, int>)&LastVersion;
        (table[Name], table[Inputs], table[Required], table[Outputs]) = ((nint)Text(name), inputs, required, outputs);
        return table;
    }

    /// <summary>The address of a literal's bytes.</summary>
    public static byte* Text(ReadOnlySpan<byte> literal) => (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(literal));

    /// <summary>The values of an input; null for one that is left out.</summary>
    /// <returns>A status, 0 where all went well.</returns>
    public static nint Input(nint context, int index, float** values)
    {
        nint value;
        var status = OrtOperatorApi.Input(context, index, &value);
        *values = null;
        return status != 0 || value == 0 ? status : OrtOperatorApi.TensorData(value, values);
    }

    /// <summary>Memory for the values of an output.</summary>
    /// <returns>A status, 0 where all went well.</returns>
    public static nint Output(nint context, int index, long* shape, int rank, float** values)
    {
        nint value;
        var status = OrtOperatorApi.Output(context, index, shape, rank, &value);
        return status != 0 ? status : OrtOperatorApi.TensorData(value, values);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint Create(nint* op, nint api, nint info, long** kernel)
    {
        *kernel = (long*)NativeMemory.AllocZeroed(MostSizes, sizeof(long));
        nint count = MostSizes;
        return OrtOperatorApi.IntegerList(info, Text("sizes"u8), *kernel, &count);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Destroy(long* kernel) => NativeMemory.Free(kernel);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint GetName(nint* op) => op[Name];

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint OnCpu(nint* op) => 0;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int ElementType(nint* op, nint index) => 1; // ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint InputCount(nint* op) => op[Inputs];

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint OutputCount(nint* op) => op[Outputs];

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int InputKind(nint* op, nint index) => index < op[Required] ? 0 : 1; // INPUT_OUTPUT_REQUIRED, INPUT_OUTPUT_OPTIONAL

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Usual(nint* op, nint index) => 0; // outputs are required; inputs lie in the provider's own memory

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int FirstVersion(nint* op) => 1;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int LastVersion(nint* op) => int.MaxValue;
}

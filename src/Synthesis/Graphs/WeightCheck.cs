using System.Runtime.InteropServices;
using PerceptionStudy.Synthesis.Graphs.Format;
using DataType = PerceptionStudy.Synthesis.Graphs.Format.TensorProto.Types.DataType;

namespace PerceptionStudy.Synthesis.Graphs;

/// <summary>Whether the weights in a file are what their headers say, before anything reserves memory for them.</summary>
internal static class WeightCheck
{
    private const long MostBytes = int.MaxValue;

    /// <exception cref="ModelFormatException">A tensor holds more or less than its shape says, or numbers that are none.</exception>
    public static void Run(ModelProto model)
    {
        foreach (var tensor in Subgraphs.Constants(model))
        {
            var name = tensor.Name.Length > 0 ? tensor.Name : "a constant";
            var count = 1.0;
            foreach (var d in tensor.Dims)
                count *= d >= 0 ? d : throw new ModelFormatException($"The weights of {name} have the shape {Shapes.Text(tensor.Dims)}; the file is damaged, so export the model again.");
            if (tensor.Type() != DataType.String && count * Bits(tensor.Type()) / 8 > MostBytes)
                throw new ModelFormatException($"The weights of {name} claim {count:g3} values, more than 2 GB; the file is damaged, or the model is too large to be used here.");
            if (tensor.DataLocation == TensorProto.Types.DataLocation.External)
                throw new ModelFormatException($"The weights of {name} are kept outside the model; export it into one file.");
            if (Held(tensor) is { } held && held != (long)count)
                throw new ModelFormatException($"The weights of {name} hold {held} values where their shape {Shapes.Text(tensor.Dims)} asks for {count:0}; the file is damaged, so export the model again.");
            if (HasNaN(tensor))
                throw new ModelFormatException($"The weights of {name} hold values that are not numbers (NaN); the training of this network went wrong, so no metamer can be made.");
        }
    }

    // Number of values in the file, or null where it cannot be told.
    private static long? Held(TensorProto tensor) => (tensor.Type(), Bits(tensor.Type())) switch
    {
        (DataType.String, _) => tensor.StringData.Count,
        (_, 0) => throw new ModelFormatException($"The weights of {tensor.Name} are of an unknown type ({tensor.DataType}); export the model with float32 weights."),
        (_, >= 8 and var bits) when tensor.RawData.Length > 0 => tensor.RawData.Length % (bits / 8) == 0 ? tensor.RawData.Length / (bits / 8) : -1,
        (DataType.Float, _) => tensor.FloatData.Count,
        (DataType.Double, _) => tensor.DoubleData.Count,
        (DataType.Int64, _) => tensor.Int64Data.Count,
        (DataType.Uint32 or DataType.Uint64, _) => tensor.Uint64Data.Count,
        (_, 8 or 16) or (DataType.Int32, _) => tensor.Int32Data.Count,
        _ => null,
    };

    private static int Bits(DataType type) => type switch
    {
        DataType.Float or DataType.Int32 or DataType.Uint32 => 32,
        DataType.Double or DataType.Int64 or DataType.Uint64 or DataType.Complex64 => 64,
        DataType.Complex128 => 128,
        DataType.Float16 or DataType.Bfloat16 or DataType.Int16 or DataType.Uint16 => 16,
        DataType.Bool or DataType.Int8 or DataType.Uint8 or DataType.Float8E4M3Fn or DataType.Float8E4M3Fnuz or DataType.Float8E5M2 or DataType.Float8E5M2Fnuz => 8,
        DataType.Int4 or DataType.Uint4 or DataType.Float4E2M1 => 4,
        DataType.String => 1,
        _ => 0,
    };

    private static bool HasNaN(TensorProto tensor)
    {
        if (tensor.Type() == DataType.Double)
            return tensor.Doubles().Any(double.IsNaN);
        if (tensor.Type() != DataType.Float)
            return false;
        foreach (var value in MemoryMarshal.Cast<byte, float>(tensor.RawData.Span))
            if (float.IsNaN(value))
                return true;
        return tensor.FloatData.Any(float.IsNaN);
    }
}

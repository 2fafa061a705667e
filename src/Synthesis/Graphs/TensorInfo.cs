using PerceptionStudy.Synthesis.Graphs.Format;

namespace PerceptionStudy.Synthesis.Graphs;

/// <summary>Name, element type and dimensions of one tensor.</summary>
/// <param name="Name">Name in the graph.</param>
/// <param name="Type">Element type.</param>
/// <param name="Shape">Dimensions; all known, except in <c>OnnxGraph.DeclaredInput</c>, where −1 is an open one.</param>
public sealed record TensorInfo(string Name, TensorProto.Types.DataType Type, long[] Shape)
{
    /// <summary>Number of values.</summary>
    public long Size => Shape.Aggregate(1L, (product, d) => checked(product * d));

    /// <summary>Element type as numpy writes it, for example <c>float32</c>.</summary>
    public string TypeName => Type switch
    {
        TensorProto.Types.DataType.Float => "float32",
        TensorProto.Types.DataType.Double => "float64",
        _ => Type.ToString().ToLowerInvariant(),
    };

    /// <summary>Reads a tensor's entry of a graph whose dimensions are all known.</summary>
    internal static TensorInfo Of(ValueInfoProto value) =>
        new(value.Name, (TensorProto.Types.DataType)value.Type.TensorType.ElemType, [.. value.Type.TensorType.Shape.Dim.Select(d => d.DimValue)]);
}

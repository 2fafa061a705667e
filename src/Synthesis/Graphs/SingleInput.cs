using PerceptionStudy.Synthesis.Graphs.Format;
using DataType = PerceptionStudy.Synthesis.Graphs.Format.TensorProto.Types.DataType;

namespace PerceptionStudy.Synthesis.Graphs;

/// <summary>The one input of a model that is not a weight.</summary>
internal static class SingleInput
{
    private const long OpenSide = 224;
    private const long MostValues = 1L << 28;

    /// <summary>The input as the file declares it, with −1 for open dimensions.</summary>
    public static TensorInfo Only(GraphProto graph)
    {
        // Older files list their weights among the inputs.
        var weights = graph.Initializer.Select(t => t.Name).ToHashSet();
        var inputs = graph.Input.Where(i => !weights.Contains(i.Name)).ToArray();
        if (inputs.Length != 1)
            throw new ModelFormatException(inputs.Length == 0
                ? "The model has no input; export it again with one input tensor."
                : $"The model has {inputs.Length} inputs ({string.Join(", ", inputs.Select(i => i.Name))}); only models with one input tensor can be used.");
        if (inputs[0].Type?.TensorType is not { } tensor)
            throw new ModelFormatException($"The model's input {inputs[0].Name} is not a tensor; export it again with one input tensor.");
        var type = (DataType)tensor.ElemType;
        if (type is not (DataType.Float or DataType.Double))
            throw new ModelFormatException($"The model's input {inputs[0].Name} is of type {type}; metamers need a float32 input, so export the model without the integer front end.");
        if (tensor.Shape is null)
            throw new ModelFormatException($"The model's input {inputs[0].Name} has no shape; export it with a fixed height and width.");
        return new TensorInfo(inputs[0].Name, type, [.. tensor.Shape.Dim.Select(d => d.HasDimValue && d.DimValue > 0 ? d.DimValue : -1)]);
    }

    /// <summary>Its shape with every dimension known.</summary>
    public static long[] Concrete(TensorInfo declared, long[]? wanted)
    {
        var shape = declared.Shape;
        if (wanted is not null && (wanted.Length != shape.Length || wanted.Skip(1).Zip(shape.Skip(1)).Any(p => p.Second > 0 && p.First != p.Second)))
            throw new ModelFormatException($"The model's input {declared.Name} is {Shapes.Text(shape)}, not {Shapes.Text(wanted)}.");
        if (shape.Length < 2)
            throw new ModelFormatException($"The model's input {declared.Name} has {shape.Length} dimensions; it needs a batch dimension and at least one more.");
        if (wanted is not null)
            return Sized(declared, wanted);

        var concrete = (long[])shape.Clone();
        for (var i = 0; i < concrete.Length; i++)
            if (concrete[i] < 0)
                concrete[i] = i == 0 ? 1
                    : shape.Length == 4 && (i == 2 || (i == 3 && shape[1] > 0) || (i == 1 && shape[3] is 1 or 3)) ? OpenSide
                    : throw new ModelFormatException($"The model's input {declared.Name} is {Shapes.Text(shape)}; export it with fixed dimensions (the first may stay open).");
        return Sized(declared, concrete);
    }

    private static long[] Sized(TensorInfo declared, long[] shape)
    {
        if (shape.Any(d => d is < 1 or > MostValues) || shape.Aggregate(1.0, (product, d) => product * d) > MostValues)
            throw new ModelFormatException($"The model's input {declared.Name} is {Shapes.Text(shape)}, which is no picture that can be worked on; export it with a smaller input.");
        return shape;
    }
}

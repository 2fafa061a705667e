using PerceptionStudy.Synthesis.Graphs;
using PerceptionStudy.Synthesis.Graphs.Format;
using PerceptionStudy.Synthesis.Tests.Graphs;
using DataType = PerceptionStudy.Synthesis.Graphs.Format.TensorProto.Types.DataType;

namespace PerceptionStudy.Synthesis.Tests.Gradients;

/// <summary>One operand of an operator under test: numbers drawn from a range, given numbers, or integers.</summary>
internal sealed record Operand(long[] Shape, double Low = -1, double High = 1, bool Differentiable = true)
{
    public double[]? Given { get; init; }
    public long[]? Integers { get; init; }
    public bool IsAbsent { get; init; }

    /// <summary>Whether the operand is float32 whatever the case's type, as the scales of Resize.</summary>
    public bool IsFloat32 { get; init; }

    public bool IsTruth { get; init; }

    public static readonly Operand Absent = new([]) { IsAbsent = true, Differentiable = false };

    public static Operand Of(params long[] shape) => new(shape);

    public static Operand In(double low, double high, params long[] shape) => new(shape, low, high);

    public static Operand Fixed(double low, double high, params long[] shape) => new(shape, low, high, false);

    public static Operand Number(double value) => new([], Differentiable: false) { Given = [value] };

    /// <summary>A random condition.</summary>
    public static Operand Truth(params long[] shape) => new(shape, Differentiable: false) { IsTruth = true };

    public static Operand Ints(params long[] values) => new([values.Length], Differentiable: false) { Integers = values };
}

/// <summary>One use of an operator whose gradient is compared with finite differences.</summary>
/// <param name="Operator">The op_type.</param>
/// <param name="Name">What is special about this use.</param>
/// <param name="Operands">Its inputs; each differentiable one is checked in turn, the others are constants.</param>
/// <param name="Attributes">Its attributes.</param>
internal sealed record RuleCase(string Operator, string Name, Operand[] Operands, params (string Name, object Value)[] Attributes)
{
    public int Opset { get; init; } = 18;

    public string Domain { get; init; } = "";

    /// <summary>float64 by default; float32 for operators that ONNX Runtime computes in float32 only.</summary>
    public DataType Type { get; init; } = DataType.Double;

    /// <summary>Largest error allowed, relative to the largest derivative: that of the difference in float64, of rounding in float32.</summary>
    public double Tolerance => Type == DataType.Double ? 1e-7 : 2e-5;

    public int Outputs { get; init; } = 1;

    /// <summary>Further outputs, such as indices, that carry no gradient.</summary>
    public int HiddenOutputs { get; init; }

    public string[] OutputNames => [.. Enumerable.Range(0, Outputs).Select(i => $"y{i}")];

    public RuleCase InFloat32() => this with { Type = DataType.Float };

    public override string ToString() => $"{Operator}, {Name}";

    /// <summary>The model that is this operator with one operand as input, and the values of that input.</summary>
    public (TestModel Model, double[] Values) Model(int variable)
    {
        var random = new Random(17);
        var model = new TestModel(Opset);
        var values = Operands.Select(o => o.Given ?? random.Floats(Shapes.Size(o.Shape), o.Low, o.High)).ToArray();
        for (var i = 0; i < Operands.Length; i++)
        {
            var (operand, name) = (Operands[i], $"in{i}");
            if (operand.IsAbsent)
                continue;
            if (operand.Integers is { } integers)
                model.Constant(name, operand.Shape, integers);
            else if (operand.IsTruth)
                model.Constant(name, operand.Shape, Array.ConvertAll(values[i], v => v > 0));
            else if (i == variable && operand.Shape.Length > 1)
                model.Input(name, operand.Shape, Type);
            else if (i == variable)
                // A model's input has a batch dimension; a vector or scalar is made from it.
                model.Input("row", [1, Shapes.Size(operand.Shape)], Type).Constant("shape", [operand.Shape.Length], operand.Shape).Node("Reshape", name, ["row", "shape"]);
            else if (Type == DataType.Double && !operand.IsFloat32)
                model.Constant(name, operand.Shape, values[i]);
            else
                model.Constant(name, operand.Shape, Array.ConvertAll(values[i], v => (float)v));
        }
        model.Node(Operator, [.. OutputNames, .. Enumerable.Range(0, HiddenOutputs).Select(i => $"hidden{i}")], [.. Operands.Select((o, i) => o.IsAbsent ? "" : $"in{i}")], Attributes);
        if (Domain.Length > 0)
        {
            model.Proto.Graph.Node[^1].Domain = Domain;
            model.Proto.OpsetImport.Add(new OperatorSetIdProto { Domain = Domain, Version = 1 });
        }
        foreach (var output in OutputNames)
            model.Output(output, Type);
        return (model, values[variable]);
    }
}

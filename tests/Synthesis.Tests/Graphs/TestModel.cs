using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using PerceptionStudy.Synthesis.Graphs;
using PerceptionStudy.Synthesis.Graphs.Format;
using DataType = PerceptionStudy.Synthesis.Graphs.Format.TensorProto.Types.DataType;

namespace PerceptionStudy.Synthesis.Tests.Graphs;

/// <summary>A model written in a few lines, as an exporter would write it.</summary>
internal sealed class TestModel
{
    private readonly Random _random = new(20261124);

    public TestModel(int opset = 18)
    {
        Proto = new ModelProto { IrVersion = 8, Graph = new GraphProto { Name = "test" } };
        Proto.OpsetImport.Add(new OperatorSetIdProto { Version = opset });
    }

    public ModelProto Proto { get; }

    public TestModel Input(string name, long[] shape, DataType type = DataType.Float)
    {
        Proto.Graph.Input.Add(Info(name, shape, type));
        return this;
    }

    public TestModel Output(string name, DataType type = DataType.Float)
    {
        Proto.Graph.Output.Add(new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)type } } });
        return this;
    }

    public TestModel Constant<T>(string name, long[] shape, params T[] values) where T : unmanaged
    {
        Proto.Graph.Initializer.Add(TensorData.Of(name, shape, values));
        return this;
    }

    /// <summary>A constant of random numbers, of mean 0 and about the spread that keeps activations in range.</summary>
    public TestModel Weights(string name, params long[] shape) =>
        Uniform(name, shape, Math.Sqrt(3.0 / Math.Max(1, Shapes.Size(shape.Skip(1)))));

    public TestModel Uniform(string name, long[] shape, double limit, double centre = 0) =>
        Constant(name, shape, Enumerable.Range(0, (int)Shapes.Size(shape)).Select(_ => (float)(centre + limit * (2 * _random.NextDouble() - 1))).ToArray());

    public TestModel Node(string opType, string output, string[] inputs, params (string Name, object Value)[] attributes) =>
        Node(opType, [output], inputs, attributes);

    public TestModel Node(string opType, string[] outputs, string[] inputs, params (string Name, object Value)[] attributes)
    {
        var node = new NodeProto { OpType = opType, Name = "n_" + outputs[0] };
        node.Input.AddRange(inputs);
        node.Output.AddRange(outputs);
        foreach (var (name, value) in attributes)
            node.Set(name, value);
        Proto.Graph.Node.Add(node);
        return this;
    }

    /// <summary>A convolution with random weights and bias; [N, from, h, w] to [N, to, ...].</summary>
    public TestModel Conv(string output, string input, long from, long to, long kernel, long stride = 1, long pad = 0, long group = 1) =>
        Weights(output + "_w", to, from / group, kernel, kernel).Uniform(output + "_b", [to], 0.1).Node("Conv", output, [input, output + "_w", output + "_b"],
            ("kernel_shape", new[] { kernel, kernel }), ("strides", new[] { stride, stride }), ("pads", new[] { pad, pad, pad, pad }), ("group", group));

    /// <summary>A batch normalisation with random statistics.</summary>
    public TestModel BatchNorm(string output, string input, long channels) =>
        Uniform(output + "_s", [channels], 0.5, 1).Uniform(output + "_o", [channels], 0.3).Uniform(output + "_m", [channels], 0.3).Uniform(output + "_v", [channels], 0.5, 1)
            .Node("BatchNormalization", output, [input, output + "_s", output + "_o", output + "_m", output + "_v"]);

    public OnnxGraph Graph() => OnnxGraph.From(Proto);

    public InferenceSession Session() => new(Proto.ToByteArray());

    public static ValueInfoProto Info(string name, long[] shape, DataType type)
    {
        var dims = new TensorShapeProto();
        dims.Dim.AddRange(shape.Select(d => d < 0 ? new TensorShapeProto.Types.Dimension { DimParam = "open" } : new TensorShapeProto.Types.Dimension { DimValue = d }));
        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)type, Shape = dims } } };
    }
}

using System.Runtime.InteropServices;
using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using PerceptionStudy.DemoAssets.Networks;
using PerceptionStudy.Synthesis.Graphs.Format;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace PerceptionStudy.DemoAssets.Export;

/// <summary>
/// Writes a trained network as ONNX: one input as its architecture says, one output <c>logits</c>; the values between have readable names (relu1, relu2 …, pool…, dense_relu). Batch normalisation is folded into the convolutions; the weights
/// are stored in 16 bits, which halves the file, and computed with in 32.
/// </summary>
public sealed class OnnxExport
{
    private const int Opset = 17;

    /// <summary>What TorchSharp adds to the variance by default.</summary>
    internal const double NormEpsilon = 1e-5;

    private readonly GraphProto graph = new() { Name = "demo" };

    public static void Write(DemoNetwork network, string name, string file)
    {
        var export = new OnnxExport();
        export.Build(network);
        var model = new ModelProto { IrVersion = 8, ProducerName = "PerceptionStudy.DemoAssets", DocString = name, Graph = export.graph };
        model.OpsetImport.Add(new OperatorSetIdProto { Version = Opset });
        File.WriteAllBytes(file, model.ToByteArray());
        Compare(network, file);
    }

    private void Build(DemoNetwork network)
    {
        network.eval();
        using var grad = no_grad();
        var architecture = network.Architecture;
        graph.Input.Add(Value(architecture.Input, architecture.Shape));
        graph.Output.Add(Value("logits", architecture.Classes));
        Add("centre", tensor(architecture.Centre));
        Add("scale", tensor(architecture.Scale));
        Node("Sub", "centred", [architecture.Input, "centre"]);
        Node("Mul", "scaled", ["centred", "scale"]);
        var from = "scaled";
        for (var block = 0; block < architecture.Blocks.Length; block++)
        {
            var number = block + 1;
            var (weight, bias) = Folded(network.Convolutions[block], network.Norms[block]);
            Add($"conv{number}.weight", weight);
            Add($"conv{number}.bias", bias);
            var (kernel, stride) = (weight.shape[2], block == 0 ? architecture.FirstStride : 1);
            Node("Conv", $"conv{number}", [from, $"conv{number}.weight", $"conv{number}.bias"],
                Ints("kernel_shape", kernel, kernel), Ints("strides", stride, stride), Ints("pads", [.. Enumerable.Repeat(kernel / 2, 4)]));
            Node("Relu", $"relu{number}", [$"conv{number}"]);
            from = $"relu{number}";
            if (!architecture.Blocks[block].Pool) continue;
            Node("MaxPool", $"pool{number}", [from], Ints("kernel_shape", 2, 2), Ints("strides", 2, 2));
            from = $"pool{number}";
        }
        Node("Flatten", "flat", [from], new AttributeProto { Name = "axis", I = 1, Type = AttributeProto.Types.AttributeType.Int });
        Dense("dense", "flat", "dense", network.DenseLayer);
        Node("Relu", "dense_relu", ["dense"]);
        Dense("logits", "dense_relu", "logits", network.LogitsLayer);
    }

    private static (Tensor Weight, Tensor Bias) Folded(Conv2d convolution, BatchNorm2d norm)
    {
        var scale = norm.weight! / (norm.running_var! + NormEpsilon).sqrt();
        return (convolution.weight! * scale.reshape(-1, 1, 1, 1), norm.bias! - norm.running_mean! * scale);
    }

    private void Dense(string name, string from, string to, Linear layer)
    {
        Add(name + ".weight", layer.weight!);
        Add(name + ".bias", layer.bias!);
        Node("Gemm", to, [from, name + ".weight", name + ".bias"], new AttributeProto { Name = "transB", I = 1, Type = AttributeProto.Types.AttributeType.Int });
    }

    private void Add(string name, Tensor values)
    {
        var halves = values.detach().to_type(ScalarType.Float32).contiguous().data<float>().ToArray().Select(f => (Half)f).ToArray();
        var tensor = new TensorProto
        {
            Name = name + ".float16",
            DataType = (int)TensorProto.Types.DataType.Float16,
            RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes(halves.AsSpan())),
        };
        tensor.Dims.AddRange(values.shape);
        graph.Initializer.Add(tensor);
        Node("Cast", name, [tensor.Name], new AttributeProto { Name = "to", I = (long)TensorProto.Types.DataType.Float, Type = AttributeProto.Types.AttributeType.Int });
    }

    private void Node(string op, string output, string[] inputs, params AttributeProto[] attributes)
    {
        var node = new NodeProto { OpType = op, Name = output };
        node.Input.AddRange(inputs);
        node.Output.Add(output);
        node.Attribute.AddRange(attributes);
        graph.Node.Add(node);
    }

    private static AttributeProto Ints(string name, params long[] values)
    {
        var attribute = new AttributeProto { Name = name, Type = AttributeProto.Types.AttributeType.Ints };
        attribute.Ints.AddRange(values);
        return attribute;
    }

    private static ValueInfoProto Value(string name, params int[] dimensions)
    {
        var shape = new TensorShapeProto();
        shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimParam = "N" });
        foreach (var dimension in dimensions) shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimValue = dimension });
        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = 1, Shape = shape } } };
    }

    // The file must say what the network says.
    internal static void Compare(DemoNetwork network, string file)
    {
        using var grad = no_grad();
        var architecture = network.Architecture;
        var input = rand(architecture.Batch(4), generator: new Generator(1));
        var expected = network.forward(input).data<float>().ToArray();
        using var session = new InferenceSession(file);
        using var results = session.Run([NamedOnnxValue.CreateFromTensor(architecture.Input, new DenseTensor<float>(input.data<float>().ToArray(), [4, .. architecture.Shape]))]);
        var largest = results[0].AsEnumerable<float>().Zip(expected, (a, b) => Math.Abs(a - b)).Max();
        Console.WriteLine($"{Path.GetFileName(file)}: {new FileInfo(file).Length / 1e6:0.0} MB, ONNX Runtime differs from TorchSharp by at most {largest:g2}.");
        if (largest > 2e-2) throw new InvalidOperationException("The exported network does not compute what was trained.");
    }
}

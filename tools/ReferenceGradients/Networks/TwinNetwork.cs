using PerceptionStudy.Synthesis.Graphs;
using PerceptionStudy.Synthesis.Graphs.Format;
using PerceptionStudy.Synthesis.Metamers;
using TorchSharp;
using static TorchSharp.torch;

namespace PerceptionStudy.ReferenceGradients.Networks;

/// <summary>
/// A network written once and held twice: every layer is computed by libtorch as PyTorch would compute it, and written as the ONNX nodes
/// that PyTorch's exporter writes for it in the given operator set. A tensor is called by its ONNX name.
/// </summary>
public sealed partial class TwinNetwork
{
    private const string Microsoft = "com.microsoft";
    private readonly GraphProto graph = new() { Name = "main_graph" };
    private readonly Dictionary<string, Tensor> samples = [];
    private readonly Dictionary<string, Step> steps = [];
    private readonly Dictionary<string, (TensorProto Written, Tensor Value)> parameters = [];
    private readonly HashSet<string> names = [];
    private readonly NoiseSource noise;
    private readonly ScalarType type;

    /// <param name="seed">Seed of the weights.</param>
    /// <param name="opset">Operator set of the ONNX file; it decides the form of GELU, layer normalisation and hard swish, as in the exporter.</param>
    /// <param name="type">In what libtorch computes; the file is always float32, and the weights are float32 numbers in both.</param>
    /// <param name="inputShape">Shape of the input, which is called <c>input</c>.</param>
    public TwinNetwork(int seed, int opset, ScalarType type, params long[] inputShape)
    {
        (Opset, this.type, noise) = (opset, type, new NoiseSource(seed));
        samples[Input] = zeros(inputShape, dtype: type) + 0.5;
        graph.Input.Add(Info(Input));
    }

    /// <summary>Operator set of the file.</summary>
    public int Opset { get; }

    /// <summary>Name of the input.</summary>
    public string Input => "input";

    /// <summary>Whether batch normalisation behind a convolution is a node of its own in the file, as the newer exporter leaves it; else it is folded.</summary>
    public bool WritesNorms { get; init; }

    /// <summary>Dimensions of a tensor.</summary>
    public long[] Shape(string tensor) => samples[tensor].shape;

    /// <summary>The ONNX operator that makes a tensor.</summary>
    public string OperatorOf(string tensor) => steps[tensor].OpType;

    /// <summary>What a tensor is computed from.</summary>
    public string[] InputsOf(string tensor) => steps[tensor].Inputs;

    /// <summary>The file.</summary>
    public ModelProto Model(params string[] outputs)
    {
        var model = new ModelProto { IrVersion = 8, ProducerName = "PerceptionStudy.ReferenceGradients", Graph = graph.Clone() };
        model.OpsetImport.Add(new OperatorSetIdProto { Version = Opset });
        if (graph.Node.Any(n => n.Domain.Length > 0))
            model.OpsetImport.Add(new OperatorSetIdProto { Domain = Microsoft, Version = 1 });
        model.Graph.Output.AddRange(outputs.Select(Info));
        return model;
    }

    /// <summary>Lets go of the values that told the shapes; nothing can be added afterwards.</summary>
    public void Forget()
    {
        foreach (var (name, value) in samples.ToArray())
        {
            samples[name] = zeros([1], dtype: type).expand(value.shape);
            value.Dispose();
        }
    }

    /// <summary>Lets go of what the file is made from; libtorch's part stays.</summary>
    public void ForgetFile()
    {
        graph.Node.Clear();
        graph.Initializer.Clear();
        parameters.Clear();
    }

    /// <summary>Computes a tensor with libtorch, and of the others only what it needs.</summary>
    public Tensor Forward(Tensor input, string stage)
    {
        var values = new Dictionary<string, Tensor> { [Input] = input };
        foreach (var name in Needed(stage))
            values[name] = steps[name].Torch(Array.ConvertAll(steps[name].Inputs, i => values[i]));
        return values[stage];
    }

    /// <summary>Adds an operator of one output: the ONNX node, and how libtorch computes it.</summary>
    /// <param name="at">Where in the model, as the exporter writes scopes: <c>layer1/layer1.0/conv1</c>.</param>
    /// <param name="opType">The ONNX operator; <c>com.microsoft.</c> before it for one of ONNX Runtime's.</param>
    /// <param name="inputs">Names of tensors, or of parameters.</param>
    /// <param name="torch">The same on the inputs that are computed.</param>
    /// <param name="attributes">The node's attributes.</param>
    public string Apply(string at, string opType, string[] inputs, Func<Tensor[], Tensor> torch, params (string Name, object Value)[] attributes) =>
        Computes(Write(at, opType, inputs, attributes), opType, [.. inputs.Where(samples.ContainsKey)], torch);

    /// <summary>Adds an operator whose first output of several counts, such as TopK.</summary>
    public string ApplyFirst(string opType, string[] inputs, int outputs, Func<Tensor[], Tensor> torch, params (string Name, object Value)[] attributes) =>
        Computes(Write(opType, inputs, [.. Enumerable.Range(0, outputs).Select(_ => Unique("", opType))], attributes)[0], opType, [.. inputs.Where(samples.ContainsKey)], torch);

    /// <summary>Values in the file that are not trained: a shape, axes, a scale.</summary>
    public string Constant<T>(string at, long[] shape, params T[] values) where T : unmanaged
    {
        var name = Unique(at, "Constant");
        graph.Initializer.Add(TensorData.Of(name, shape, values));
        return name;
    }

    /// <summary>A trained tensor of random values; the same name gives the same one, as layers that are used several times share it.</summary>
    private (string Name, Tensor Value) Parameter(string name, long[] shape, double spread, double centre = 0) =>
        Given(name, shape, () => [.. Enumerable.Range(0, checked((int)Shapes.Size(shape))).Select(_ => (float)(centre + spread * noise.Normal()))]);

    /// <summary>A fixed tensor of the model, such as a filter that is not trained.</summary>
    private (string Name, Tensor Value) Given(string name, long[] shape, Func<float[]> values)
    {
        if (!parameters.TryGetValue(name, out var known))
        {
            var drawn = values();
            known = parameters[name] = (TensorData.Of(name, shape, drawn), tensor(drawn, shape, dtype: ScalarType.Float32).to_type(type));
        }
        return (Written(known.Written), known.Value);
    }

    // A parameter goes into the file when a node first reads it.
    private string Written(TensorProto tensor)
    {
        if (names.Add(tensor.Name))
            graph.Initializer.Add(tensor);
        return tensor.Name;
    }

    private string Write(string at, string opType, string[] inputs, params (string Name, object Value)[] attributes) =>
        Write(opType, inputs, [Unique(at, opType)], attributes)[0];

    private string[] Write(string opType, string[] inputs, string[] outputs, params (string Name, object Value)[] attributes)
    {
        var node = new NodeProto { OpType = opType, Name = outputs[0].Replace("_output_0", "", StringComparison.Ordinal) };
        if (opType.StartsWith(Microsoft, StringComparison.Ordinal))
            (node.Domain, node.OpType) = (Microsoft, opType[(Microsoft.Length + 1)..]);
        node.Input.AddRange(inputs);
        node.Output.AddRange(outputs);
        foreach (var (name, value) in attributes)
            node.Set(name, value);
        graph.Node.Add(node);
        return outputs;
    }

    private string Computes(string output, string opType, string[] inputs, Func<Tensor[], Tensor> torch)
    {
        using var fixedWeights = no_grad();
        samples[output] = torch(Array.ConvertAll(inputs, i => samples[i]));
        steps[output] = new Step(opType, inputs, torch);
        return output;
    }

    private string Unique(string at, string opType)
    {
        var scope = at.Length > 0 ? $"/{at}/{opType}" : $"/{opType}";
        var name = $"{scope}_output_0";
        for (var i = 1; !names.Add(name); i++)
            name = $"{scope}_{i}_output_0";
        return name;
    }

    private List<string> Needed(string stage)
    {
        var needed = new HashSet<string>();
        var open = new Stack<string>([stage]);
        while (open.TryPop(out var name))
            if (steps.TryGetValue(name, out var step) && needed.Add(name))
                foreach (var input in step.Inputs)
                    open.Push(input);
        return [.. steps.Keys.Where(needed.Contains)];
    }

    private ValueInfoProto Info(string tensor)
    {
        var shape = new TensorShapeProto();
        shape.Dim.AddRange(Shape(tensor).Select(d => new TensorShapeProto.Types.Dimension { DimValue = d }));
        return new ValueInfoProto { Name = tensor, Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)TensorProto.Types.DataType.Float, Shape = shape } } };
    }

    private sealed record Step(string OpType, string[] Inputs, Func<Tensor[], Tensor> Torch);
}

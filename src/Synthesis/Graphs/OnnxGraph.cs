using System.Security.Cryptography;
using Google.Protobuf;
using PerceptionStudy.Synthesis.Graphs.Format;

namespace PerceptionStudy.Synthesis.Graphs;

/// <summary>
/// A model, brought to one dialect (<see cref="GraphBuilder.DialectOpset"/>): one input, nodes in topological order, every tensor's
/// type and shape known for one batch size, everything that does not depend on the input's values folded into constants,
/// dropout gone. Tensors that come from the file keep their names.
/// </summary>
public sealed class OnnxGraph
{
    private readonly ModelProto _file;
    private readonly long[]? _inputShape;

    private OnnxGraph(ModelProto file, string sha256, long[]? inputShape, GraphImport import)
    {
        (_file, _inputShape, Sha256) = (file, inputShape, sha256);
        Opset = (int)import.FileOpset;
        Opsets = import.Opsets;
        DeclaredInput = import.DeclaredInput;
        Input = import.Input;
        Nodes = import.Nodes;
        Initializers = import.Initializers;
        Tensors = import.Tensors;
        Outputs = import.Outputs;
        Producers = Nodes.SelectMany(n => n.Output.Where(o => o.Length > 0), (n, o) => (n, o)).ToDictionary(p => p.o, p => p.n);
    }

    /// <summary>SHA-256 of the file, followed by the weights that it keeps outside, in its order; lower-case hexadecimal.</summary>
    public string Sha256 { get; }

    /// <summary>Version of the standard operator set that the file asks for.</summary>
    public int Opset { get; }

    /// <summary>Operator sets of the graph as imported, by domain; the empty domain is the standard's.</summary>
    public IReadOnlyDictionary<string, long> Opsets { get; }

    /// <summary>What the exporter noted in the file (metadata_props); of a name that comes twice the last.</summary>
    public IReadOnlyDictionary<string, string> Metadata => _file.MetadataProps.GroupBy(m => m.Key).ToDictionary(g => g.Key, g => g.Last().Value);

    /// <summary>The input as the file declares it, with −1 for open dimensions.</summary>
    public TensorInfo DeclaredInput { get; }

    /// <summary>The one input that is not a weight, with all dimensions known.</summary>
    public TensorInfo Input { get; }

    /// <summary>Names of the outputs, in the file's order.</summary>
    public IReadOnlyList<string> Outputs { get; }

    /// <summary>The nodes that depend on the input, in topological order.</summary>
    public IReadOnlyList<NodeProto> Nodes { get; }

    /// <summary>Weights and folded constants by name.</summary>
    public IReadOnlyDictionary<string, TensorProto> Initializers { get; }

    /// <summary>Type and shape of every tensor: input, constants, and results of nodes.</summary>
    public IReadOnlyDictionary<string, TensorInfo> Tensors { get; }

    /// <summary>The node that makes each computed tensor.</summary>
    public IReadOnlyDictionary<string, NodeProto> Producers { get; }

    /// <summary>Reads a model file.</summary>
    /// <param name="path">Path of the ONNX file; weights kept outside it are found beside it.</param>
    /// <param name="inputShape">Shape of the input, for files that leave more than the batch open; null: batch 1, and 224 for an open height or width.</param>
    /// <exception cref="ModelFormatException">The file cannot be used; the message says why.</exception>
    public static OnnxGraph Load(string path, long[]? inputShape = null)
    {
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ModelFormatException($"The model file {Path.GetFileName(path)} cannot be read: {e.Message}", e);
        }

        ModelProto model;
        try
        {
            model = ModelProto.Parser.ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new ModelFormatException($"{Path.GetFileName(path)} is not an ONNX file; export the model with torch.onnx.export, tf2onnx or a like tool.", e);
        }
        if (model.IrVersion == 0 || model.Graph is null || model.OpsetImport.Count == 0)
            throw new ModelFormatException($"{Path.GetFileName(path)} is not an ONNX file; export the model with torch.onnx.export, tf2onnx or a like tool.");
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(bytes);
        foreach (var weights in ExternalWeights.Read(model, Path.GetDirectoryName(Path.GetFullPath(path))!))
            hash.AppendData(weights.Span);
        return From(model, Convert.ToHexStringLower(hash.GetHashAndReset()), inputShape);
    }

    /// <summary>Takes a model that is already in memory; its hash is that of its serialised form.</summary>
    /// <exception cref="ModelFormatException">The model cannot be used; the message says why.</exception>
    public static OnnxGraph From(ModelProto model, long[]? inputShape = null) =>
        From(model, Convert.ToHexStringLower(SHA256.HashData(model.ToByteArray())), inputShape);

    /// <summary>The same model for another number of inputs at once.</summary>
    /// <exception cref="ModelFormatException">The model is made for its own batch size only.</exception>
    public OnnxGraph WithBatch(int batch)
    {
        if (batch == Input.Shape[0])
            return this;
        var shape = (_inputShape ?? Input.Shape).With(0, batch);
        var refusal = $"The model cannot take {batch} inputs at once; use batch 1 or export it with an open batch dimension.";
        GraphImport import;
        try
        {
            import = GraphImport.Run(_file, shape, madeForBatch: DeclaredInput.Shape[0] > 0 ? DeclaredInput.Shape[0] : null);
        }
        catch (ModelFormatException e)
        {
            throw new ModelFormatException(refusal, e);
        }
        var first = Outputs[0];
        if (Tensors[first].Shape is [var one, ..] && one == Input.Shape[0] && (import.Tensors[first].Shape is not [var several, ..] || several != batch))
            throw new ModelFormatException(refusal);
        return new OnnxGraph(_file, Sha256, shape, import);
    }

    /// <summary>The graph as a model that ONNX Runtime can run.</summary>
    /// <param name="outputs">Tensors wanted as outputs; none: the file's own.</param>
    public ModelProto ToModel(params string[] outputs)
    {
        var model = new ModelProto { IrVersion = GraphImport.IrVersion, ProducerName = "PerceptionStudy", Graph = new GraphProto { Name = "imported" } };
        foreach (var (domain, version) in Opsets)
            model.OpsetImport.Add(new OperatorSetIdProto { Domain = domain, Version = version });
        model.Graph.Node.AddRange(Nodes);
        model.Graph.Initializer.AddRange(Initializers.Values);
        model.Graph.Input.Add(GraphBuilder.ValueInfo(Input));
        model.Graph.Output.AddRange((outputs.Length > 0 ? outputs : [.. Outputs]).Select(o => GraphBuilder.ValueInfo(Tensors[o])));
        return model;
    }

    private static OnnxGraph From(ModelProto model, string sha256, long[]? inputShape)
    {
        WeightCheck.Run(model);
        return new OnnxGraph(model, sha256, inputShape, GraphImport.Run(model, inputShape));
    }
}

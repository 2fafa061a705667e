using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using PerceptionStudy.Synthesis.Gradients;
using PerceptionStudy.Synthesis.Graphs;
using PerceptionStudy.Synthesis.Graphs.Format;
using DataType = PerceptionStudy.Synthesis.Graphs.Format.TensorProto.Types.DataType;

namespace PerceptionStudy.Synthesis.Tests.Graphs;

/// <summary>What exporters write, as they write it: the imported graph computes what the file computes, from standard operators with fixed shapes.</summary>
public class ImportTests
{
    private static readonly double[] X = new Random(8).Floats(2 * 3 * 8 * 8, -1, 1);

    [Theory]
    [InlineData(7)]
    [InlineData(9)]
    [InlineData(11)]
    [InlineData(13)]
    [InlineData(17)]
    [InlineData(18)]
    [InlineData(21)]
    [InlineData(23)]
    [InlineData(24)]
    [InlineData(25)]
    [InlineData(26)]
    public void Operator_sets_from_7_to_the_newest_are_read(int opset)
    {
        var model = Small(opset);
        var graph = model.Graph();
        Assert.Equal(opset, graph.Opset);
        ComputesTheSame(model, graph);
        Assert.NotEmpty(GradientGraph.Build(graph, "y").Graph.Node);
    }

    /// <summary>A newer ONNX Runtime may read newer files: then the limit moves, after a look at what changed in the standard.</summary>
    [Fact]
    public void The_newest_operator_set_is_ONNX_Runtime_s()
    {
        using var newest = Small(GraphImport.NewestOpset).Session();
        Assert.Throws<OnnxRuntimeException>(Small(GraphImport.NewestOpset + 1).Session);
    }

    [Fact]
    public void Batch_normalisation_goes_into_the_convolution()
    {
        var model = new TestModel().Input("x", [2, 3, 8, 8]).Conv("c", "x", 3, 4, 3).BatchNorm("b", "c", 4).Node("Relu", "r", ["b"])
            .Weights("w2", 5, 4, 1, 1).Node("Conv", "c2", ["r", "w2"]).BatchNorm("y", "c2", 5).Output("y");
        var graph = model.Graph();
        Assert.Equal(["Conv", "Relu", "Conv"], graph.Nodes.Select(n => n.OpType));
        ComputesTheSame(model, graph);
    }

    [Fact]
    public void A_batch_normalisation_stays_where_the_convolution_is_read_twice()
    {
        var model = new TestModel().Input("x", [2, 3, 8, 8]).Conv("c", "x", 3, 4, 3).BatchNorm("b", "c", 4).Node("Add", "y", ["b", "c"]).Output("y");
        var graph = model.Graph();
        Assert.Contains(graph.Nodes, n => n.OpType == "BatchNormalization");
        ComputesTheSame(model, graph);
    }

    [Fact]
    public void Functions_are_put_in_place_of_their_calls()
    {
        // As the dynamo exporter writes them: a domain of its own, attributes handed on, functions that call functions.
        var model = Small(18);
        model.Proto.Graph.Node.Clear();
        model.Node("block", ["h"], ["x", "c_w"], ("slope", 0.2f)).Node("block", ["y"], ["h", "c2_w"], ("slope", 0.3f));
        foreach (var call in model.Proto.Graph.Node)
            call.Domain = "pkg.torch";
        model.Weights("c2_w", 4, 4, 3, 3);
        model.Proto.OpsetImport.Add(new OperatorSetIdProto { Domain = "pkg.torch", Version = 1 });
        model.Proto.Functions.Add(Function("block", ["in", "weight"], ["out"], ["slope"],
            Call("Conv", "", ["in", "weight"], "conv"), Call("leaky", "pkg.torch", ["conv"], "out", Reference("alpha", "slope"))));
        model.Proto.Functions.Add(Function("leaky", ["a"], ["b"], ["alpha"], Call("LeakyRelu", "", ["a"], "b", Reference("alpha", "alpha"))));

        var graph = model.Graph();
        Assert.Equal(["Conv", "LeakyRelu", "Conv", "LeakyRelu"], graph.Nodes.Select(n => n.OpType));
        Assert.Equal([0.2f, 0.3f], graph.Nodes.Where(n => n.OpType == "LeakyRelu").Select(n => n.Float("alpha", 0)));
        ComputesTheSame(model, graph);
    }

    [Fact]
    public void A_function_that_calls_itself_is_named()
    {
        var model = new TestModel().Input("x", [1, 3]).Node("loop", "y", ["x"]).Output("y");
        model.Proto.Graph.Node[0].Domain = "own";
        model.Proto.Functions.Add(Function("loop", ["a"], ["b"], [], Call("loop", "own", ["a"], "b")));
        model.Proto.Functions[0].Domain = "own";
        Assert.Equal("The function loop of the model calls itself; export the model again.", Assert.Throws<ModelFormatException>(model.Graph).Message);
    }

    /// <summary>Found by ImportFuzz: ONNX Runtime repeats a skip over the batch in its own way.</summary>
    [Fact]
    public void A_skip_that_is_not_broadcast_stays_as_it_is()
    {
        var model = new TestModel().Input("x", [4, 3, 8]).Weights("skip", 2, 3, 8).Uniform("scale", [8], 0.5, 1).Node("SkipLayerNormalization", "y", ["x", "skip", "scale"]).Output("y");
        model.Proto.Graph.Node[0].Domain = "com.microsoft";
        model.Proto.OpsetImport.Add(new OperatorSetIdProto { Domain = "com.microsoft", Version = 1 });
        Assert.Equal(["SkipLayerNormalization"], model.Graph().Nodes.Select(n => n.OpType));
    }

    [Fact]
    public void A_branch_that_asks_about_shapes_is_decided()
    {
        // As PyTorch writes squeeze(1): if the dimension is 1, take it away; else leave it.
        var squeeze = new TestModel().Constant("axes", [1], 1L).Node("Squeeze", "squeezed", ["c", "axes"]).Output("squeezed").Proto.Graph;
        var leave = new TestModel().Node("Identity", "left", ["c"]).Output("left").Proto.Graph;
        var model = new TestModel(17).Input("x", [2, 3, 8, 8]).Conv("c", "x", 3, 1, 3).Node("Shape", "shape", ["c"])
            .Constant("one", [], 1L).Node("Gather", "channels", ["shape", "one"], ("axis", 0L)).Node("Equal", "is_one", ["channels", "one"])
            .Node("If", "y", ["is_one"]).Output("y");
        model.Proto.Graph.Node[^1].Attribute.Add(Branch("then_branch", squeeze));
        model.Proto.Graph.Node[^1].Attribute.Add(Branch("else_branch", leave));
        var graph = model.Graph();
        Assert.Equal(["Conv", "Squeeze", "Identity"], graph.Nodes.Select(n => n.OpType));
        Assert.Equal([2, 6, 6], graph.Tensors["y"].Shape);
        ComputesTheSame(model, graph);
    }

    [Fact]
    public void Half_precision_is_widened()
    {
        var half = Small(18, DataType.Float16);
        foreach (var weight in half.Proto.Graph.Initializer)
            Narrow(weight);
        var graph = half.Graph();
        Assert.All(graph.Tensors.Values, t => Assert.Equal(DataType.Float, t.Type));
        var expected = half.Proto.Graph.Initializer.First(t => t.Name == "c_w").RawData;
        Assert.Equal(BitConverter.ToHalf(expected.Span), (Half)graph.Initializers["c_w"].Doubles()[0]);
        Assert.NotEmpty(GradientGraph.Build(graph, "y").Graph.Node);
    }

    [Fact]
    public void Weights_may_be_constants_or_inputs_with_a_value()
    {
        var model = Small(8);
        var (first, second) = (model.Proto.Graph.Initializer[0], model.Proto.Graph.Initializer[1]);
        model.Proto.Graph.Initializer.Remove(first);
        var constant = Call("Constant", "", [], first.Name);
        constant.Set("value", first);
        model.Proto.Graph.Node.Insert(0, constant);
        model.Proto.Graph.Input.Add(TestModel.Info(second.Name, [.. second.Dims], DataType.Float));
        var graph = model.Graph();
        Assert.Equal("x", graph.Input.Name);
        ComputesTheSame(model, graph);
    }

    [Fact]
    public void A_Keras_graph_with_channels_last_keeps_its_input()
    {
        var model = new TestModel(15).Input("input_1:0", [-1, 8, 8, 3]).Node("Transpose", "t", ["input_1:0"], ("perm", new long[] { 0, 3, 1, 2 }))
            .Weights("w", 4, 3, 3, 3).Node("Conv", "c", ["t", "w"], ("auto_pad", "SAME_UPPER"), ("strides", new long[] { 2, 2 }))
            .Node("Transpose", "y", ["c"], ("perm", new long[] { 0, 2, 3, 1 })).Output("y");
        var graph = model.Graph();
        Assert.Equal([-1, 8, 8, 3], graph.DeclaredInput.Shape);
        Assert.Equal([1, 4, 4, 4], graph.Tensors["y"].Shape);
        Assert.NotEmpty(GradientGraph.Build(graph, "y").Graph.Node);
    }

    /// <summary>Made for batch 1, with that 1 written into its shapes, but not into those of its weights.</summary>
    [Fact]
    public void A_file_made_for_one_picture_takes_two()
    {
        var model = new TestModel().Input("x", [1, 3, 4, 4]).Weights("w", 48).Constant("column", [4], 1L, 3L, 4L, 4L).Node("Reshape", "weights", ["w", "column"])
            .Node("Mul", "m", ["x", "weights"]).Constant("flat", [2], 1L, 48L).Node("Reshape", "y", ["m", "flat"]).Output("y");
        Assert.Equal([2, 48], model.Graph().WithBatch(2).Tensors["y"].Shape);
    }

    [Fact]
    public void Decomposed_operators_keep_the_names_of_the_file()
    {
        var graph = new TestModel(20).Input("x", [1, 3, 4, 4]).Node("Gelu", "y", ["x"]).Output("y").Graph();
        Assert.Equal("Mul", graph.Producers["y"].OpType);
        Assert.All(graph.Nodes.SelectMany(n => n.Output), o => Assert.StartsWith("y", o, StringComparison.Ordinal));
    }

    private static TestModel Small(int opset, DataType type = DataType.Float) =>
        new TestModel(opset).Input("x", [2, 3, 8, 8], type).Conv("c", "x", 3, 4, 3).Node("Relu", "r", ["c"])
            .Node("MaxPool", "y", ["r"], ("kernel_shape", new long[] { 2, 2 }), ("strides", new long[] { 2, 2 })).Output("y", type);

    private static void ComputesTheSame(TestModel model, OnnxGraph graph)
    {
        using var file = model.Session();
        using var imported = graph.ToModel().Session();
        var input = (graph.Input.Name, graph.Input.Type, graph.Input.Shape, X);
        Assert.All(file.Run(input)[0].Zip(imported.Run(input)[0]), p => Assert.Equal(p.First, p.Second, 1e-5));
    }

    private static FunctionProto Function(string name, string[] inputs, string[] outputs, string[] attributes, params NodeProto[] nodes)
    {
        var function = new FunctionProto { Name = name, Domain = "pkg.torch" };
        function.Input.AddRange(inputs);
        function.Output.AddRange(outputs);
        function.Attribute.AddRange(attributes);
        function.Node.AddRange(nodes);
        function.OpsetImport.Add(new OperatorSetIdProto { Version = 18 });
        function.OpsetImport.Add(new OperatorSetIdProto { Domain = "pkg.torch", Version = 1 });
        return function;
    }

    private static NodeProto Call(string op, string domain, string[] inputs, string output, params AttributeProto[] attributes)
    {
        var node = new NodeProto { OpType = op, Domain = domain };
        node.Input.AddRange(inputs);
        node.Output.Add(output);
        node.Attribute.AddRange(attributes);
        return node;
    }

    private static AttributeProto Reference(string name, string of) => new() { Name = name, RefAttrName = of, Type = AttributeProto.Types.AttributeType.Float };

    private static AttributeProto Branch(string name, GraphProto graph) => new() { Name = name, G = graph, Type = AttributeProto.Types.AttributeType.Graph };

    private static void Narrow(TensorProto tensor)
    {
        var bytes = tensor.Doubles().SelectMany(v => BitConverter.GetBytes((Half)v)).ToArray();
        (tensor.DataType, tensor.RawData) = ((int)DataType.Float16, ByteString.CopyFrom(bytes));
    }
}

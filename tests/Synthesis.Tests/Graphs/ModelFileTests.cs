using Google.Protobuf;
using PerceptionStudy.Synthesis.Graphs;
using PerceptionStudy.Synthesis.Graphs.Format;
using PerceptionStudy.Synthesis.Media;
using PerceptionStudy.Synthesis.Stages;

namespace PerceptionStudy.Synthesis.Tests.Graphs;

/// <summary>What is wrong with a model file is one sentence that names the part concerned and what to do.</summary>
public sealed class ModelFileTests : IDisposable
{
    private const string NotOnnx = "x.onnx is not an ONNX file; export the model with torch.onnx.export, tf2onnx or a like tool.";
    private readonly TestFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Files_that_are_no_onnx_files_are_named()
    {
        Assert.Equal(NotOnnx, Refused([]));
        Assert.Equal(NotOnnx, Refused("Dear Sir or Madam, this is the model."u8));
        Assert.Equal(NotOnnx, Refused("\x80\x02}q\x00(X"u8));
        Assert.Equal(NotOnnx, Refused([.. "PK"u8, 3, 4, 20, 0, 0, 0]));
        Assert.Equal(NotOnnx, Refused(PictureFile.Png(TestPictures.Waves(16, 16, 1))));
    }

    [Fact]
    public void Any_beginning_of_a_model_is_refused_with_a_sentence()
    {
        var whole = File.ReadAllBytes(TestNets.Convolutional(folder));
        for (var part = 0; part < 20; part++)
            Assert.EndsWith(".", Refused(whole.AsSpan(0, whole.Length * part / 20)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_not_there_is_named() =>
        Assert.StartsWith("The model file none.onnx cannot be read: ", Assert.Throws<ModelFormatException>(() => OnnxGraph.Load(folder["none.onnx"])).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("gone.bin", "0", "12", "The weights of w are kept in gone.bin, which is missing; export the model into one file.")]
    [InlineData("../w.bin", "0", "12", "The weights of w are kept in \"../w.bin\"; put them into the model file itself or into a file beside it.")]
    [InlineData("w.bin", "4", "12", "w.bin is too short for the weights of w; export the model again.")]
    [InlineData("w.bin", "9223372036854775807", "12", "w.bin is too short for the weights of w; export the model again.")]
    [InlineData("w.bin", "some", "12", "The weights of w have the offset \"some\", which is no number; export the model again.")]
    public void Weights_beside_the_file_that_cannot_be_read_are_named(string location, string offset, string length, string message)
    {
        File.WriteAllBytes(folder["w.bin"], new byte[12]);
        var weight = new TensorProto { Name = "w", DataType = (int)TensorProto.Types.DataType.Float, DataLocation = TensorProto.Types.DataLocation.External };
        weight.Dims.Add(3);
        foreach (var (key, value) in new[] { ("location", location), ("offset", offset), ("length", length) })
            weight.ExternalData.Add(new StringStringEntryProto { Key = key, Value = value });
        var model = new TestModel().Input("x", [1, 3]).Node("Mul", "y", ["x", "w"]).Output("y");
        model.Proto.Graph.Initializer.Add(weight);
        Assert.Equal(message, Refused(model.Proto.ToByteArray()));
    }

    /// <summary>Two models that differ in the weights beside them only are two models.</summary>
    [Fact]
    public void Weights_beside_the_file_are_read_and_belong_to_its_hash()
    {
        var weight = new TensorProto { Name = "w", DataType = (int)TensorProto.Types.DataType.Float, DataLocation = TensorProto.Types.DataLocation.External };
        weight.Dims.Add(2);
        weight.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = "w.bin" });
        weight.ExternalData.Add(new StringStringEntryProto { Key = "offset", Value = "4" });
        weight.ExternalData.Add(new StringStringEntryProto { Key = "length", Value = "8" });
        var model = new TestModel().Input("x", [1, 2]).Node("Mul", "y", ["x", "w"]).Output("y");
        model.Proto.Graph.Initializer.Add(weight);
        File.WriteAllBytes(folder["x.onnx"], model.Proto.ToByteArray());
        OnnxGraph With(params float[] values)
        {
            File.WriteAllBytes(folder["w.bin"], [.. values.SelectMany(BitConverter.GetBytes)]);
            return OnnxGraph.Load(folder["x.onnx"]);
        }

        var (one, other) = (With(9, 1, 2), With(9, 1, 3));
        Assert.Equal([1, 2], one.Initializers["w"].Doubles());
        Assert.NotEqual(one.Sha256, other.Sha256);
        Assert.Equal(one.Sha256, With(8, 1, 2).Sha256);
    }

    [Fact]
    public void An_old_operator_set_and_a_second_input_are_named()
    {
        Assert.Equal("The model uses operator set 6; export it again with operator set 7 or newer.",
            Refused(new TestModel(6).Input("x", [1, 3]).Node("Relu", "y", ["x"]).Output("y").Proto.ToByteArray()));
        Assert.Equal("The model has 2 inputs (x, z); only models with one input tensor can be used.",
            Refused(new TestModel().Input("x", [1, 3]).Input("z", [1, 3]).Node("Add", "y", ["x", "z"]).Output("y").Proto.ToByteArray()));
    }

    [Fact]
    public void An_operator_set_of_the_future_is_named()
    {
        var model = new TestModel(999).Input("x", [1, 3]).Node("Relu", "y", ["x"]).Output("y");
        Assert.Equal("The model uses operator set 999; this version reads up to operator set 26, so export it with an older one.", Refused(model.Proto.ToByteArray()));
    }

    [Fact]
    public void A_cycle_is_named()
    {
        var model = new TestModel().Input("x", [1, 3]).Node("Add", "a", ["x", "b"]).Node("Relu", "b", ["a"]).Output("b");
        Assert.Equal("Node n_a (Add) reads b, which is made from its own result; the graph has a cycle, so export the model again.", Refused(model.Proto.ToByteArray()));
        model = new TestModel().Input("x", [1, 3]).Node("Add", "a", ["x", "nothing"]).Output("a");
        Assert.Equal("Node n_a (Add) reads nothing, which nothing makes; export the model again.", Refused(model.Proto.ToByteArray()));
    }

    [Fact]
    public void Random_numbers_in_a_model_are_named()
    {
        var model = new TestModel().Input("x", [1, 3]).Node("RandomNormal", "noise", [], ("shape", new long[] { 1, 3 })).Node("Add", "y", ["x", "noise"]).Output("y");
        Assert.Equal("Node n_noise (RandomNormal) draws random numbers, so that no two runs agree; export the model as it is after training (model.eval() in PyTorch).",
            Refused(model.Proto.ToByteArray()));
    }

    /// <summary>At these ONNX Runtime would end the process: found by ImportFuzz.</summary>
    [Fact]
    public void Nodes_with_gaps_are_named()
    {
        Assert.Equal("Node n_y (Sum) has a gap among its inputs; export the model again.",
            Refused(new TestModel().Input("x", [1, 3]).Node("Sum", "y", ["x", ""]).Output("y").Proto.ToByteArray()));
        Assert.Equal("Node n_ (Split) has a gap among its outputs; export the model again.",
            Refused(new TestModel().Input("x", [2, 3]).Node("Split", ["", "y"], ["x"]).Output("y").Proto.ToByteArray()));
        Assert.Equal("Node n_y (Einsum) has an equation that is none; export the model again.",
            Refused(new TestModel().Input("x", [2, 3]).Node("Einsum", "y", ["x"], ("equation", "iÿ->i")).Output("y").Proto.ToByteArray()));
        Assert.Equal("Node n_y (Attention) lacks one of its 3 inputs; export the model again.", Refused(Microsoft("Attention").Proto.ToByteArray()));
    }

    [Theory]
    [InlineData("...i,...i->...", "Node n_y (Einsum) has the equation ...i,...i->..., which does not fit its operands of 2, 3 axes; export the model again.")]
    [InlineData("...,...->ij", "Node n_y (Einsum) has the equation ...,...->ij, which does not fit its operands of 2, 3 axes; export the model again.")]
    [InlineData("......,ijk->ijk", "Node n_y (Einsum) has the equation ......,ijk->ijk, which does not fit its operands of 2, 3 axes; export the model again.")]
    public void Ellipses_that_do_not_fit_are_named(string equation, string sentence) =>
        Assert.Equal(sentence, Refused(new TestModel().Input("x", [2, 3]).Weights("w", 2, 2, 3).Node("Relu", "r", ["x"]).Node("Einsum", "y", ["r", "w"], ("equation", equation)).Output("y").Proto.ToByteArray()));

    private static TestModel Microsoft(string op)
    {
        var model = new TestModel().Input("x", [1, 3, 4]).Weights("w", 4, 12).Node(op, "y", ["x", "w"], ("num_heads", 2L)).Output("y");
        model.Proto.Graph.Node[0].Domain = "com.microsoft";
        model.Proto.OpsetImport.Add(new OperatorSetIdProto { Domain = "com.microsoft", Version = 1 });
        return model;
    }

    [Fact]
    public void Nodes_may_stand_in_any_order()
    {
        var model = new TestModel().Input("x", [1, 3]).Node("Tanh", "c", ["b"]).Node("Relu", "b", ["a"]).Node("Abs", "a", ["x"]).Output("c");
        Assert.Equal(["a", "b", "c"], model.Graph().Nodes.Select(n => n.Output[0]));
    }

    [Theory]
    [InlineData(new long[] { 1 << 15, 1 << 15 }, "The weights of w claim 1.07e+09 values, more than 2 GB; the file is damaged, or the model is too large to be used here.")]
    [InlineData(new long[] { long.MaxValue, long.MaxValue }, "The weights of w claim 8.51e+37 values, more than 2 GB; the file is damaged, or the model is too large to be used here.")]
    [InlineData(new long[] { 1, 4 }, "The weights of w hold 3 values where their shape 1 x 4 asks for 4; the file is damaged, so export the model again.")]
    [InlineData(new long[] { -3 }, "The weights of w have the shape ?; the file is damaged, so export the model again.")]
    public void Weights_that_are_not_what_their_header_says_are_named(long[] shape, string message)
    {
        var model = new TestModel().Input("x", [1, 3]).Constant("w", [3], 1f, 2f, 3f).Node("Mul", "y", ["x", "w"]).Output("y");
        model.Proto.Graph.Initializer[0].Dims.Clear();
        model.Proto.Graph.Initializer[0].Dims.AddRange(shape);
        Assert.Equal(message, Refused(model.Proto.ToByteArray()));
    }

    [Fact]
    public void Weights_that_are_not_numbers_are_named() =>
        Assert.Equal("The weights of w hold values that are not numbers (NaN); the training of this network went wrong, so no metamer can be made.",
            Refused(new TestModel().Input("x", [1, 3]).Constant("w", [3], 1f, float.NaN, 3f).Node("Mul", "y", ["x", "w"]).Output("y").Proto.ToByteArray()));

    [Fact]
    public void Inputs_that_are_no_pictures_are_named()
    {
        Assert.Equal("The model's input x is of type Int64; metamers need a float32 input, so export the model without the integer front end.",
            Refused(new TestModel().Input("x", [1, 3], TensorProto.Types.DataType.Int64).Node("Abs", "y", ["x"]).Output("y").Proto.ToByteArray()));
        Assert.Equal("The model's input x is 1 x 3 x 1000000 x 1000000, which is no picture that can be worked on; export it with a smaller input.",
            Refused(new TestModel().Input("x", [1, 3, 1000000, 1000000]).Node("Abs", "y", ["x"]).Output("y").Proto.ToByteArray()));
    }

    [Theory]
    [InlineData("QuantizeLinear", "which works on quantised numbers and has no gradient; take the float32 model from before the quantisation, or choose a stage before it.")]
    [InlineData("SplitToSequence", "which works on lists of tensors and has no gradient; export the model without lists, or choose a stage before it.")]
    [InlineData("Bernoulli", "which draws random numbers; export the model as it is after training (model.eval() in PyTorch), or choose a stage before it.")]
    public void What_can_have_no_gradient_says_what_to_do(string op, string why)
    {
        var model = new TestModel(21).Input("x", [1, 4]).Constant("scale", [], 0.1f).Constant("zero", [], (byte)0).Constant("last", [], 0L);
        var graph = (op switch
        {
            "QuantizeLinear" => model.Node(op, "q", ["x", "scale", "zero"]).Node("DequantizeLinear", "y", ["q", "scale", "zero"]),
            "SplitToSequence" => model.Node(op, "list", ["x"]).Node("SequenceAt", "y", ["list", "last"]),
            _ => model.Node(op, "y", ["x"]),
        }).Output("y").Graph();
        var stage = StageCatalog.List(graph).Single(s => s.Tensor == "y");
        Assert.False(stage.Differentiable);
        Assert.EndsWith(why, stage.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void An_operator_without_gradient_is_named_with_node_and_operator_set()
    {
        var stages = StageCatalog.List(OnnxGraph.Load(TestNets.With(folder, "Hardmax")));
        var stage = stages.Single(s => s.Name == "special");
        Assert.False(stage.Differentiable);
        Assert.Equal("Node node_special uses the operator Hardmax (operator set 18), for which there is no gradient; " +
            "choose a stage before it, or add the operator as docs/ADD-AN-OPERATOR.md tells.", stage.Reason);
        Assert.All(stages, s => Assert.Equal(stage.Reason, s.Reason));
    }

    [Fact]
    public void Stages_before_an_operator_without_gradient_can_be_matched()
    {
        var graph = new TestModel().Input("x", [1, 3, 4, 4]).Node("Tanh", "early", ["x"]).Node("Hardmax", "late", ["early"]).Output("late").Graph();
        Assert.Equal([("early", true), ("late", false)], StageCatalog.List(graph).Select(s => (s.Name, s.Differentiable)));
    }

    [Fact]
    public void An_unknown_stage_is_answered_with_the_closest()
    {
        var graph = OnnxGraph.Load(TestNets.Convolutional(folder));
        var message = Assert.Throws<ModelFormatException>(() => StageCatalog.Find(graph, "rellu2")).Message;
        Assert.StartsWith("The model has no stage rellu2; the closest are relu2, ", message, StringComparison.Ordinal);
        Assert.EndsWith(".", message, StringComparison.Ordinal);
    }

    private string Refused(ReadOnlySpan<byte> file)
    {
        File.WriteAllBytes(folder["x.onnx"], file);
        return Assert.Throws<ModelFormatException>(() => OnnxGraph.Load(folder["x.onnx"])).Message;
    }
}

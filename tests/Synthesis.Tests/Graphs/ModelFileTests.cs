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

    [Fact]
    public void An_old_operator_set_and_a_second_input_are_named()
    {
        Assert.Equal("The model uses operator set 6; export it again with operator set 7 or newer.",
            Refused(new TestModel(6).Input("x", [1, 3]).Node("Relu", "y", ["x"]).Output("y").Proto.ToByteArray()));
        Assert.Equal("The model has 2 inputs (x, z); only models with one input tensor can be used.",
            Refused(new TestModel().Input("x", [1, 3]).Input("z", [1, 3]).Node("Add", "y", ["x", "z"]).Output("y").Proto.ToByteArray()));
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

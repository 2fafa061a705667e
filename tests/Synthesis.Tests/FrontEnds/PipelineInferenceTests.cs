using PerceptionStudy.Synthesis.FrontEnds;
using PerceptionStudy.Synthesis.Graphs.Format;
using PerceptionStudy.Synthesis.Tests.Graphs;

namespace PerceptionStudy.Synthesis.Tests.FrontEnds;

public sealed class PipelineInferenceTests
{
    [Fact]
    public void Size_layout_and_channels_come_from_the_inputs_shape()
    {
        Assert.Equal(("nchw", "rgb", 64, 48), Shape(First(new TestModel().Input("x", [-1, 3, 48, 64]), 3)));
        Assert.Equal(("nhwc", "rgb", 64, 48), Shape(Last(new TestModel().Input("x", [1, 48, 64, 3]), 3)));
        Assert.Equal(("nchw", "grey", 28, 28), Shape(First(new TestModel().Input("x", [1, 1, 28, 28]), 1)));
        Assert.Equal(("nhwc", "grey", 28, 28), Shape(Last(new TestModel().Input("x", [1, 28, 28, 1]), 1)));
        Assert.Equal(("nchw", "rgb", 224, 224), Shape(First(new TestModel().Input("x", [-1, 3, -1, -1]), 3)));
        // Three rows of eight pixels, or three channels: the model's own first node tells.
        Assert.Equal(("nhwc", "rgb", 8, 3), Shape(Last(new TestModel().Input("x", [1, 3, 8, 3]), 3)));

        static (string, string, int, int) Shape(PicturePipeline p) => (p.Layout, p.Channels, p.Width, p.Height);
    }

    [Fact]
    public void A_pytorch_wrapper_that_normalises_takes_0_to_1()
    {
        var model = new TestModel().Input("x", [1, 3, 8, 8])
            .Constant("mean", [1, 3, 1, 1], 0.485f, 0.456f, 0.406f).Constant("std", [1, 3, 1, 1], 0.229f, 0.224f, 0.225f)
            .Node("Sub", "centred", ["x", "mean"]).Node("Div", "normal", ["centred", "std"]);
        var pipeline = First(model, 3, "normal");
        Assert.Equal([0, 1], pipeline.Range);
        Assert.Null(pipeline.Mean);
    }

    [Fact]
    public void Bytes_that_the_model_scales_itself_are_told()
    {
        // Keras: Rescaling(1/255) and Normalization along the last axis, then the change of layout that tf2onnx adds.
        var keras = new TestModel().Input("x", [1, 8, 8, 3]).Constant("s", [], 1 / 255f).Constant("zero", [], 0f)
            .Constant("m", [1, 1, 1, 3], 0.485f, 0.456f, 0.406f).Constant("d", [1, 1, 1, 3], 0.229f, 0.224f, 0.225f)
            .Node("Mul", "rescaled", ["x", "s"]).Node("Add", "moved", ["rescaled", "zero"]).Node("Sub", "centred", ["moved", "m"]).Node("Div", "normal", ["centred", "d"]);
        Assert.Equal([0, 255], Last(keras, 3, "normal").Range);

        // Keras' MobileNet: x / 127.5 - 1, after the change of layout.
        var mobile = new TestModel().Input("x", [1, 8, 8, 3]).Node("Transpose", "planes", ["x"], ("perm", new long[] { 0, 3, 1, 2 }))
            .Constant("half", [], 127.5f).Constant("one", [], 1f).Node("Div", "scaled", ["planes", "half"]).Node("Sub", "normal", ["scaled", "one"]);
        var pipeline = First(mobile, 3, "normal");
        Assert.Equal(("nhwc", 255f), (pipeline.Layout, pipeline.Range[1]));

        // Caffe's: only the mean of the bytes is subtracted.
        var caffe = new TestModel().Input("x", [1, 3, 8, 8]).Constant("mean", [3, 1, 1], 103.9f, 116.8f, 123.7f).Node("Sub", "centred", ["x", "mean"]);
        Assert.Equal([0, 255], First(caffe, 3, "centred").Range);
    }

    [Fact]
    public void A_batch_normalisation_in_front_is_a_normalisation()
    {
        var bytes = new TestModel().Input("x", [1, 3, 8, 8]).Constant("g", [3], 1f, 1f, 1f).Constant("b", [3], 0f, 0f, 0f)
            .Constant("m", [3], 120f, 115f, 104f).Constant("v", [3], 4900f, 4700f, 5000f).Node("BatchNormalization", "normal", ["x", "g", "b", "m", "v"]);
        Assert.Equal([0, 255], First(bytes, 3, "normal").Range);
        var unit = new TestModel().Input("x", [1, 3, 8, 8]).Constant("g", [3], 1f, 1f, 1f).Constant("b", [3], 0f, 0f, 0f)
            .Constant("m", [3], 0.5f, 0.45f, 0.4f).Constant("v", [3], 0.05f, 0.05f, 0.05f).Node("BatchNormalization", "normal", ["x", "g", "b", "m", "v"]);
        Assert.Equal([0, 1], First(unit, 3, "normal").Range);
    }

    [Fact]
    public void What_the_file_does_not_say_is_said()
    {
        var inferred = PipelineInference.Of(new TestModel().Input("x", [1, 3, 8, 8]).Conv("c", "x", 3, 4, 3).Output("c").Graph())!;
        Assert.Equal([0, 1], inferred.Pipeline.Range);
        Assert.Null(inferred.Pipeline.Mean);
        Assert.Contains(inferred.Reasons, r => r.StartsWith("The file does not say how pixels are scaled", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Image.BitmapPixelFormat", "Bgr8")]
    [InlineData("image.bitmappixelformat", "BGR8")]
    public void The_order_of_channels_comes_from_the_metadata(string key, string value) =>
        Assert.Equal("bgr", First(new TestModel().Input("x", [1, 3, 8, 8]), 3, "x", (key, value)).Channels);

    [Fact]
    public void Range_mean_deviation_and_size_come_from_the_metadata()
    {
        Assert.Equal([-1, 1], First(Colour(), 3, "x", ("Image.NominalPixelRange", "Normalized_1_1")).Range);
        var clip = First(Colour(), 3, "x", ("mean", "[0.481, 0.458, 0.408]"), ("std", "0.269,0.261,0.276"), ("imgsz", "[160, 192]"));
        Assert.Equal([0.481f, 0.458f, 0.408f], clip.Mean!);
        Assert.Equal([0.269f, 0.261f, 0.276f], clip.Std!);
        Assert.Equal((192, 160, 1f), (clip.Width, clip.Height, clip.Range[1]));
        Assert.Equal([0, 255], First(Colour(), 3, "x", ("image_mean", "123.7 116.8 103.9")).Range);
        // What makes no sense is not taken over.
        Assert.Null(First(Colour(), 3, "x", ("mean", "[0.5, 0.5]"), ("std", "zero")).Mean);

        static TestModel Colour() => new TestModel().Input("x", [1, 3, -1, -1]);
    }

    [Theory]
    [InlineData("names", "{0: 'tench', 1: \"cock's comb\", 2: 'ray', 3: 'hen'}")]
    [InlineData("names", """{"0": "tench", "1": "cock's comb", "2": "ray", "3": "hen"}""")]
    [InlineData("classes", """["tench","cock's comb","ray","hen"]""")]
    [InlineData("labels", "tench\ncock's comb\nray\nhen\n")]
    [InlineData("Class_Names", "tench, cock's comb, ray, hen")]
    public void Class_names_come_from_the_metadata(string key, string value) =>
        Assert.Equal(["tench", "cock's comb", "ray", "hen"], First(new TestModel().Input("x", [1, 3, 8, 8]), 3, "x", (key, value)).Classes!);

    [Theory]
    [InlineData("names", "{0: 'tench', 2: 'ray', 3: 'hen', 4: 'cock'}")]
    [InlineData("classes", """["tench","ray"]""")]
    [InlineData("classes", "[1, 2")]
    public void Class_names_that_do_not_fit_are_left_out(string key, string value) =>
        Assert.Null(First(new TestModel().Input("x", [1, 3, 8, 8]), 3, "x", (key, value)).Classes);

    [Fact]
    public void An_input_that_is_no_picture_has_no_pipeline()
    {
        Assert.Null(PipelineInference.Of(new TestModel().Input("x", [1, 40]).Node("Relu", "y", ["x"]).Output("y").Graph()));
        Assert.Null(PipelineInference.Of(new TestModel().Input("x", [1, 2, 8, 8]).Node("Relu", "y", ["x"]).Output("y").Graph()));
    }

    private static PicturePipeline Of(TestModel model, params (string Key, string Value)[] metadata)
    {
        model.Output(model.Proto.Graph.Node[^1].Output[0]);
        model.Proto.MetadataProps.AddRange(metadata.Select(m => new StringStringEntryProto { Key = m.Key, Value = m.Value }));
        return PipelineInference.Of(model.Graph())!.Pipeline;
    }

    // Ends the model with a convolution and four classes.
    private static PicturePipeline First(TestModel model, long channels, string from = "x", params (string, string)[] metadata) =>
        Of(End(model.Conv("c", from, channels, 4, 3)), metadata);

    private static PicturePipeline Last(TestModel model, long channels, string from = "x") =>
        Of(End(model.Node("Transpose", "t", [from], ("perm", new long[] { 0, 3, 1, 2 })).Conv("c", "t", channels, 4, 3)));

    private static TestModel End(TestModel model) => model.Node("GlobalAveragePool", "pooled", ["c"]).Node("Flatten", "scores", ["pooled"]);
}

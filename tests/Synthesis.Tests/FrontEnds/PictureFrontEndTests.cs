using PerceptionStudy.Synthesis.FrontEnds;
using PerceptionStudy.Synthesis.Hosting;
using PerceptionStudy.Synthesis.Media;
using PerceptionStudy.Synthesis.Metamers;
using PerceptionStudy.Synthesis.Observers;

namespace PerceptionStudy.Synthesis.Tests.FrontEnds;

public sealed class PictureFrontEndTests : IDisposable
{
    private readonly TestFolder folder = new();
    private readonly ModelSessions sessions = new(threads: 1);

    public void Dispose()
    {
        sessions.Dispose();
        folder.Dispose();
    }

    [Fact]
    public void Range_mean_and_standard_deviation_are_applied_per_channel()
    {
        var pipeline = new PicturePipeline { Width = 8, Height = 8, Range = [0, 255], Mean = [10, 20, 30], Std = [1, 2, 4] };
        Assert.Equal([0.5 * 255 - 10, (0.25 * 255 - 20) / 2, (1 * 255 - 30) / 4.0], Means(pipeline, 0.5f, 0.25f, 1f), Close);
    }

    [Fact]
    public void Channels_can_be_swapped()
    {
        var pipeline = new PicturePipeline { Width = 8, Height = 8, Channels = "bgr", Mean = [0.1f, 0.2f, 0.3f] };
        Assert.Equal([1 - 0.1, 0.25 - 0.2, 0.5 - 0.3], Means(pipeline, 0.5f, 0.25f, 1f), Close);
    }

    [Theory]
    [InlineData("rgb", "nchw")]
    [InlineData("bgr", "nchw")]
    [InlineData("grey", "nchw")]
    [InlineData("rgb", "nhwc")]
    [InlineData("grey", "nhwc")]
    public void Gradients_come_back_through_every_pipeline(string channels, string layout)
    {
        var model = TestNets.Convolutional(folder, channels: channels == "grey" ? 1 : 3, channelsLast: layout == "nhwc");
        var pipeline = new PicturePipeline
        {
            Width = 16, Height = 16, Channels = channels, Layout = layout, Range = [-1, 1],
            Mean = channels == "grey" ? [0.1f] : [0.1f, 0.2f, 0.3f], Std = channels == "grey" ? [0.5f] : [0.5f, 0.6f, 0.7f],
        };
        var natural = TestPictures.Write(folder, "n.png", 16, 16, 4);
        var result = new MetamerSynthesis(sessions, TimeProvider.System).Make(new(model, pipeline, natural, "relu1", folder["m.png"], "fast", 300), _ => { }, default);
        Assert.InRange(result.LossOfSavedFile, 0, 0.05);
    }

    [Fact]
    public void Grey_is_the_weighted_sum_of_the_channels()
    {
        var model = TestNets.Convolutional(folder, channels: 1);
        var pipeline = new PicturePipeline { Width = 16, Height = 16, Channels = "grey" };
        var net = new StimulusModel(sessions, model, pipeline);
        var picture = TestPictures.Waves(16, 16, 2).ToTensor();
        var grey = new float[768];
        for (var i = 0; i < 256; i++)
            grey[i] = grey[i + 256] = grey[i + 512] = (float)(0.299 * picture[i] + 0.587 * picture[i + 256] + 0.114 * picture[i + 512]);
        Assert.Equal(net.Compute(grey, "logits")[0].Select(v => (double)v), net.Compute(picture, "logits")[0].Select(v => (double)v), Close);
    }

    [Fact]
    public void The_hash_is_that_of_the_input_and_not_of_the_classes()
    {
        var pipeline = new PicturePipeline();
        Assert.Equal(PictureFrontEnd.Sha256(pipeline), PictureFrontEnd.Sha256(pipeline with { Classes = ["a"], Decision = "mean-probability" }));
        Assert.NotEqual(PictureFrontEnd.Sha256(pipeline), PictureFrontEnd.Sha256(pipeline with { Mean = [0, 0, 1] }));
    }

    private static bool Close(double a, double b) => Math.Abs(a - b) < 1e-4;

    // The model averages each of its input channels.
    private double[] Means(PicturePipeline pipeline, float red, float green, float blue)
    {
        var model = new StimulusModel(sessions, TestNets.Blocks(folder), pipeline);
        float[] picture = [.. Enumerable.Repeat(red, 64), .. Enumerable.Repeat(green, 64), .. Enumerable.Repeat(blue, 64)];
        return [.. model.Compute(picture, "scores")[0].Select(v => (double)v)];
    }
}

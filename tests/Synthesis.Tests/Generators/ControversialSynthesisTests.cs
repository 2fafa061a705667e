using System.Text.Json;
using PerceptionStudy.Synthesis.FrontEnds;
using PerceptionStudy.Synthesis.Generators;
using PerceptionStudy.Synthesis.Graphs;
using PerceptionStudy.Synthesis.Hosting;
using PerceptionStudy.Synthesis.Media;
using PerceptionStudy.Synthesis.Observers;
using PerceptionStudy.Synthesis.Tests.Graphs;

namespace PerceptionStudy.Synthesis.Tests.Generators;

public sealed class ControversialSynthesisTests : IDisposable
{
    private static readonly PicturePipeline Small = new() { Width = 16, Height = 16 };
    private readonly TestFolder folder = new();
    private readonly ModelSessions sessions = new(threads: 2);

    public void Dispose()
    {
        sessions.Dispose();
        folder.Dispose();
    }

    [Fact]
    public void The_two_demo_networks_disagree_as_asked_on_the_saved_file()
    {
        var models = Path.Combine(Repository.Root, "demo", "models");
        var pipeline = PicturePipelineFile.Read(Path.Combine(models, "pipeline.json"));
        var (a, b) = (new ControversialSide(Path.Combine(models, "standard.onnx"), pipeline, "cat"), new ControversialSide(Path.Combine(models, "robust.onnx"), pipeline, "truck"));
        var result = Make(new(a, b, folder["c.png"], Steps: 400, Seed: 1));
        Assert.Empty(result.Reasons);
        Assert.True(result.Accepted);

        // Asked anew, from the file alone.
        var saved = PictureFile.Read(folder["c.png"]);
        Assert.Equal("cat", new StimulusModel(sessions, a.Model, pipeline).Answer(saved).Category);
        Assert.Equal("truck", new StimulusModel(sessions, b.Model, pipeline).Answer(saved).Category);
        Assert.InRange(result.Score, 0.75, 1);
    }

    [Fact]
    public void Models_of_different_sizes_channels_and_layouts_share_one_picture()
    {
        var a = Side(TestNets.Convolutional(folder, seed: 1, name: "a.onnx"), Small, "1");
        var grey = new PicturePipeline { Width = 24, Height = 24, Channels = "grey", Layout = "nhwc", Range = [0, 255], Mean = [128], Std = [60] };
        var b = Side(TestNets.Convolutional(folder, size: 24, channels: 1, channelsLast: true, seed: 5, name: "b.onnx"), grey, "2");
        var before = Make(new(a, b, folder["0.png"], Steps: 1, Threshold: 0.01));
        var result = Make(new(a, b, folder["c.png"], Steps: 300, Threshold: 0.01));
        var picture = PictureFile.Read(folder["c.png"]);
        Assert.Equal((24, 24), (picture.Width, picture.Height));
        Assert.True(result.Score > before.Score);
        // What the graph's own resizing sees is what a file that is resized gives.
        Assert.Equal(new StimulusModel(sessions, a.Model, Small).Answer(picture.Fit(16, 16, "centre-square")).ClassIndex, result.A.Answer.ClassIndex);
    }

    [Fact]
    public void The_gradient_is_that_of_the_log_odds()
    {
        var pipeline = Small with { Categories = new() { ["x"] = [0, 2], ["y"] = [1] } };
        // Twice the model's size, so that the resizing is part of what is differentiated.
        var model = new ControversialModel(sessions, Side(TestNets.Convolutional(folder), pipeline, "x"), 32, 32, "cpu");
        var picture = TestPictures.Waves(32, 32, 4).ToTensor();
        var (_, gradient) = model.Evaluate(picture);
        var random = new Random(2);
        for (var i = 0; i < 4; i++)
        {
            var direction = gradient.Select(g => g * 2 * random.NextDouble()).ToArray();
            var step = 0.002 / Math.Sqrt(direction.Sum(d => d * d));
            var (up, down) = (Moved(step), Moved(-step));
            Assert.InRange((up - down) / (2 * step) / gradient.Zip(direction, (g, d) => g * d).Sum(), 0.98, 1.02);

            double Moved(double by) => model.Evaluate([.. picture.Zip(direction, (x, d) => (float)(x + by * d))]).LogOdds;
        }
    }

    [Fact]
    public void Log_odds_are_those_of_the_softmax_however_sure_the_model_is()
    {
        double[] scores = [3, -2, 0.5, 1];
        double[] p = [.. scores.Select(s => Math.Exp(s) / scores.Sum(Math.Exp))];
        Assert.Equal(Math.Log((p[0] + p[2]) / (p[1] + p[3])), LogOdds([0, 2], scores), 1e-5);
        Assert.Equal(Math.Log(p[1] / (1 - p[1])), LogOdds([1], scores), 1e-5);
        Assert.Equal(-500, LogOdds([1], 500, 0, -500, 0), 1e-3);
        Assert.Equal(1000, LogOdds([0], 500, -500), 1e-3);

        static double LogOdds(int[] classes, params double[] values)
        {
            var builder = new GraphBuilder();
            builder.Output(CategoryReadout.EmitLogOdds(builder, builder.Input("scores", [1, values.Length, 1, 1]), classes), "odds");
            using var session = builder.ToModel().Session();
            return session.Run(("scores", PerceptionStudy.Synthesis.Graphs.Format.TensorProto.Types.DataType.Float, [1, values.Length, 1, 1], values))[0][0];
        }
    }

    [Fact]
    public void The_scores_are_what_a_softmax_at_the_end_reads()
    {
        var graph = new TestModel().Input("x", [1, 3]).Weights("w", 3, 4).Node("MatMul", "logits", ["x", "w"]).Node("Softmax", "p", ["logits"]).Node("Identity", "named", ["p"]).Output("named").Graph();
        Assert.Equal("logits", CategoryReadout.ScoresOf(graph));
        var plain = new TestModel().Input("x", [1, 3]).Weights("w", 3, 4).Node("MatMul", "logits", ["x", "w"]).Node("Identity", "named", ["logits"]).Output("named").Graph();
        Assert.Equal("named", CategoryReadout.ScoresOf(plain));
    }

    [Fact]
    public void The_same_seed_gives_the_same_file_and_the_manifest_tells_how()
    {
        var (a, b) = (Side(TestNets.Convolutional(folder, seed: 1, name: "a.onnx"), Small, "0"), Side(TestNets.Convolutional(folder, seed: 2, name: "b.onnx"), Small, "3"));
        Make(new(a, b, folder["1.png"], Steps: 20, Seed: 7));
        Make(new(a, b, folder["2.png"], Steps: 20, Seed: 7));
        Assert.Equal(File.ReadAllBytes(folder["1.png"]), File.ReadAllBytes(folder["2.png"]));
        var manifest = JsonSerializer.Deserialize<ControversialManifest>(File.ReadAllBytes(folder["1.json"]), HostProtocol.Files)!;
        Assert.Equal(("1.png", 7, WholeFile.Sha256(a.Model), WholeFile.Sha256(b.Model)), (manifest.Result.Output, manifest.Seed, manifest.ModelA.Sha256, manifest.ModelB.Sha256));
        Assert.Equal(WholeFile.Sha256(folder["1.png"]), manifest.Made.PngSha256);
        Assert.Equal([0, 10, 20], manifest.Curve.Select(c => c.Step));
    }

    [Fact]
    public void What_cannot_be_done_is_said()
    {
        var (a, b) = (Side(TestNets.Convolutional(folder), Small, "0"), Side(TestNets.Convolutional(folder), Small, "0"));
        Assert.Equal("Both models are to see 0; a controversial stimulus needs two different categories.", Refused(new(a, b, folder["c.png"])));
        Assert.Equal("The model knows no category or class 'unicorn'; it knows its classes by number, 0 to 3.", Refused(new(a, b with { Category = "unicorn" }, folder["c.png"])));
        var all = Small with { Categories = new() { ["all"] = [0, 1, 2, 3] } };
        Assert.Equal("All of the model's classes belong to all, so it cannot see anything else.", Refused(new(a, b with { Category = "all", Pipeline = all }, folder["c.png"])));
        Assert.False(File.Exists(folder["c.png"]));
    }

    private static ControversialSide Side(string model, PicturePipeline pipeline, string category) => new(model, pipeline, category);

    private string Refused(SynthesizeControversial request) => Assert.Throws<SynthesisException>(() => Make(request)).Message;

    private ControversialResult Make(SynthesizeControversial request) => new ControversialSynthesis(sessions, TimeProvider.System).Make(request, _ => { }, default);
}

using PerceptionStudy.Synthesis.Criteria;
using PerceptionStudy.Synthesis.FrontEnds;
using PerceptionStudy.Synthesis.Graphs;
using PerceptionStudy.Synthesis.Hosting;
using PerceptionStudy.Synthesis.Media;
using PerceptionStudy.Synthesis.Metamers;

namespace PerceptionStudy.Synthesis.Tests.Metamers;

public sealed class MetamerSynthesisTests : IDisposable
{
    private static readonly PicturePipeline Small = new() { Width = 16, Height = 16 };
    private readonly TestFolder folder = new();
    private readonly ModelSessions sessions = new(threads: 1);

    public void Dispose()
    {
        sessions.Dispose();
        folder.Dispose();
    }

    [Theory]
    [InlineData("feather2023", 800, 0.01)]
    [InlineData("fast", 300, 0.01)]
    public void A_linear_stage_reaches_the_solution_that_is_known(string preset, int steps, double tolerance)
    {
        // The natural picture stays near grey, so that the solution lies within 0 to 1 and no pixel is cut.
        var natural = new Picture(8, 8, [.. TestPictures.Waves(8, 8, 3).Pixels.Select(p => (byte)(128 + (p - 128) / 4))]);
        PictureFile.WritePng(natural, folder["natural.png"]);
        var result = Make(new(TestNets.Blocks(folder), new PicturePipeline { Width = 8, Height = 8 }, folder["natural.png"], "blocks", folder["m.png"], preset, steps, Seed: 5));

        Assert.InRange(result.Loss, 0, 0.003);
        var (start, goal, made) = (NoiseSource.Start(5, 192), natural.ToTensor(), PictureFile.Read(folder["m.png"]).ToTensor());
        for (var i = 0; i < made.Length; i++)
            Assert.Equal(start[i] + BlockMean(goal, i) - BlockMean(start, i), made[i], tolerance);
        for (var i = 0; i < made.Length; i++)
            Assert.Equal(BlockMean(goal, i), BlockMean(made, i), tolerance);

        static double BlockMean(float[] picture, int i)
        {
            var (plane, y, x) = (i / 64 * 64, i % 64 / 8 / 2 * 2, i % 8 / 2 * 2);
            return (picture[plane + 8 * y + x] + picture[plane + 8 * y + x + 1] + picture[plane + 8 * (y + 1) + x] + picture[plane + 8 * (y + 1) + x + 1]) / 4.0;
        }
    }

    [Theory]
    [InlineData("feather2023")]
    [InlineData("fast")]
    public void The_same_seed_gives_the_same_bytes_and_another_seed_others(string preset)
    {
        var request = Request(preset);
        Make(request);
        var first = File.ReadAllBytes(request.Output);
        Make(request with { Output = folder["again.png"] });
        Assert.Equal(first, File.ReadAllBytes(folder["again.png"]));
        Make(request with { Output = folder["other.png"], Seed = 1 });
        Assert.NotEqual(first, File.ReadAllBytes(folder["other.png"]));
    }

    [Theory]
    [InlineData("feather2023")]
    [InlineData("fast")]
    public void Going_on_after_a_stop_gives_the_same_bytes_as_never_having_stopped(string preset)
    {
        var request = Request(preset) with { Steps = 400 };
        var whole = Make(request);
        var expected = File.ReadAllBytes(request.Output);

        var stopped = request with { Output = folder["stopped.png"], Checkpoint = folder["stopped.checkpoint"] };
        for (var stop = 0; stop < 2; stop++)
        {
            // Stops in the middle, as cancelling does: by the clock, at a step that nobody chose.
            using var cancel = new CancellationTokenSource();
            var synthesis = new MetamerSynthesis(sessions, new SteppingClock(() => cancel.Cancel(), after: 300 + 470 * stop));
            Assert.Throws<OperationCanceledException>(() => synthesis.Make(stopped, _ => { }, cancel.Token));
            Assert.True(File.Exists(stopped.Checkpoint));
            Assert.False(File.Exists(stopped.Output));
        }
        var resumed = Make(stopped);
        Assert.Equal(expected, File.ReadAllBytes(stopped.Output));
        Assert.Equal(whole.Loss, resumed.Loss);
        Assert.False(File.Exists(stopped.Checkpoint));
    }

    [Theory]
    [InlineData("logits", "converged")]
    [InlineData("relu2", "plateau")]
    public void A_synthesis_with_nothing_more_to_gain_ends_before_its_last_step(string stage, string ended)
    {
        var result = Make(Request("fast") with { Stage = stage, Steps = 20_000 });
        Assert.Equal(ended, result.Ended);
        Assert.InRange(result.GradientEvaluations, 2, 19_999);
        // It ends where little more is to be had: at most twice the loss to which the published steps come.
        var published = Make(Request("feather2023") with { Stage = stage, Output = folder["published.png"], Steps = 24_000 });
        Assert.InRange(result.Loss, 0, 2 * published.Loss);
    }

    [Fact]
    public void Where_the_descent_stalls_a_walk_leads_to_a_deeper_place()
    {
        var request = Request("fast") with { Steps = 430 };
        var result = Make(request);
        var curve = Manifest(request).Curve;
        var rise = Enumerable.Range(1, curve.Length - 1).First(i => curve[i].Loss > 3 * curve[i - 1].Loss);
        Assert.InRange(result.Loss, 0, 0.5 * curve[..rise].Min(p => p.Loss));
    }

    [Fact]
    public void The_best_picture_counts_and_not_the_last()
    {
        // The clock, four looks of 0.1 ms for each step, ends it in the middle of the first walk.
        var request = Request("fast") with { Steps = 430, TimeLimitSeconds = 0.064 };
        var result = new MetamerSynthesis(sessions, new SteppingClock(() => { }, after: 0)).Make(request, _ => { }, default);
        var curve = Manifest(request).Curve;
        Assert.Equal("time-limit", result.Ended);
        Assert.True(curve[^1].Loss > 1.5 * curve.Min(p => p.Loss), $"{result.GradientEvaluations} {curve[^1].Loss}");
        Assert.InRange(result.Loss, 0, 1.0001 * curve.Min(p => p.Loss));
    }

    [Theory]
    [InlineData("feather2023")]
    [InlineData("fast")]
    public void Pictures_that_go_together_end_as_each_alone(string preset)
    {
        string[] inputs = [.. Enumerable.Range(1, 3).Select(seed => TestPictures.Write(folder, $"n{seed}.png", 16, 16, seed))];
        SynthesizeMetamer[] requests = [.. inputs.Select((input, i) => Request(preset) with { Natural = input, Output = folder[$"m{i}.png"], Seed = i })];
        var together = new MetamerSynthesis(sessions, TimeProvider.System).MakeTogether(requests, _ => { }, default);
        for (var i = 0; i < requests.Length; i++)
        {
            var alone = Make(requests[i] with { Output = folder[$"alone{i}.png"] });
            Assert.Equal(PictureFile.Read(folder[$"alone{i}.png"]).PixelsSha256(), PictureFile.Read(together[i].Output).PixelsSha256());
            Assert.Equal(alone.GradientEvaluations, together[i].GradientEvaluations);
        }
    }

    [Fact]
    public void A_start_that_breaks_down_is_followed_by_one_with_shorter_steps()
    {
        // The square of exp(exp(3.9 x)) leaves float32 near white. The published first step, of length 1, takes the one bright pixel there; a tenth of it does not.
        PictureFile.WritePng(new(8, 8, [229, .. Enumerable.Repeat((byte)80, 191)]), folder["n.png"]);
        var request = new SynthesizeMetamer(TestNets.DoubleExp(folder, 3.9f), new PicturePipeline { Width = 8, Height = 8 }, folder["n.png"], "steep", folder["m.png"], "feather2023", 200);
        var result = Make(request);
        Assert.True(double.IsFinite(result.Loss));
        Assert.InRange(Manifest(request).Restarts, 1, 3);
    }

    [Fact]
    public void Fast_takes_a_step_back_whose_loss_is_no_number()
    {
        PictureFile.WritePng(new(8, 8, [229, .. Enumerable.Repeat((byte)80, 191)]), folder["n.png"]);
        var request = new SynthesizeMetamer(TestNets.DoubleExp(folder, 3.9f), new PicturePipeline { Width = 8, Height = 8 }, folder["n.png"], "steep", folder["m.png"], "fast", 200);
        var result = Make(request);
        Assert.Equal(0, Manifest(request).Restarts);
        Assert.InRange(result.Loss, 0, 0.5 * Manifest(request).Curve[0].Loss);
    }

    [Fact]
    public void The_picture_file_holds_pixels_and_nothing_else()
    {
        var request = Request("fast") with { Steps = 2 };
        Make(request);
        var bytes = File.ReadAllBytes(request.Output);
        var kinds = new HashSet<string>();
        for (var at = 8; at < bytes.Length; at += 12 + System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(at)))
            kinds.Add(System.Text.Encoding.ASCII.GetString(bytes, at + 4, 4));
        Assert.Equal(["IDAT", "IEND", "IHDR", "sBIT"], kinds.Order(StringComparer.Ordinal)); // sBIT: eight bits for each colour.
    }

    [Fact]
    public void A_time_limit_ends_it_with_what_it_has()
    {
        var result = Make(Request("feather2023") with { Steps = 1_000_000, TimeLimitSeconds = 0.3 });
        Assert.Equal("time-limit", result.Ended);
        Assert.InRange(result.GradientEvaluations, 1, 999_999);
        Assert.True(File.Exists(result.Output));
    }

    [Fact]
    public void A_finished_metamer_is_not_made_again_but_judged_anew()
    {
        var request = Request("feather2023") with { Checkpoint = folder["c"] };
        var first = Make(request);
        Assert.Equal(["The match was not compared with chance, because no null distribution was given."], first.Reasons);
        var bytes = File.ReadAllBytes(request.Output);
        var calls = 0;
        var again = new MetamerSynthesis(sessions, TimeProvider.System).Make(request with { Null = NullFile(request) }, _ => calls++, default);
        Assert.Equal(0, calls);
        Assert.Equal((first.Loss, first.Spearman, first.Seconds), (again.Loss, again.Spearman, again.Seconds));
        Assert.NotEqual(first.Reasons, again.Reasons);
        Assert.Equal(bytes, File.ReadAllBytes(request.Output));
        Make(request with { Seed = 2 });
        Assert.NotEqual(bytes, File.ReadAllBytes(request.Output));
    }

    [Fact]
    public void A_good_metamer_is_accepted_and_a_poor_one_is_not_each_measured_on_the_saved_file()
    {
        var request = Request("fast") with { Steps = 600 };
        request = request with { Null = NullFile(request) };
        var good = Make(request);
        Assert.True(good.Accepted, string.Join(' ', good.Reasons));
        Assert.Equal(good.NaturalClass, good.MetamerClass);
        Assert.InRange(good.Spearman, 0.95, 1);
        Assert.Equal(2 * good.PaperSnrDb, good.SnrDb, 9);
        Assert.Equal(-20 * Math.Log10(good.LossOfSavedFile), good.SnrDb, 6);

        var poor = Make(request with { Steps = 1, Output = folder["poor.png"] });
        Assert.False(poor.Accepted);
        Assert.NotEmpty(poor.Reasons);
        Assert.Equal(1, poor.GradientEvaluations);
    }

    [Fact]
    public void The_manifest_tells_how_it_was_made_and_what_it_is_worth()
    {
        var request = Request("feather2023");
        request = request with { Null = NullFile(request) };
        var result = Make(request);
        var manifest = MetamerManifest.OfFinished(request.Output, Manifest(request).Plan.Sha256())!;
        Assert.Equal(result.Loss, manifest.Result.Loss);
        Assert.Equal(WholeFile.Sha256(request.Model), manifest.Plan.ModelSha256);
        Assert.Equal(("relu2", "feather2023", 160, 0, "cpu"), (manifest.Plan.Tensor, manifest.Plan.Preset, manifest.Plan.Steps, manifest.Plan.Seed, manifest.Plan.Provider));
        Assert.Equal(WholeFile.Sha256(request.Natural), manifest.NaturalSha256);
        Assert.Equal(WholeFile.Sha256(request.Output), manifest.PngSha256);
        Assert.Equal((0, 159), (manifest.Curve[0].Step, manifest.Curve[^1].Step));
        Assert.True(manifest.Curve[^1].Loss < manifest.Curve[0].Loss);
        Assert.Equal((100, "random-resized-crop"), (manifest.Chance!.Pairs, manifest.Chance.Augmentation));
        Assert.Equal(manifest.Chance.Ranks!.Pearson / 101d, manifest.Chance.P.Pearson);
        // The match of the saved file at the stage is the result's, and it is measured at every other proposed stage too.
        var own = manifest.Stages.Single(s => s.Generated);
        Assert.Equal((result.Spearman, result.Pearson, result.SnrDb, result.PaperSnrDb, manifest.Chance.Ranks), (own.Spearman, own.Pearson, own.SnrDb, own.PaperSnrDb, own.Ranks));
        Assert.Equal(result.LossOfSavedFile, own.RelativeDistance!.Value, 1e-6);
        var others = manifest.Stages.Where(s => !s.Generated).ToArray();
        Assert.Contains(others, s => s.Tensor == "logits");
        Assert.All(others, s => Assert.Null(s.Ranks));
        Assert.True(manifest.Ended >= manifest.Started);
        Assert.NotEmpty(manifest.RuntimeVersion);
        Assert.NotEmpty(manifest.ToolVersion);
    }

    [Fact]
    public void Progress_ends_at_the_last_step_and_the_preview_is_a_picture()
    {
        var reports = new List<SynthesisProgress>();
        var request = Request("fast") with { Steps = 20, Preview = folder["preview.png"] };
        new MetamerSynthesis(sessions, TimeProvider.System).Make(request, reports.Add, default);
        Assert.Equal((20, 20), (reports[^1].Step, reports[^1].Steps));
        Assert.True(double.IsFinite(reports[^1].Loss) && reports[^1].GradientNorm > 0);
        Assert.Equal(16, PictureFile.Read(folder["preview.png"]).Width);
    }

    [Theory]
    [InlineData("nowhere", "The model has no stage nowhere; the closest are ")]
    public void A_stage_that_does_not_exist_is_named_with_those_that_do(string stage, string message) =>
        Assert.StartsWith(message, Assert.Throws<ModelFormatException>(() => Make(Request("fast") with { Stage = stage })).Message, StringComparison.Ordinal);

    [Fact]
    public void Settings_that_make_no_sense_are_named()
    {
        Assert.Equal("The preset 'slow' is not known; take feather2023 or fast.", Refused(Request("slow")));
        Assert.Equal("A synthesis needs at least one step.", Refused(Request("fast") with { Steps = 0 }));
        Assert.Equal("The provider 'abacus' is not known; take auto, cpu, cuda or webgpu.", Refused(Request("fast") with { Provider = "abacus" }));
        Assert.Equal($"There is no file {folder["no.onnx"]}.", Refused(Request("fast") with { Model = folder["no.onnx"] }));

        var wrongSize = Assert.Throws<ModelFormatException>(() => Make(Request("fast") with { Pipeline = Small with { Width = 20 } }));
        Assert.Equal("The model's input image is 1 x 3 x 16 x 16, not 1 x 3 x 16 x 20.", wrongSize.Message);
    }

    [Fact]
    public void A_stage_that_is_zero_everywhere_cannot_be_matched()
    {
        PictureFile.WritePng(new(8, 8, new byte[192]), folder["black.png"]);
        Assert.Equal("The stage blocks is 0 everywhere for black.png, so there is nothing to match; take another stage.",
            Refused(new(TestNets.Blocks(folder), new PicturePipeline { Width = 8, Height = 8 }, folder["black.png"], "blocks", folder["m.png"], "fast", 10)));
    }

    [Fact]
    public void A_model_whose_values_leave_float32_stops_with_a_reason()
    {
        var model = TestNets.With(folder, "Exp");
        TestPictures.Write(folder, "n.png", 8, 8, 1);
        // exp(255 times the pixel) is infinite above 0.35.
        var message = Refused(new(model, new PicturePipeline { Width = 8, Height = 8, Range = [0, 255] }, folder["n.png"], "special", folder["m.png"], "fast", 10));
        Assert.StartsWith("The synthesis broke down at step 0: the loss is ", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_stage_behind_an_operator_without_gradient_is_refused_with_its_name()
    {
        var model = TestNets.With(folder, "Hardmax");
        TestPictures.Write(folder, "n.png", 8, 8, 1);
        var message = Refused(new(model, new PicturePipeline { Width = 8, Height = 8 }, folder["n.png"], "special", folder["m.png"], "fast", 10));
        Assert.StartsWith("No metamer can be made at the stage special: ", message, StringComparison.Ordinal);
        Assert.Contains("Hardmax", message, StringComparison.Ordinal);
    }

    private SynthesizeMetamer Request(string preset) => new(
        TestNets.Convolutional(folder), Small, TestPictures.Write(folder, "natural.png", 20, 16, 1), "relu2", folder["m.png"], preset, 160);

    private MetamerResult Make(SynthesizeMetamer request) => new MetamerSynthesis(sessions, TimeProvider.System).Make(request, _ => { }, default);

    private string Refused(SynthesizeMetamer request) => Assert.Throws<SynthesisException>(() => Make(request)).Message;

    private static MetamerManifest Manifest(SynthesizeMetamer request) =>
        System.Text.Json.JsonSerializer.Deserialize<MetamerManifest>(File.ReadAllBytes(MetamerManifest.PathFor(request.Output)), HostProtocol.Files)!;

    private string NullFile(SynthesizeMetamer request)
    {
        string[] pool = [.. Enumerable.Range(10, 4).Select(seed => TestPictures.Write(folder, $"pool{seed}.png", 16, 16, seed))];
        new NullMeasurement(sessions, TimeProvider.System).Measure(new(request.Model, request.Pipeline, [request.Stage], pool, 100, 1, folder["null.json"]), _ => { }, default);
        return folder["null.json"];
    }
}

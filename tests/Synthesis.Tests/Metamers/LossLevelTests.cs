using PerceptionStudy.Synthesis.FrontEnds;
using PerceptionStudy.Synthesis.Hosting;
using PerceptionStudy.Synthesis.Media;
using PerceptionStudy.Synthesis.Metamers;

namespace PerceptionStudy.Synthesis.Tests.Metamers;

/// <summary>Syntheses that are cut off at a fraction of the loss at their start.</summary>
public sealed class LossLevelTests : IDisposable
{
    private readonly TestFolder folder = new();
    private readonly ModelSessions sessions = new(threads: 1);

    public void Dispose()
    {
        sessions.Dispose();
        folder.Dispose();
    }

    [Fact]
    public void Each_level_is_a_stimulus_of_just_that_loss()
    {
        var evaluations = new List<int>();
        foreach (var level in (double[])[0.5, 0.25, 0.1])
        {
            var result = Make(Request("fast", level));
            var manifest = Manifest(result);
            Assert.Equal(("loss-level", level), (result.Ended, manifest.Plan.LossLevel!.Value));
            Assert.Equal(level, result.Loss / manifest.Curve[0].Loss, 0.01 * level);
            // The file that people see has 8 bits.
            Assert.Equal(level, result.LossOfSavedFile / manifest.Curve[0].Loss, 0.1 * level);
            // No criterion of a finished metamer is demanded: no null distribution was given.
            Assert.True(result.Accepted, string.Join(' ', result.Reasons));
            evaluations.Add(result.GradientEvaluations);
        }
        Assert.True(evaluations is [var half, var quarter, var tenth] && half < quarter && quarter < tenth, string.Join(' ', evaluations));
    }

    [Fact]
    public void The_published_schedule_ends_a_step_behind_its_level()
    {
        var result = Make(Request("feather2023", 0.25));
        var curve = Manifest(result).Curve;
        Assert.Equal("loss-level", result.Ended);
        Assert.InRange(curve[^1].Loss / curve[0].Loss, 0.125, 0.25);
        Assert.InRange(result.GradientEvaluations, 2, 1_000);
    }

    [Fact]
    public void A_level_that_is_not_reached_is_not_accepted()
    {
        var result = Make(Request("fast", 0.01) with { Steps = 3 });
        Assert.Equal("steps", result.Ended);
        Assert.False(result.Accepted);
        Assert.Matches(@"^The loss of the saved file is 0\.\d+ of that at the start, which is too far from the level 0\.01\.$", Assert.Single(result.Reasons));
    }

    [Theory]
    [InlineData("feather2023")]
    [InlineData("fast")]
    public void Going_on_after_a_stop_gives_the_same_bytes(string preset)
    {
        // A level that is reached late, so that the stop comes before.
        var finished = Make(Request(preset, null) with { Steps = 200 });
        var request = Request(preset, 1.05 * finished.Loss / Manifest(finished).Curve[0].Loss) with { Steps = 400 };
        var whole = Make(request);
        Assert.Equal("loss-level", whole.Ended);
        var expected = File.ReadAllBytes(request.Output);
        var stopped = request with { Output = folder["stopped.png"], Checkpoint = folder["stopped.checkpoint"] };
        // Stops by the clock, some ten steps on.
        using var cancel = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => new MetamerSynthesis(sessions, new SteppingClock(() => cancel.Cancel(), after: 40)).Make(stopped, _ => { }, cancel.Token));
        Assert.True(File.Exists(stopped.Checkpoint));
        var resumed = Make(stopped);
        Assert.Equal((whole.Loss, whole.GradientEvaluations), (resumed.Loss, resumed.GradientEvaluations));
        Assert.Equal(expected, File.ReadAllBytes(stopped.Output));
    }

    [Fact]
    public void Levels_of_one_picture_can_be_made_together()
    {
        SynthesizeMetamer[] requests = [Request("fast", 0.5) with { Output = folder["half.png"] }, Request("fast", 0.25) with { Output = folder["quarter.png"] }];
        var together = new MetamerSynthesis(sessions, TimeProvider.System).MakeTogether(requests, _ => { }, default);
        foreach (var (request, result) in requests.Zip(together))
            Assert.Equal(Make(request with { Output = folder["alone.png"] }).LossOfSavedFile, result.LossOfSavedFile);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void A_level_is_a_fraction(double level) =>
        Assert.Equal("A loss level is a fraction of the loss at the start, above 0 and below 1.", Assert.Throws<SynthesisException>(() => Make(Request("fast", level))).Message);

    private SynthesizeMetamer Request(string preset, double? level) => new(
        TestNets.Convolutional(folder), new PicturePipeline { Width = 16, Height = 16 }, TestPictures.Write(folder, "natural.png", 16, 16, 1), "relu2", folder["m.png"], preset, 1_000, LossLevel: level);

    private MetamerResult Make(SynthesizeMetamer request) => new MetamerSynthesis(sessions, TimeProvider.System).Make(request, _ => { }, default);

    private static MetamerManifest Manifest(MetamerResult result) =>
        System.Text.Json.JsonSerializer.Deserialize<MetamerManifest>(File.ReadAllBytes(MetamerManifest.PathFor(result.Output)), HostProtocol.Files)!;
}

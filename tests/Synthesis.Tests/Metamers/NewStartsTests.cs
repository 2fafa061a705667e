using PerceptionStudy.Synthesis.FrontEnds;
using PerceptionStudy.Synthesis.Hosting;
using PerceptionStudy.Synthesis.Metamers;

namespace PerceptionStudy.Synthesis.Tests.Metamers;

/// <summary>Where walks lead out of no hollow, as at the robust network's logits, <c>fast</c> begins anew from other noise.</summary>
public sealed class NewStartsTests : IDisposable
{
    private readonly TestFolder folder = new();
    private readonly ModelSessions sessions = new(threads: 1);

    public void Dispose()
    {
        sessions.Dispose();
        folder.Dispose();
    }

    /// <summary>Which hollow is deep is a matter of chance to the last digit of a sum, so that another processor takes another way.</summary>
    [Fact]
    public void Stops_between_change_nothing()
    {
        var request = Request();
        var whole = new MetamerSynthesis(sessions, TimeProvider.System).Make(request, _ => { }, default);

        request = request with { Output = folder["stopped.png"], Checkpoint = folder["c"] };
        MetamerResult? broken = null;
        for (var stop = 0; broken is null; stop++)
        {
            using var cancel = new CancellationTokenSource();
            var synthesis = new MetamerSynthesis(sessions, new SteppingClock(() => cancel.Cancel(), after: 900 + 230 * stop));
            try
            {
                broken = synthesis.Make(request, _ => { }, cancel.Token);
            }
            catch (OperationCanceledException)
            {
                Assert.True(File.Exists(request.Checkpoint));
            }
        }
        Assert.Equal(File.ReadAllBytes(whole.Output), File.ReadAllBytes(broken.Output));
        Assert.Equal(whole.GradientEvaluations, broken.GradientEvaluations);
    }

    /// <summary>Stopped exactly where a new start is about to be fetched or measured too: the control is the same after it was kept and restored at any step.</summary>
    [Fact]
    public void Every_decision_can_be_kept_and_restored()
    {
        var preset = new FastPreset();
        var (one, two) = (preset.Control(2400), preset.Control(2400));
        float[] scalars = new float[preset.Scalars], others = new float[preset.Scalars], measures = new float[preset.Measures];
        var random = new Random(1);
        var anew = new List<int>();
        for (var step = 0; step < 1200; step++)
        {
            Array.Clear(scalars);
            Array.Clear(others);
            one.Ask(step, scalars);
            two.Ask(step, others);
            Assert.Equal(scalars, others);
            // A loss that stays where it is, and slopes that say that each step was good.
            for (var i = 0; i < measures.Length; i++)
                measures[i] = random.NextSingle();
            (measures[^2], measures[^1]) = (-1, -0.1f);
            var fetched = one.NeedsHost;
            one.Learn(step, 0.5f, measures);
            two.Learn(step, 0.5f, measures);
            Assert.Equal(fetched, one.BeginsAnew is not null);
            if (one.BeginsAnew is { } start)
                anew.Add(start);
            var next = preset.Control(2400);
            next.Restore(two.Keep());
            two = next;
            Assert.Equal((one.NeedsHost, one.BeginsAnew, one.Picture, one.Ended), (two.NeedsHost, two.BeginsAnew, two.Picture, two.Ended));
        }
        Assert.Equal(Enumerable.Range(1, anew.Count), anew);
        Assert.True(anew.Count > 5);
    }

    [Fact]
    public void No_two_syntheses_share_a_start()
    {
        Assert.Equal(17, NoiseSource.SeedOfStart(17, 0));
        var seeds = Enumerable.Range(0, 1000).SelectMany(seed => Enumerable.Range(0, 41).Select(start => NoiseSource.SeedOfStart(seed, start))).ToArray();
        Assert.Equal(seeds.Length, seeds.Distinct().Count());
    }

    private SynthesizeMetamer Request()
    {
        var demo = Path.Combine(Repository.Root, "demo");
        return new(
            Path.Combine(demo, "models", "robust.onnx"), PicturePipelineFile.Read(Path.Combine(demo, "models", "pipeline.json")), Path.Combine(demo, "pictures", "car", "car-2.png"),
            "logits", folder["whole.png"], "fast", Steps: 1600, Seed: 1);
    }
}

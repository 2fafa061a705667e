using PerceptionStudy.Synthesis.Criteria;
using PerceptionStudy.Synthesis.FrontEnds;
using PerceptionStudy.Synthesis.Graphs;
using PerceptionStudy.Synthesis.Hosting;
using PerceptionStudy.Synthesis.Media;
using PerceptionStudy.Synthesis.Metamers;
using PerceptionStudy.Synthesis.Observers;
using PerceptionStudy.Synthesis.Stages;

namespace PerceptionStudy.Synthesis.Tests.Metamers;

/// <summary>Metamers of sounds, waveform and cochleagram, with small networks of random weights.</summary>
public sealed class SoundSynthesisTests : IDisposable
{
    private static readonly SoundPipeline Wave = new() { RateHz = 8_000, Samples = 2_000, Categories = new() { ["yes"] = [0], ["no"] = [1], ["maybe"] = [2, 3] } };
    private static readonly SoundPipeline Heard = Wave with { Cochleagram = new() { Filters = 8, LowHz = 60, HighHz = 3_500, Overcompleteness = 2, LowPassSamples = 201 }, Shape = [1, 21, 45] };
    private readonly TestFolder folder = new();
    private readonly ModelSessions sessions = new(threads: 1);

    public void Dispose()
    {
        sessions.Dispose();
        folder.Dispose();
    }

    [Theory]
    [InlineData("feather2023", 800)]
    [InlineData("fast", 400)]
    public void A_metamer_of_a_waveform_matches_and_is_another_sound(string preset, int steps)
    {
        var result = Make(Request(Wave, preset, steps));
        var (natural, made) = (SoundFile.Read(result.Input), SoundFile.Read(result.Output));
        Assert.Equal((8_000, 2_000), (made.RateHz, made.Samples.Length));
        Assert.InRange(result.LossOfSavedFile, 0, 0.05);
        Assert.Equal(result.NaturalClass, result.MetamerClass);
        var correlation = ActivationMatch.Pearson(natural.Samples, made.Samples);
        Assert.InRange(correlation, -1, 0.95);
        // The judged file is the one on the disk.
        var net = new StimulusModel(sessions, TestNets.Words(folder, Wave), Wave);
        Assert.Equal(result.LossOfSavedFile, ActivationMatch.RelativeDistance(net.Compute(natural.ToTensor(), "relu1")[0], net.Compute(made.ToTensor(), "relu1")[0]), 1e-6);
    }

    [Fact]
    public void A_metamer_is_made_through_the_cochleagram()
    {
        var result = Make(Request(Heard, "fast", 600));
        Assert.InRange(result.LossOfSavedFile, 0, 0.1);
        var manifest = Manifest(result);
        Assert.Equal(Heard with { Categories = manifest.Pipeline.Categories }, (SoundPipeline)manifest.Pipeline with { Shape = Heard.Shape });
        Assert.Null(manifest.PngSha256);
        Assert.Equal(WholeFile.Sha256(result.Output), manifest.Sound!.WavSha256);
        Assert.Equal(SoundFile.Read(result.Output).Rms, manifest.Sound.Rms, 1e-9);
        Assert.Equal(0.1, manifest.Sound.NaturalRms, 1e-3);
    }

    [Fact]
    public void A_metamer_of_the_cochleagram_itself_is_another_sound_with_nearly_the_same_one()
    {
        var result = Make(Request(Heard, "fast", 600) with { Stage = "input" });
        Assert.Equal("input", result.Stage);
        Assert.InRange(result.LossOfSavedFile, 0, 0.1);
        var net = new StimulusModel(sessions, TestNets.Words(folder, Heard), Heard);
        var (natural, made) = (SoundFile.Read(result.Input), SoundFile.Read(result.Output));
        Assert.InRange(ActivationMatch.Pearson(natural.Samples, made.Samples), -1, 0.95);
        var input = net.Graph.Input.Name;
        Assert.Equal(result.LossOfSavedFile, ActivationMatch.RelativeDistance(net.Compute(natural.ToTensor(), input)[0], net.Compute(made.ToTensor(), input)[0]), 1e-6);
        Assert.Contains(Manifest(result).Stages, s => s is { Stage: "input", Generated: true });
        // Nothing but the natural waveform has its own: it is no stage.
        Assert.DoesNotContain(StageCatalog.List(OnnxGraph.Load(TestNets.Words(folder, Wave))), s => s.Name == "input");
        var published = StageCatalog.List(OnnxGraph.Load(TestNets.Words(folder, new SoundPipeline { Cochleagram = new(), Shape = [1, 211, 390] })));
        Assert.True(published[0] is { Name: "input", Proposed: true, RelativeSize: 1 });
    }

    [Fact]
    public void A_metamer_is_brought_to_a_level_before_it_is_judged()
    {
        var request = Request(Heard, "fast", 300);
        var own = Manifest(Make(request));
        var result = Make(request with { Rms = 0.03, Output = folder["levelled.wav"] });
        var manifest = Manifest(result);
        Assert.Equal(0.03, SoundFile.Read(result.Output).Rms, 1e-4);
        Assert.Equal((0.03, 0.03), (Math.Round(manifest.Sound!.Rms, 4), manifest.Plan.Rms!.Value));
        Assert.NotEqual(own.Result.LossOfSavedFile, result.LossOfSavedFile);
        Assert.Equal(own.Result.Loss, result.Loss);
        Assert.Equal(20 * Math.Log10(manifest.Sound.Rms / own.Sound!.Rms), manifest.Sound.LoudnessLufs!.Value - own.Sound.LoudnessLufs!.Value, 0.05);
        // A plan without a level has the hash that it always had.
        Assert.DoesNotContain("rms", System.Text.Json.JsonSerializer.Serialize(own.Plan, HostProtocol.Lines), StringComparison.OrdinalIgnoreCase);
        Assert.Contains("above 0 and below 1", Assert.Throws<SynthesisException>(() => Make(request with { Rms = 1.5 })).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("feather2023")]
    [InlineData("fast")]
    public void Going_on_after_a_stop_gives_the_same_bytes(string preset)
    {
        var request = Request(Heard, preset, 120);
        Make(request);
        var stopped = request with { Output = folder["stopped.wav"], Checkpoint = folder["stopped.checkpoint"], CheckpointSeconds = 0 };
        using var cancel = new CancellationTokenSource();
        var steps = 0;
        // The fortieth report stops it.
        Assert.Throws<OperationCanceledException>(() => new MetamerSynthesis(sessions, new EachLook()).Make(stopped, _ => { if (++steps == 40) cancel.Cancel(); }, cancel.Token));
        Assert.True(File.Exists(stopped.Checkpoint));
        Assert.False(File.Exists(stopped.Output));
        Make(stopped);
        Assert.Equal(File.ReadAllBytes(request.Output), File.ReadAllBytes(stopped.Output));
        // And once more: what is finished is kept, not made anew.
        var again = Make(stopped);
        Assert.Equal(Manifest(again).Sound!.WavSha256, WholeFile.Sha256(request.Output));
    }

    [Fact]
    public void The_start_is_quiet_noise_that_depends_on_the_seed()
    {
        var start = Wave.Start(3);
        Assert.Equal(2_000, start.Length);
        Assert.Equal(0, start.Average(v => (double)v), 1e-8);
        Assert.Equal(1e-7, Math.Sqrt(start.Average(v => (double)v * v)), 5e-9);
        Assert.NotEqual(start, Wave.Start(4));
    }

    [Fact]
    public void Chance_is_measured_on_sounds_and_judges_the_metamer()
    {
        var pool = Enumerable.Range(10, 12).Select(seed => Voice($"p{seed}.wav", seed, 2_000 + 100 * seed)).ToArray();
        var model = TestNets.Words(folder, Heard);
        var request = new MeasureNull(model, Heard, ["relu1"], pool, 300, 1, folder["null.json"]);
        var summary = new NullMeasurement(sessions, TimeProvider.System).Measure(request, _ => { }, default);
        Assert.Equal(300, summary.Stages[0].Pairs);
        Assert.InRange(summary.Stages[0].Max.Pearson, 0.05, 0.999);
        Assert.Equal("random-shift", NullDistribution.Read(folder["null.json"]).Augmentation);

        var good = Make(Request(Heard, "fast", 600) with { Null = folder["null.json"] });
        Assert.DoesNotContain(good.Reasons, r => r.Contains("chance pairs", StringComparison.Ordinal));
        var poor = Make(Request(Heard, "fast", 1) with { Null = folder["null.json"], Output = folder["poor.wav"] });
        Assert.False(poor.Accepted);
        Assert.Contains(poor.Reasons, r => r.Contains("chance pairs", StringComparison.Ordinal));
        Assert.Equal("The augmentation 'random-resized-crop' is not known; take random-shift or none.", Assert.Throws<SynthesisException>(
            () => new NullMeasurement(sessions, TimeProvider.System).Measure(request with { Augmentation = "random-resized-crop" }, _ => { }, default)).Message);
    }

    [Fact]
    public void Without_augmentation_the_measures_are_those_of_each_pair()
    {
        string[] pool = [.. Enumerable.Range(1, 3).Select(seed => Voice($"q{seed}.wav", seed, 2_000))];
        var model = TestNets.Words(folder, Wave);
        new NullMeasurement(sessions, TimeProvider.System).Measure(new(model, Wave, ["relu1"], pool, 3, 1, folder["n.json"], "none"), _ => { }, default);
        var net = new StimulusModel(sessions, model, Wave);
        var activations = pool.Select(p => net.Compute(net.Read(p).ToTensor(), "relu1")[0]).ToArray();
        var expected = new[] { (0, 1), (0, 2), (1, 2) }.Max(p => ActivationMatch.Pearson(activations[p.Item1], activations[p.Item2]));
        Assert.Equal(expected, NullDistribution.Read(folder["n.json"]).Stages[0].Max.Pearson, 1e-5);
    }

    [Fact]
    public void Sounds_that_go_together_end_as_each_alone()
    {
        SynthesizeMetamer[] requests = [.. Enumerable.Range(1, 2).Select(i => Request(Wave, "fast", 60) with { Natural = Voice($"t{i}.wav", i, 2_000), Output = folder[$"t{i}-m.wav"], Seed = i })];
        var together = new MetamerSynthesis(sessions, TimeProvider.System).MakeTogether(requests, _ => { }, default);
        foreach (var (request, result) in requests.Zip(together))
        {
            Make(request with { Output = folder["alone.wav"] });
            Assert.Equal(SoundFile.Read(folder["alone.wav"]).SamplesSha256(), SoundFile.Read(result.Output).SamplesSha256());
        }
    }

    [Fact]
    public void The_file_tells_what_the_model_wants_to_hear()
    {
        var wave = SoundInference.Of(OnnxGraph.Load(TestNets.Words(folder, Wave)))!;
        Assert.Equal((2_000, null), (wave.Pipeline.Samples, wave.Pipeline.Cochleagram));
        var published = new SoundPipeline { Cochleagram = new(), Shape = [1, 211, 390] };
        var heard = SoundInference.Of(OnnxGraph.Load(TestNets.Words(folder, published)))!;
        Assert.Equal(published.Cochleagram, heard.Pipeline.Cochleagram);
        Assert.Equal([1L, 211, 390], heard.Pipeline.Shape!);
        Assert.Null(SoundInference.Of(OnnxGraph.Load(TestNets.Convolutional(folder))));
    }

    private SynthesizeMetamer Request(SoundPipeline pipeline, string preset, int steps) =>
        new(TestNets.Words(folder, pipeline), pipeline, Voice("natural.wav", 1, 2_000), "relu1", folder["m.wav"], preset, steps);

    private string Voice(string name, int seed, int samples)
    {
        WavFile.Write(new(8_000, TestSounds.Voice(samples, 8_000, seed)), folder[name]);
        return folder[name];
    }

    private MetamerResult Make(SynthesizeMetamer request) => new MetamerSynthesis(sessions, TimeProvider.System).Make(request, _ => { }, default);

    private static MetamerManifest Manifest(MetamerResult result) =>
        System.Text.Json.JsonSerializer.Deserialize<MetamerManifest>(File.ReadAllBytes(MetamerManifest.PathFor(result.Output)), HostProtocol.Files)!;

    /// <summary>A clock that goes on half a second whenever somebody looks, so that every step is told.</summary>
    private sealed class EachLook : TimeProvider
    {
        private long now;

        public override long TimestampFrequency => 1_000;

        public override long GetTimestamp() => now += 500;
    }
}

// One million null pairs at one stage of ResNet-18, beside the same pairs measured one by one.
// dotnet run -c Release --project bench/NullDistribution [-- PAIRS]
using System.Diagnostics;
using System.Globalization;
using PerceptionStudy.Bench.NullDistribution;
using PerceptionStudy.Synthesis.Criteria;
using PerceptionStudy.Synthesis.FrontEnds;
using PerceptionStudy.Synthesis.Hosting;
using PerceptionStudy.Synthesis.Media;
using PerceptionStudy.Synthesis.Observers;
using NullFile = PerceptionStudy.Synthesis.Criteria.NullDistribution;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var pairs = args.Length > 0 ? int.Parse(args[0]) : 1_000_000;
var folder = Directory.CreateTempSubdirectory("null-bench-").FullName;
try
{
    var model = ResNet18Layer1.Write(Path.Combine(folder, "resnet18-layer1.onnx"));
    var pool = PoolPictures.Write(folder, 200);
    var output = Path.Combine(folder, "null.json");
    using var sessions = new ModelSessions();

    // What a pair costs one by one, activations and ranks given: the three measures over the same values.
    var pipeline = new PicturePipeline { Mean = [0.485f, 0.456f, 0.406f], Std = [0.229f, 0.224f, 0.225f] };
    var net = new StimulusModel(sessions, model, pipeline);
    var activations = pool.Take(6).Select(p => net.Compute(net.Read(p).ToTensor(), "layer1")[0]).Select(a => (Values: a, Ranks: Ranks.Of(a))).ToArray();
    var before = Stopwatch.GetTimestamp();
    const int Direct = 300;
    Parallel.For(0, Direct, i =>
    {
        var (a, b) = (activations[i % 6], activations[(i + 1) % 6]);
        _ = ActivationMatch.Pearson(a.Ranks, b.Ranks) + ActivationMatch.Pearson(a.Values, b.Values) + ActivationMatch.PaperSnrDb(a.Values, b.Values);
    });
    var onePair = Stopwatch.GetElapsedTime(before).TotalSeconds / Direct;

    before = Stopwatch.GetTimestamp();
    new NullMeasurement(sessions, TimeProvider.System).Measure(new MeasureNull(model, pipeline, ["layer1"], pool, pairs, 1, output), _ => { }, default);
    var seconds = Stopwatch.GetElapsedTime(before).TotalSeconds;
    var stage = NullFile.Read(output).Stages[0];
    Console.WriteLine($"""
        stage            layer1 of ResNet-18, {stage.Size:N0} values; {pool.Length} pictures of 500 x 375
        machine          {Environment.ProcessorCount} cores, {System.Runtime.InteropServices.RuntimeInformation.OSDescription}, ONNX Runtime {ModelSessions.RuntimeVersion}
        pairs            {stage.Pairs:N0}
        seconds          {seconds:0.0} (views {seconds - stage.Seconds:0.0}, activations, ranks and products {stage.Seconds:0.0})
        peak memory      {Process.GetCurrentProcess().PeakWorkingSet64 / 1e6:0} MB
        one by one       {onePair * 1e3:0.00} ms a pair on all cores, {onePair * stage.Pairs:0} s for as many pairs
        ratio            {onePair * stage.Pairs / seconds:0.0}
        """);
}
finally
{
    Directory.Delete(folder, recursive: true);
}

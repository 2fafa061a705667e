// One gradient step of the published cochleagram (2 s at 20 kHz, 50 filters x 4), beside the same filters as direct convolutions.
// dotnet run -c Release --project bench/Cochleagram [-- write | ours | profile]        write: into docs/benchmarks.md, from the repository's root
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using PerceptionStudy.Bench.Cochleagram;
using PerceptionStudy.Synthesis.FrontEnds;
using PerceptionStudy.Synthesis.Gradients;
using PerceptionStudy.Synthesis.Graphs;
using PerceptionStudy.Synthesis.Hosting;
using PerceptionStudy.Synthesis.Metamers;
using PerceptionStudy.Synthesis.Tests.FrontEnds;
using OurCochleagram = PerceptionStudy.Synthesis.FrontEnds.Cochleagram;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
const string Begin = "<!-- bench/Cochleagram writes from here -->", End = "<!-- to here -->";
const int Rate = 20_000, Samples = 40_000;
var parameters = new CochleagramParameters();
var mode = args.FirstOrDefault() ?? "";
var noise = new NoiseSource(1);
float[] natural = [.. Enumerable.Range(0, Samples).Select(i => (float)(0.1 * noise.Normal() * (1 + Math.Sin(i * 0.001))))];
float[] start = [.. Enumerable.Range(0, Samples).Select(_ => (float)(0.1 * noise.Normal()))];

var ours = new Step(OurCochleagram.Emit, parameters, Rate, natural, start, mode == "profile");
var (oursMs, oursPeak) = (ours.FastestMs(20), Process.GetCurrentProcess().PeakWorkingSet64 / 1e6);
if (mode == "profile")
    Console.WriteLine(ours.EndProfile());
Console.WriteLine($"ours     {oursMs:0.0} ms a step, {ours.Nodes} nodes, peak memory {oursPeak:0} MB");
if (mode is "ours" or "profile")
    return;
var direct = new Step(DirectCochleagram.Emit, parameters, Rate, natural, start, false);
double directMs = double.MaxValue;
for (var turn = 0; turn < 3; turn++)
    (directMs, oursMs) = (Math.Min(directMs, direct.FastestMs(1)), Math.Min(oursMs, ours.FastestMs(10)));
var exact = ReferenceCochleagram.Of([.. natural.Select(v => (double)v)], parameters, Rate).SelectMany(band => band).ToArray();
double Furthest(Step side) => side.Cochleagram.Zip(exact, (x, y) => Math.Abs(x - y)).Max();
var report = $"""
    | | a gradient step, ms | ratio | largest error of the cochleagram |
    |---|---|---|---|
    | direct convolutions | {directMs:0} | 1 | {Furthest(direct):0.0e+0} |
    | ours | {oursMs:0.0} | {directMs / oursMs:0} | {Furthest(ours):0.0e+0} |

    {parameters.Bands} bands x {parameters.Frames(Rate, Samples)} frames of 2 s at 20 kHz; {Environment.ProcessorCount} cores, {RuntimeInformation.OSDescription}, ONNX Runtime {ModelSessions.RuntimeVersion}.
    Peak memory of ours, .NET and building included: {oursPeak:0} MB. Errors are against filters and envelopes at the full rate by FFT; values reach {exact.Max():0.00}.
    """;
Console.WriteLine(report);
if (mode == "write")
{
    var file = Path.Combine("docs", "benchmarks.md");
    var text = File.ReadAllText(file);
    var from = text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
    var to = text.IndexOf(End, from, StringComparison.Ordinal);
    File.WriteAllText(file, $"{text[..from]}\n{report}\n{text[to..]}");
}

/// <summary>Cochleagram, loss against a natural sound's, and gradient by the sound, as one session.</summary>
internal sealed class Step
{
    private readonly InferenceSession session;
    private readonly Dictionary<string, float[]> inputs;
    private readonly long[] soundShape = [1, Samples];
    private readonly long[] stageShape;

    public Step(Func<GraphBuilder, string, CochleagramParameters, int, string> emit, CochleagramParameters parameters, int rate, float[] natural, float[] start, bool profile)
    {
        var model = new GraphBuilder();
        model.Output(emit(model, model.Input("sound", soundShape), parameters, rate), "cochleagram");
        var graph = OnnxGraph.From(model.ToModel());
        stageShape = graph.Tensors["cochleagram"].Shape;
        using (var forward = new InferenceSession(graph.ToModel().ToByteArray()))
        using (var run = new RunOptions())
        using (var sound = OrtValue.CreateTensorValueFromMemory(natural, soundShape))
        using (var results = forward.Run(run, ["sound"], [sound], ["cochleagram"]))
            inputs = new() { ["sound"] = start, ["target"] = results[0].GetTensorDataAsSpan<float>().ToArray() };
        var built = GradientGraph.Build(graph, "cochleagram");
        Nodes = built.Graph.Node.Count;
        using var options = new SessionOptions { GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL, EnableProfiling = profile };
        session = new(built.ToByteArray(), options);
    }

    private const int Samples = 40_000;

    public int Nodes { get; }

    /// <summary>Of the natural sound.</summary>
    public float[] Cochleagram => inputs["target"];

    public string EndProfile() => session.EndProfiling();

    public double FastestMs(int times)
    {
        using var run = new RunOptions();
        using var sound = OrtValue.CreateTensorValueFromMemory(inputs["sound"], soundShape);
        using var target = OrtValue.CreateTensorValueFromMemory(inputs["target"], stageShape);
        var fastest = double.MaxValue;
        for (var i = 0; i < times; i++)
        {
            var before = Stopwatch.GetTimestamp();
            using var results = session.Run(run, ["sound", "target"], [sound, target], ["gradient", "loss"]);
            fastest = Math.Min(fastest, Stopwatch.GetElapsedTime(before).TotalMilliseconds);
        }
        return fastest;
    }
}

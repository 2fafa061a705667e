using System.Text.Json;
using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using PerceptionStudy.Synthesis.FrontEnds;
using PerceptionStudy.Synthesis.Graphs;
using PerceptionStudy.Synthesis.Graphs.Kernels;
using PerceptionStudy.Synthesis.Metamers;

namespace PerceptionStudy.Bench.GradientStep;

/// <summary>Where the time of a step goes: ONNX Runtime's own profile, summed by operator, and the slowest nodes.</summary>
public static class Profile
{
    private const int Runs = 40;

    public static void Print(Subject subject, long batch, int threads)
    {
        var (model, stage) = subject.Onnx(batch);
        var graph = OnnxGraph.From(model);
        using var options = new SessionOptions { ProfileOutputPathPrefix = Path.Combine(Path.GetTempPath(), "step"), IntraOpNumThreads = threads };
        options.EnableProfiling = true;
        CpuKernels.Register(options);
        var bytes = CpuKernels.Run(StepSession.Build(graph, subject.Pipeline, stage, MetamerPreset.Named("feather2023"))).ToByteArray();
        using var session = new InferenceSession(bytes, options);
        var inputs = session.InputMetadata.ToDictionary(i => i.Key, i => Value([.. i.Value.Dimensions.Select(d => (long)d)]));
        using var run = new RunOptions();
        for (var i = 0; i < Runs; i++)
            session.Run(run, inputs, session.OutputNames).Dispose();
        var file = session.EndProfiling();
        using var events = JsonDocument.Parse(File.ReadAllBytes(file));
        File.Delete(file);
        // The shortest run of each node: other work on the machine can only make it longer.
        var nodes = events.RootElement.EnumerateArray()
            .Where(e => e.GetProperty("cat").GetString() == "Node" && e.GetProperty("name").GetString()!.EndsWith("_kernel_time", StringComparison.Ordinal))
            .GroupBy(e => e.GetProperty("name").GetString()![..^"_kernel_time".Length])
            .Select(g => (Name: g.Key, Operator: Argument(g.First(), "op_name"), Ms: g.Min(e => e.GetProperty("dur").GetDouble()) / 1000, Shape: Argument(g.First(), "input_type_shape")))
            .ToArray();
        Console.WriteLine($"{subject.Name}, batch {batch}, {threads} threads: {nodes.Sum(n => n.Ms):0.00} ms in kernels");
        foreach (var group in nodes.GroupBy(n => n.Operator).OrderByDescending(g => g.Sum(n => n.Ms)))
            Console.WriteLine($"{group.Sum(n => n.Ms),8:0.000} ms  {group.Count(),4}  {group.Key}");
        foreach (var node in nodes.OrderByDescending(n => n.Ms).Take(30))
            Console.WriteLine($"{node.Ms,8:0.000} ms  {node.Operator}  {node.Name}  {node.Shape}");
    }

    private static string Argument(JsonElement kernel, string name) =>
        kernel.GetProperty("args").TryGetProperty(name, out var value) ? value.ToString() : "";

    private static OrtValue Value(long[] shape)
    {
        var random = NoiseSource.Start(5, checked((int)Shapes.Size(shape)));
        return OrtValue.CreateTensorValueFromMemory(random, shape);
    }
}

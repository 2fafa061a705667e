using System.Diagnostics;
using System.Globalization;
using Google.Protobuf;
using PerceptionStudy.Synthesis.Graphs;
using PerceptionStudy.Synthesis.Metamers;
using static TorchSharp.torch;

namespace PerceptionStudy.Bench.GradientStep;

/// <summary>
/// The most memory that one side holds while it steps, each in a process of its own. Loading is not in it: the peak is counted anew
/// (Linux: clear_refs) when everything is ready for the first step.
/// </summary>
public static class PeakMemory
{
    private const int Steps = 3;

    /// <returns>Megabytes for libtorch and for ours, .NET and the libraries included.</returns>
    public static (double Torch, double Ours) Of(Subject subject, long batch)
    {
        var file = Path.GetTempFileName();
        try
        {
            var (model, stage) = subject.Onnx(1);
            File.WriteAllBytes(file, model.ToByteArray());
            return (Child("torch", subject.Name, batch, stage, file), Child("ours", subject.Name, batch, stage, file));
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>The child's part: prints its peak in kilobytes.</summary>
    public static void Measure(string side, Subject subject, long batch, string stage, string file)
    {
        var count = (int)(batch * 3 * subject.Side * subject.Side);
        float[] natural = NoiseSource.Start(2, count), start = NoiseSource.Start(3, count);
        if (side == "torch")
        {
            set_num_threads(1);
            var (net, tensor) = subject.Make(batch);
            net.ForgetFile();
            using var step = new TorchStep(net, tensor, subject.Pipeline, natural, start);
            Run(() => step.Do(0.5f));
        }
        else
        {
            var graph = OnnxGraph.Load(file);
            using var step = new OrtStep(graph, stage, subject.Pipeline, 1, natural, start);
            Run(() => step.Do(0.5f));
            // The product keeps models at hand.
            GC.KeepAlive(graph);
        }
    }

    private static void Run(Func<float> step)
    {
        GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        File.WriteAllText("/proc/self/clear_refs", "5");
        for (var i = 0; i < Steps; i++)
            step();
        Console.WriteLine(File.ReadLines("/proc/self/status").First(l => l.StartsWith("VmHWM", StringComparison.Ordinal)).Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1]);
    }

    private static double Child(params object[] arguments)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };
        if (Path.GetFileName(Environment.ProcessPath) == "dotnet")
            start.ArgumentList.Add(Environment.GetCommandLineArgs()[0]);
        start.ArgumentList.Add("peak");
        foreach (var argument in arguments)
            start.ArgumentList.Add(Convert.ToString(argument, CultureInfo.InvariantCulture)!);
        // malloc keeps what is freed when speed is measured; memory is measured as it is by default.
        foreach (var name in start.Environment.Keys.Where(k => k.StartsWith("MALLOC_", StringComparison.Ordinal)).ToArray())
            start.Environment.Remove(name);
        using var process = Process.Start(start)!;
        var kilobytes = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return double.Parse(kilobytes, CultureInfo.InvariantCulture) / 1024;
    }
}

using System.Globalization;
using System.Text;

namespace PerceptionStudy.Bench.GradientStep;

/// <summary>Measures everything in one run and puts the tables between the two marks of docs/benchmarks.md.</summary>
public static class Report
{
    private const string Begin = "<!-- bench/gradient-step.sh writes from here -->", End = "<!-- to here -->";

    public static void Write(string file, double seconds, int[] threads)
    {
        var text = new StringBuilder();
        var times = Measure(Subject.Steps, [1, 4], threads, seconds);
        text.AppendLine(CultureInfo.InvariantCulture, $"{Machine()}\n");
        Table(text, times);
        text.AppendLine(CultureInfo.InvariantCulture, $"\nGeometric mean of ours / libtorch: {GeometricMean(times.Select(t => t.Ratio)):0.00} (processor time with one thread: {GeometricMean(times.Where(t => t.Threads == 1).Select(t => t.CpuRatio)):0.00}); the largest is {times.Max(t => t.Ratio):0.00}.");
        text.AppendLine("\n### Truncation\n\nThe step costs what the layers before the stage cost.\n");
        Table(text, Measure(Subject.Truncations, [1], [1], seconds));
        text.AppendLine("\n### Peak memory while stepping, one picture, MB\n\n| net, stage | libtorch | ours |\n|---|---|---|");
        foreach (var subject in Subject.Steps.Append(Subject.Truncations[1]))
        {
            var (torch, ours) = PeakMemory.Of(subject, batch: 1);
            text.AppendLine(CultureInfo.InvariantCulture, $"| {subject.Name} | {torch:0} | {ours:0} |");
        }
        var old = File.ReadAllText(file);
        var (from, to) = (old.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length, old.IndexOf(End, StringComparison.Ordinal));
        File.WriteAllText(file, $"{old[..from]}\n{text}\n{old[to..]}");
    }

    private static List<StepTime> Measure(IEnumerable<Subject> subjects, long[] batches, int[] threads, double seconds)
    {
        var times = new List<StepTime>();
        foreach (var subject in subjects)
            foreach (var batch in batches)
                foreach (var time in Comparison.Run(subject, batch, threads, seconds))
                {
                    Console.WriteLine(time);
                    times.Add(time);
                }
        return times;
    }

    private static void Table(StringBuilder text, IEnumerable<StepTime> times)
    {
        text.AppendLine("| net, stage | batch | threads | libtorch, ms | ours, ms | ours / libtorch | the same in processor time |\n|---|---|---|---|---|---|---|");
        foreach (var t in times)
            text.AppendLine(CultureInfo.InvariantCulture, $"| {t.Subject} | {t.Batch} | {t.Threads} | {t.TorchMs:0.0} | {t.OursMs:0.0} | {t.Ratio:0.00} | {(t.Threads == 1 ? t.CpuRatio.ToString("0.00", CultureInfo.InvariantCulture) : "")} |");
    }

    private static double GeometricMean(IEnumerable<double> values) => Math.Exp(values.Average(v => Math.Log(v)));

    private static string Machine()
    {
        var cpu = File.ReadLines("/proc/cpuinfo").FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim();
        var load = File.ReadAllText("/proc/loadavg").Split(' ')[0];
        return $"{TimeProvider.System.GetLocalNow():yyyy-MM-dd}, {cpu}, {Environment.ProcessorCount} cores, load {load} at the end of the timing; ONNX Runtime {PerceptionStudy.Synthesis.Hosting.ModelSessions.RuntimeVersion}, libtorch 2.10.";
    }
}

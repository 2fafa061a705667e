using System.Diagnostics;
using PerceptionStudy.Synthesis.Graphs;
using PerceptionStudy.Synthesis.Metamers;
using static TorchSharp.torch;

namespace PerceptionStudy.Bench.GradientStep;

/// <summary>Times of one step on both sides.</summary>
/// <param name="Subject">Net and stage.</param>
/// <param name="Batch">Pictures at once.</param>
/// <param name="Threads">Threads of both sides.</param>
/// <param name="TorchMs">libtorch, milliseconds per picture.</param>
/// <param name="OursMs">ONNX Runtime, milliseconds per picture.</param>
/// <param name="TorchCpuMs">Processor time of the same, milliseconds per picture: with one thread it is the time that an idle machine would take.</param>
/// <param name="OursCpuMs">Processor time of the same.</param>
/// <param name="Difference">Largest difference between the two sides' pictures after one step, relative to the largest change of a pixel.</param>
public sealed record StepTime(string Subject, long Batch, int Threads, double TorchMs, double OursMs, double TorchCpuMs, double OursCpuMs, double Difference)
{
    public double Ratio => OursMs / TorchMs;

    public double CpuRatio => OursCpuMs / TorchCpuMs;
}

/// <summary>
/// Runs the two sides by turns, some steps each, with a pause between so that the threads of one side have stopped waiting for work before the other begins.
/// A side's time is that of its fastest turn: other work on the machine can only slow a turn down.
/// </summary>
public static class Comparison
{
    private const float StepLength = 0.5f;
    private const int FewestTurns = 6;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(30);

    /// <param name="subject">Net and stage.</param>
    /// <param name="batch">Pictures at once.</param>
    /// <param name="threadNumbers">Numbers of threads, one after the other.</param>
    /// <param name="seconds">Time to spend for each number of threads; more where that is too short for six turns.</param>
    public static IEnumerable<StepTime> Run(Subject subject, long batch, int[] threadNumbers, double seconds)
    {
        var (net, stage) = subject.Make(batch);
        var (model, tensor) = subject.Onnx(1);
        var graph = OnnxGraph.From(model);
        var count = (int)(batch * 3 * subject.Side * subject.Side);
        float[] natural = NoiseSource.Start(2, count), start = NoiseSource.Start(3, count);
        foreach (var threads in threadNumbers)
        {
            set_num_threads(threads);
            using var torchSide = new TorchStep(net, stage, subject.Pipeline, natural, start);
            using var ours = new OrtStep(graph, tensor, subject.Pipeline, threads, natural, start);
            torchSide.Do(StepLength);
            ours.Do(StepLength);
            var difference = Difference(start, torchSide.Picture, ours.Picture);
            var (torchBest, oursBest) = (Time.Longest, Time.Longest);
            var (turns, begun) = (0, Stopwatch.GetTimestamp());
            do
            {
                turns++;
                torchBest = torchBest.OrLess(Turn(() => torchSide.Do(StepLength)));
                oursBest = oursBest.OrLess(Turn(() => ours.Do(StepLength)));
            } while (turns < FewestTurns || Stopwatch.GetElapsedTime(begun).TotalSeconds < seconds);
            yield return new StepTime(subject.Name, batch, threads, torchBest.WallMs / batch, oursBest.WallMs / batch, torchBest.CpuMs / batch, oursBest.CpuMs / batch, difference);
        }
    }

    // Milliseconds per step, over a fifth of a second but at least one step, after one that is not counted.
    private static Time Turn(Func<float> step)
    {
        Thread.Sleep(Pause);
        step();
        var (steps, begun, cpu) = (0, Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
        do
        {
            step();
            steps++;
        } while (Stopwatch.GetElapsedTime(begun).TotalMilliseconds < 200);
        return new(Stopwatch.GetElapsedTime(begun).TotalMilliseconds / steps, (Environment.CpuUsage.TotalTime - cpu).TotalMilliseconds / steps);
    }

    private static double Difference(float[] start, float[] torchSide, float[] ours)
    {
        var change = start.Zip(torchSide, (a, b) => Math.Abs(a - b)).Max();
        return torchSide.Zip(ours, (a, b) => Math.Abs(a - b)).Max() / change;
    }

    private readonly record struct Time(double WallMs, double CpuMs)
    {
        public static readonly Time Longest = new(double.MaxValue, double.MaxValue);

        public Time OrLess(Time other) => new(Math.Min(WallMs, other.WallMs), Math.Min(CpuMs, other.CpuMs));
    }
}

using System.Globalization;
using PerceptionStudy.DemoAssets.Export;
using TorchSharp;
using static TorchSharp.torch;

namespace PerceptionStudy.DemoAssets.Networks;

/// <summary>Networks as files: weights while they are trained, ONNX when they are done.</summary>
public static class NetworkFiles
{
    /// <summary>Trains a network and writes its averaged weights every few minutes and at the end.</summary>
    /// <param name="architecture">Which network.</param>
    /// <param name="start">The file of weights to go on from; none to begin anew.</param>
    /// <param name="target">The file of weights to write.</param>
    /// <param name="plan">How it is trained.</param>
    /// <param name="seed">Seed of weights, batches and adversary.</param>
    /// <param name="batch">Draws so many inputs and their classes.</param>
    /// <param name="held">Proportion correct of a network on held-out inputs, attacked within an L2 radius.</param>
    public static void Train(
        Architecture architecture, string[] start, string target, TrainingPlan plan, int seed, Func<int, Random, (Tensor Inputs, Tensor Labels)> batch, Func<DemoNetwork, double, double> held)
    {
        manual_seed(seed);
        set_num_threads(int.Parse(Environment.GetEnvironmentVariable("OMP_NUM_THREADS") ?? "2", CultureInfo.InvariantCulture));
        using DemoNetwork network = start is [var file] ? Read(file, architecture) : new(architecture), average = new(architecture);
        average.load_state_dict(network.state_dict());
        var next = 2.0;
        Training.Run(network, average, batch, plan, seed, (at, _) =>
        {
            if (at < next && at < plan.Minutes) return;
            next = at + 4;
            average.save(target);
            Console.WriteLine($"   held-out: clean {held(average, 0):0.000}" + (plan.Epsilon > 0 ? $", L2 {plan.Epsilon / 2}: {held(average, plan.Epsilon / 2):0.000}" : ""));
        });
    }

    /// <summary>Reads an ONNX file of the demo, or the weights that <see cref="Train"/> wrote.</summary>
    public static DemoNetwork Read(string file, Architecture architecture)
    {
        if (file.EndsWith(".onnx", StringComparison.Ordinal)) return OnnxImport.Read(file, architecture);
        var network = new DemoNetwork(architecture);
        network.load(file);
        return network;
    }

    public static void Export(string file, Architecture architecture, string name, string target)
    {
        using var network = Read(file, architecture);
        OnnxExport.Write(network, name, target);
    }
}

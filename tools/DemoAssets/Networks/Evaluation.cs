using TorchSharp;
using static TorchSharp.torch;

namespace PerceptionStudy.DemoAssets.Networks;

/// <summary>Proportion correct on inputs that were not trained on, clean and under attack.</summary>
public static class Evaluation
{
    private const int Batch = 64;

    /// <summary>Measures.</summary>
    /// <param name="network">The network; set to evaluation.</param>
    /// <param name="labels">Class of each input.</param>
    /// <param name="input">Writes the values of an input.</param>
    /// <param name="epsilon">L2 radius of the attack; 0 for none.</param>
    /// <param name="steps">Steps of the attack.</param>
    /// <returns>Over all, and for each class.</returns>
    public static (double Correct, double[] PerClass) Run(DemoNetwork network, byte[] labels, Action<int, Span<float>> input, double epsilon, int steps = 20)
    {
        network.eval();
        var (architecture, generator) = (network.Architecture, new Generator(7));
        int[] hits = new int[architecture.Classes], all = new int[hits.Length];
        for (var from = 0; from < labels.Length; from += Batch)
        {
            using var scope = NewDisposeScope();
            var n = Math.Min(Batch, labels.Length - from);
            var values = new float[n * architecture.Size];
            for (var i = 0; i < n; i++) input(from + i, values.AsSpan(i * architecture.Size, architecture.Size));
            var inputs = tensor(values, architecture.Batch(n));
            var truth = tensor(labels[from..(from + n)].Select(l => (long)l).ToArray());
            if (epsilon > 0) inputs = Attack.Pgd(network, inputs, truth, epsilon, steps, generator);
            using var grad = no_grad();
            var answers = network.forward(inputs).argmax(1).data<long>().ToArray();
            for (var i = 0; i < n; i++) { all[labels[from + i]]++; if (answers[i] == labels[from + i]) hits[labels[from + i]]++; }
        }
        return ((double)hits.Sum() / labels.Length, [.. hits.Select((h, i) => (double)h / all[i])]);
    }
}

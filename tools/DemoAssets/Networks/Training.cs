using System.Diagnostics;
using TorchSharp;
using static TorchSharp.torch;

namespace PerceptionStudy.DemoAssets.Networks;

/// <summary>How a network is trained.</summary>
/// <param name="Minutes">Length; the learning rate falls along a cosine over it.</param>
/// <param name="Epsilon">L2 radius of the adversary; 0 trains as usual.</param>
/// <param name="Replays">Steps on the same batch in "free" adversarial training (Shafahi et al. 2019).</param>
public sealed record TrainingPlan(double Minutes, double LearningRate, double Epsilon, int Replays = 3, int Batch = 48, double LabelSmoothing = .05);

/// <summary>AdamW with a cosine schedule and an exponential moving average of the weights, which is what is kept.</summary>
public static class Training
{
    private const double Averaging = .998;

    /// <param name="network">What is trained.</param>
    /// <param name="average">Gets the average of its weights.</param>
    /// <param name="batch">Draws so many inputs, values in [0, 1], and their classes.</param>
    /// <param name="plan">How.</param>
    /// <param name="seed">Seed of batches and of the adversary.</param>
    /// <param name="checkpoint">Called about once a minute and at the end, with the minutes so far and the loss.</param>
    public static void Run(DemoNetwork network, DemoNetwork average, Func<int, Random, (Tensor Inputs, Tensor Labels)> batch, TrainingPlan plan, int seed, Action<double, double> checkpoint)
    {
        var random = new Random(seed);
        var rate = plan.LearningRate;
        var optimiser = optim.AdamW(network.parameters(), lr: rate, weight_decay: 5e-4);
        var clock = Stopwatch.StartNew();
        var replays = plan.Epsilon > 0 ? plan.Replays : 1;
        double smoothLoss = 0, smoothHits = 0, nextReport = .5;
        long step = 0;
        while (clock.Elapsed.TotalMinutes < plan.Minutes)
        {
            using var scope = NewDisposeScope();
            var (inputs, labels) = batch(plan.Batch, random);
            var delta = plan.Epsilon > 0 ? Attack.WithNorm(randn(inputs.shape), plan.Epsilon * random.NextDouble()) : null;
            for (var replay = 0; replay < replays; replay++)
            {
                using var inner = NewDisposeScope();
                var done = clock.Elapsed.TotalMinutes / plan.Minutes;
                optimiser.ParamGroups.First().LearningRate = rate * Math.Min(1, (step + 1) / 300.0) * (.5 + .5 * Math.Cos(Math.PI * Math.Min(1, done))) + 1e-6;
                network.train();
                optimiser.zero_grad();
                var leaf = delta?.detach().requires_grad_();
                var output = network.forward(leaf is null ? inputs : (inputs + leaf).clamp(0, 1));
                var loss = nn.functional.cross_entropy(output, labels, label_smoothing: plan.LabelSmoothing);
                loss.backward();
                optimiser.step();
                if (leaf is not null)
                    delta = Attack.Project(inputs, delta!.detach() + Attack.WithNorm(leaf.grad!, plan.Epsilon), plan.Epsilon).MoveToOuterDisposeScope();
                Average(network, average, Math.Min(Averaging, (step + 1.0) / (step + 10)));
                var hits = output.argmax(1).eq(labels).to_type(ScalarType.Float32).mean().ToSingle();
                smoothLoss += (loss.ToSingle() - smoothLoss) * (step < 100 ? .1 : .01);
                smoothHits += (hits - smoothHits) * (step < 100 ? .1 : .01);
                step++;
            }
            if (clock.Elapsed.TotalMinutes < nextReport) continue;
            nextReport = clock.Elapsed.TotalMinutes + 1;
            Console.WriteLine($"{clock.Elapsed.TotalMinutes:0.0} min, step {step}, {step * plan.Batch / clock.Elapsed.TotalSeconds:0} inputs/s, loss {smoothLoss:0.000}, correct {smoothHits:0.000}");
            checkpoint(clock.Elapsed.TotalMinutes, smoothLoss);
        }
        checkpoint(plan.Minutes, smoothLoss);
    }

    private static void Average(DemoNetwork network, DemoNetwork average, double keep)
    {
        using var grad = no_grad();
        foreach (var (mean, now) in average.parameters().Zip(network.parameters())) mean.mul_(keep).add_(now, 1 - keep);
        foreach (var (mean, now) in average.buffers().Zip(network.buffers()))
            if (mean.is_floating_point()) mean.mul_(keep).add_(now, 1 - keep); else mean.copy_(now);
    }
}

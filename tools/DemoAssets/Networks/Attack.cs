using TorchSharp;
using static TorchSharp.torch;

namespace PerceptionStudy.DemoAssets.Networks;

/// <summary>Projected gradient descent in the L2 norm (Madry et al. 2018): per input, values in [0, 1].</summary>
public static class Attack
{
    /// <summary>Inputs [N, C, H, W] moved by at most <paramref name="epsilon"/> so that the cross-entropy grows.</summary>
    public static Tensor Pgd(DemoNetwork network, Tensor inputs, Tensor labels, double epsilon, int steps, Generator generator)
    {
        var delta = WithNorm(randn(inputs.shape, generator: generator), epsilon * .5);
        var step = 2.5 * epsilon / steps;
        for (var i = 0; i < steps; i++)
        {
            using var scope = NewDisposeScope();
            using var leaf = delta.detach().requires_grad_();
            using var loss = nn.functional.cross_entropy(network.forward(inputs + leaf), labels, reduction: nn.Reduction.Sum);
            var gradient = autograd.grad([loss], [leaf])[0];
            var next = Project(inputs, delta.detach() + WithNorm(gradient, step), epsilon).MoveToOuterDisposeScope();
            delta.Dispose();
            delta = next;
        }
        var attacked = (inputs + delta).detach();
        delta.Dispose();
        return attacked;
    }

    /// <summary>Each input's part scaled to the given L2 norm.</summary>
    public static Tensor WithNorm(Tensor values, double norm)
    {
        using var scope = NewDisposeScope();
        return (values * (norm / Norms(values).clamp_min(1e-10))).MoveToOuterDisposeScope();
    }

    /// <summary>Back into the ball around the input, then into [0, 1].</summary>
    public static Tensor Project(Tensor inputs, Tensor delta, double epsilon)
    {
        using var scope = NewDisposeScope();
        var inside = delta * (epsilon / Norms(delta).clamp_min(1e-10)).clamp_max(1);
        return ((inputs + inside).clamp(0, 1) - inputs).MoveToOuterDisposeScope();
    }

    private static Tensor Norms(Tensor values) => values.flatten(1).norm(1, keepdim: false, p: 2f).reshape(-1, 1, 1, 1);
}

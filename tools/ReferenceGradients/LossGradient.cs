using PerceptionStudy.ReferenceGradients.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace PerceptionStudy.ReferenceGradients;

/// <summary>
/// The loss ‖A(x)−A0‖₂/‖A0‖₂ of Feather et al. 2023 and its gradient by libtorch's own differentiation. A rectifier whose output is the stage
/// passes its gradient on unmasked, and no other.
/// </summary>
public static class LossGradient
{
    /// <param name="net">The net.</param>
    /// <param name="stage">The stage.</param>
    /// <param name="target">A0; batch 1.</param>
    /// <param name="at">x.</param>
    /// <returns>Loss, A(x), and d loss / d x.</returns>
    public static (double Loss, Tensor Activation, Tensor Gradient) At(TwinNetwork net, string stage, Tensor target, Tensor at)
    {
        using var scope = NewDisposeScope();
        var x = at.detach().requires_grad_();
        var rectified = net.OperatorOf(stage) == "Relu";
        var before = net.Forward(x, rectified ? net.InputsOf(stage)[0] : stage);
        var activation = (rectified ? before.relu() : before).detach().requires_grad_();
        var loss = (activation - target).norm() / target.norm();
        var arriving = autograd.grad([loss], [activation])[0];
        var gradient = autograd.grad([before], [x], [arriving])[0];
        return (loss.ToDouble(), activation.detach().MoveToOuterDisposeScope(), gradient.MoveToOuterDisposeScope());
    }
}

using PerceptionStudy.ReferenceGradients.Networks;
using PerceptionStudy.Synthesis.FrontEnds;
using TorchSharp;
using static TorchSharp.torch;

namespace PerceptionStudy.Bench.GradientStep;

/// <summary>
/// One step of feather2023 with libtorch, as a program in PyTorch does it: forward, loss, backward to the picture only (no gradient of weights is
/// asked for), update. The rectifier at the stage passes its gradient on unmasked, as the product does.
/// </summary>
public sealed class TorchStep : IDisposable
{
    private readonly TwinNetwork net;
    private readonly string stage;
    private readonly bool rectified;
    private readonly Tensor mean, std, target;
    private Tensor picture;

    public TorchStep(TwinNetwork net, string stage, PicturePipeline pipeline, float[] natural, float[] start)
    {
        (this.net, this.stage, rectified) = (net, stage, net.OperatorOf(stage) == "Relu");
        var shape = net.Shape(net.Input);
        mean = tensor(pipeline.Mean!).reshape(1, 3, 1, 1);
        std = tensor(pipeline.Std!).reshape(1, 3, 1, 1);
        picture = tensor(start, shape);
        using (no_grad())
            target = net.Forward((tensor(natural, shape) - mean) / std, stage);
    }

    public float[] Picture => picture.data<float>().ToArray();

    /// <returns>The loss before the step, all pictures' summed.</returns>
    public float Do(float stepLength)
    {
        using var scope = NewDisposeScope();
        var x = picture.detach().requires_grad_();
        var before = net.Forward((x - mean) / std, rectified ? net.InputsOf(stage)[0] : stage);
        var activation = (rectified ? before.relu() : before).detach().requires_grad_();
        var loss = ((activation - target).flatten(1).norm(1) / target.flatten(1).norm(1)).sum();
        var arriving = autograd.grad([loss], [activation])[0];
        var gradient = autograd.grad([before], [x], [arriving])[0];
        using (no_grad())
        {
            var norm = gradient.flatten(1).norm(1).reshape(-1, 1, 1, 1);
            var moved = (x - gradient * (stepLength / (norm + 1e-10f))).clamp(0, 1).detach();
            picture.Dispose();
            picture = moved.MoveToOuterDisposeScope();
        }
        return loss.ToSingle();
    }

    public void Dispose()
    {
        foreach (var value in new[] { mean, std, target, picture })
            value.Dispose();
    }
}

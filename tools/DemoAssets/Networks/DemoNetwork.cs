using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PerceptionStudy.DemoAssets.Networks;

/// <summary>
/// Convolutions with batch normalisation and ReLU, the first 5 × 5, the others 3 × 3, a dense layer and the logits.
/// </summary>
public sealed class DemoNetwork : Module<Tensor, Tensor>
{
    private readonly ModuleList<Conv2d> convolutions = new();
    private readonly ModuleList<BatchNorm2d> norms = new();
    private readonly Linear dense;
    private readonly Linear logits;
    private readonly Dropout dropout;

    public DemoNetwork(Architecture architecture) : base(nameof(DemoNetwork))
    {
        Architecture = architecture;
        var channels = architecture.Shape[0];
        foreach (var (width, _) in architecture.Blocks)
        {
            convolutions.Add(convolutions.Count == 0
                ? Conv2d(channels, width, kernel_size: 5, stride: architecture.FirstStride, padding: 2, bias: false)
                : Conv2d(channels, width, kernel_size: 3, padding: 1, bias: false));
            norms.Add(BatchNorm2d(width));
            channels = width;
        }
        dense = Linear(architecture.Flat, architecture.Dense);
        logits = Linear(architecture.Dense, architecture.Classes);
        dropout = Dropout(.4);
        RegisterComponents();
    }

    public Architecture Architecture { get; }
    public IReadOnlyList<Conv2d> Convolutions => [.. convolutions];
    public IReadOnlyList<BatchNorm2d> Norms => [.. norms];
    public Linear DenseLayer => dense;
    public Linear LogitsLayer => logits;

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = (input - Architecture.Centre) * Architecture.Scale;
        for (var block = 0; block < Architecture.Blocks.Length; block++)
        {
            x = functional.relu(norms[block].forward(convolutions[block].forward(x)), inplace: true);
            if (Architecture.Blocks[block].Pool) x = functional.max_pool2d(x, 2);
        }
        x = functional.relu(dense.forward(dropout.forward(x.flatten(1))));
        return logits.forward(dropout.forward(x)).MoveToOuterDisposeScope();
    }
}

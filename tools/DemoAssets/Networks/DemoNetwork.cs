using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PerceptionStudy.DemoAssets.Networks;

/// <summary>
/// Five convolutions with batch normalisation and ReLU, a dense layer and the logits. Input [N, 3, 96, 96], RGB in [0, 1].
/// </summary>
public sealed class DemoNetwork : Module<Tensor, Tensor>
{
    /// <summary>Output channels, and whether 2 × 2 maximum pooling follows.</summary>
    public static readonly (int Channels, bool Pool)[] Blocks = [(32, true), (48, false), (64, true), (96, false), (128, true)];

    public const int Dense = 256;

    private readonly ModuleList<Conv2d> convolutions = new();
    private readonly ModuleList<BatchNorm2d> norms = new();
    private readonly Linear dense;
    private readonly Linear logits;
    private readonly Dropout dropout;

    public DemoNetwork(int classes) : base(nameof(DemoNetwork))
    {
        var channels = 3;
        foreach (var (width, _) in Blocks)
        {
            convolutions.Add(channels == 3
                ? Conv2d(3, width, kernel_size: 5, stride: 2, padding: 2, bias: false)
                : Conv2d(channels, width, kernel_size: 3, padding: 1, bias: false));
            norms.Add(BatchNorm2d(width));
            channels = width;
        }
        dense = Linear(channels * 36, Dense);
        logits = Linear(Dense, classes);
        dropout = Dropout(.4);
        RegisterComponents();
    }

    public IReadOnlyList<Conv2d> Convolutions => [.. convolutions];
    public IReadOnlyList<BatchNorm2d> Norms => [.. norms];
    public Linear DenseLayer => dense;
    public Linear LogitsLayer => logits;

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = (input - .5f) * 4f;
        for (var block = 0; block < Blocks.Length; block++)
        {
            x = functional.relu(norms[block].forward(convolutions[block].forward(x)), inplace: true);
            if (Blocks[block].Pool) x = functional.max_pool2d(x, 2);
        }
        x = functional.relu(dense.forward(dropout.forward(x.flatten(1))));
        return logits.forward(dropout.forward(x)).MoveToOuterDisposeScope();
    }
}

using PerceptionStudy.ReferenceGradients.Networks;
using PerceptionStudy.Synthesis.FrontEnds;
using PerceptionStudy.Synthesis.Graphs.Format;
using TorchSharp;
using static TorchSharp.torch;

namespace PerceptionStudy.Bench.GradientStep;

/// <summary>A network and a stage that both sides run, with the same weights.</summary>
/// <param name="Name">Name in tables.</param>
/// <param name="Side">Height and width of its pictures.</param>
/// <param name="Make">Builds it for a batch: the net and the stage's tensor.</param>
public sealed record Subject(string Name, int Side, Func<long, (TwinNetwork Net, string Stage)> Make)
{
    private const int Seed = 1, Opset = 17;

    /// <summary>The pictures' way into the net, the same on both sides.</summary>
    public PicturePipeline Pipeline => new() { Width = Side, Height = Side, Mean = [0.485f, 0.456f, 0.406f], Std = [0.229f, 0.224f, 0.225f] };

    /// <summary>The goal's nets.</summary>
    public static IReadOnlyList<Subject> Steps { get; } =
    [
        Of("ResNet-18, final", 224, n => ResNet.Build(n, [2, 2, 2, 2], false, 64, 1000)["fc"]),
        Of("ResNet-50, layer2", 224, n => ResNet.Build(n, [3, 4], true, 64, 0)["layer2"]),
        Of("VGG-19, final", 224, n => Vgg.Build(n, [2, 2, 4, 4, 4], [64, 128, 256, 512, 512], 4096, 1000)["final"]),
        Of("ViT-S/16, final", 224, n => VisionTransformer.Build(n, 16, 384, 12, 6, 1000)["final"]),
        Of("demo net, logits", 96, n => DemoNet.Build(n, 16)["logits"]),
    ];

    /// <summary>One net, cut off ever later.</summary>
    public static IReadOnlyList<Subject> Truncations { get; } =
    [
        .. new[] { "stem", "layer1", "layer2", "layer3", "layer4", "fc" }.Select(stage =>
            Of($"ResNet-18, {stage}", 224, n => ResNet.Build(n, [2, 2, 2, 2], false, 64, 1000)[stage])),
    ];

    /// <summary>The net as a file, and its stage.</summary>
    public (ModelProto Model, string Stage) Onnx(long batch)
    {
        var (net, stage) = Make(batch);
        return (net.Model(stage), stage);
    }

    private static Subject Of(string name, int side, Func<TwinNetwork, string> build) => new(name, side, batch =>
    {
        set_num_threads(Environment.ProcessorCount);
        var net = new TwinNetwork(Seed, Opset, ScalarType.Float32, batch, 3, side, side);
        var stage = build(net);
        net.Forget();
        return (net, stage);
    });
}

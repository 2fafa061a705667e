using static TorchSharp.torch;

namespace PerceptionStudy.ReferenceGradients.Networks;

/// <summary>An architecture in the size of a test: structure kept, width and depth reduced.</summary>
/// <param name="Name">Name of its files.</param>
/// <param name="Opset">Operator set in which it is written.</param>
/// <param name="Input">Shape of the input.</param>
/// <param name="Stages">The three stages that are checked.</param>
/// <param name="Build">Writes it; returns the tensors of all its stages.</param>
public sealed record Architecture(string Name, int Opset, long[] Input, string[] Stages, Func<TwinNetwork, Dictionary<string, string>> Build)
{
    /// <summary>Whether batch normalisations stay nodes of their own.</summary>
    public bool WritesNorms { get; init; }

    /// <summary>The net, and the tensors of its stages.</summary>
    public (TwinNetwork Net, Dictionary<string, string> Ends) Make(int seed, ScalarType type)
    {
        var net = new TwinNetwork(seed, Opset, type, Input) { WritesNorms = WritesNorms };
        return (net, Build(net));
    }
}

/// <summary>The architectures of Feather et al. 2023 and some after it.</summary>
public static class Architectures
{
    private static readonly long[] Small = [1, 3, 32, 32];

    public static IReadOnlyList<Architecture> All { get; } =
    [
        new("resnet18", 17, Small, ["stem", "layer2", "fc"], n => ResNet.Build(n, [2, 2, 2, 2], false, 4, 10)),
        new("resnet50", 13, Small, ["layer1", "layer3", "avgpool"], n => ResNet.Build(n, [1, 2, 1, 1], true, 3, 10)) { WritesNorms = true },
        new("alexnet", 11, [1, 3, 63, 63], ["relu0", "relu4", "final"], n => AlexNet.Build(n, [8, 12, 16, 12, 12], 24, 10, Window.Of(11, 2, 2))),
        new("alexnet_blurred", 17, [1, 3, 48, 48], ["relu0", "relu2", "final"], n => AlexNet.Build(n, [8, 12, 16, 12, 12], 24, 10, Window.Of(11, 2, 5), blurred: true)),
        new("vgg19", 9, Small, ["conv_relu_1_1", "conv_relu_4_3", "final"], n => Vgg.Build(n, [2, 2, 4, 4, 4], [4, 6, 8, 10, 12], 24, 10)),
        new("cornet_s", 16, [1, 3, 48, 48], ["V1", "V4", "final"], n => CorNetS.Build(n, [6, 6, 8, 10], [2, 4, 2], 10)),
        new("inception_v3", 12, [1, 3, 80, 80], ["Mixed_5b", "Mixed_6b", "fc"], n => InceptionV3.Build(n, 24, 10)),
        new("densenet121", 14, Small, ["denseblock1", "denseblock3", "classifier"], n => DenseNet.Build(n, [2, 3, 2, 2], 6, 10, 10)),
        new("mobilenet_v3", 15, Small, ["features.1", "features.4", "classifier"], MobileNet),
        new("mobilenet_v3_before_hardswish", 11, Small, ["features.1", "features.4", "classifier"], MobileNet),
        new("efficientnet_b0", 17, Small, ["features.1", "features.3", "classifier"], n => EfficientNet.Build(n, 8,
            [new(1, 3, 1, 6, 1), new(6, 3, 2, 8, 2), new(6, 5, 2, 10, 2), new(6, 3, 1, 12, 1)], 32, 10)),
        new("convnext", 20, Small, ["features.0", "features.3", "classifier"], n => ConvNeXt.Build(n, [1, 2], [12, 16], 10)),
        new("vit", 17, Small, ["pos_embed", "blocks.1", "final"], n => VisionTransformer.Build(n, 8, 24, 3, 3, 10)),
        new("vit_before_layernorm", 12, Small, ["patch_embed", "blocks.0", "final"], n => VisionTransformer.Build(n, 8, 24, 2, 3, 10)),
        // Heads as wide as those for which there are operators of our own.
        new("vit_wide_heads", 17, Small, ["pos_embed", "blocks.0", "final"], n => VisionTransformer.Build(n, 8, 64, 2, 2, 10)),
        new("swin", 17, Small, ["features.0", "features.1", "head"], n => Swin.Build(n, [2, 2], 12, [2, 4], 4, 10)),
        new("clip_rn50", 16, Small, ["stem", "layer2", "attnpool"], n => ClipResNet.Build(n, [1, 2, 1, 1], 4, 4, 12)),
        new("clip_vit", 14, Small, ["class_embedding_cat", "block_1", "final"], n => VisionTransformer.BuildClip(n, 8, 24, 3, 3, 12)),
        new("clip_vit_wide_heads", 14, Small, ["class_embedding_cat", "block_0", "final"], n => VisionTransformer.BuildClip(n, 8, 64, 2, 2, 12)),
        new("vonenet", 17, [1, 3, 48, 48], ["v1_output", "relu2", "final"], n => VOneNet.Build(n, 8, [8, 12, 16, 12, 12], 24, 10)),
        new("hmax", 17, [1, 1, 40, 40], ["s1", "c1", "final"], n => Hmax.Build(n, 4, 12, 10)),
    ];

    private static Dictionary<string, string> MobileNet(TwinNetwork net) => MobileNetV3.Build(net, 8,
        [new(3, 8, 8, true, false, 1), new(3, 24, 12, false, false, 2), new(5, 32, 12, true, true, 1), new(5, 40, 16, true, true, 2)], (48, 32), 10);
}

namespace PerceptionStudy.ReferenceGradients.Networks;

/// <summary>The window of a convolution or pooling in two dimensions: height, then width.</summary>
public sealed record Window(long[] Kernel, long[] Strides, long[] Pads)
{
    public long[] Dilations { get; init; } = [1, 1];

    /// <summary>ONNX counts the padding of all beginnings, then of all ends.</summary>
    public long[] OnnxPads => [.. Pads, .. Pads];

    /// <summary>The same in both dimensions.</summary>
    public static Window Of(long kernel, long stride = 1, long pad = 0) => new([kernel, kernel], [stride, stride], [pad, pad]);
}

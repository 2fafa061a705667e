using PerceptionStudy.DemoAssets.Pictures;
using PerceptionStudy.DemoAssets.Sounds;

namespace PerceptionStudy.DemoAssets.Networks;

/// <summary>What the demo's networks differ in. Of all of them inputs are [N, channels, height, width] with values in [0, 1].</summary>
/// <param name="Input">Name of the input.</param>
/// <param name="Shape">Its shape without the batch.</param>
/// <param name="Centre">Taken from each value.</param>
/// <param name="Scale">Then each is multiplied by this.</param>
/// <param name="FirstStride">Stride of the first convolution.</param>
/// <param name="Blocks">Output channels of each convolution, and whether 2 × 2 maximum pooling follows.</param>
/// <param name="Dense">Width of the dense layer.</param>
/// <param name="Classes">Number of logits.</param>
public sealed record Architecture(string Input, int[] Shape, float Centre, float Scale, int FirstStride, (int Channels, bool Pool)[] Blocks, int Dense, int Classes)
{
    public static readonly Architecture OfPictures =
        new("image", [3, Scene.Side, Scene.Side], .5f, 4f, 2, [(32, true), (48, false), (64, true), (96, false), (128, true)], 256, ExemplarList.Categories.Length);

    public static readonly Architecture OfWords =
        new("cochleagram", [.. WordSound.Pipeline.Shape!.Select(d => (int)d)], .125f, 8f, 1, [(16, true), (24, true), (48, true), (64, false)], 64, Vocabulary.Words.Length);

    /// <summary>Values of one input.</summary>
    public int Size => Shape.Aggregate((a, b) => a * b);

    /// <summary>[n, ..] of some inputs.</summary>
    public long[] Batch(int n) => [n, .. Shape.Select(d => (long)d)];

    /// <summary>Values that the dense layer reads.</summary>
    public int Flat
    {
        get
        {
            var (height, width) = ((Shape[1] - 1) / FirstStride + 1, (Shape[2] - 1) / FirstStride + 1);
            foreach (var (_, pool) in Blocks) if (pool) (height, width) = (height / 2, width / 2);
            return Blocks[^1].Channels * height * width;
        }
    }
}

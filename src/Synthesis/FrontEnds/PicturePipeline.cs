using PerceptionStudy.Synthesis.Graphs;
using PerceptionStudy.Synthesis.Media;
using PerceptionStudy.Synthesis.Metamers;

namespace PerceptionStudy.Synthesis.FrontEnds;

/// <summary>
/// How a picture becomes a model's input, and how the model's output becomes one of the study's categories.
/// It is data that belongs to the registered model; in JSON it is the <c>P.json</c> of the command line.
/// </summary>
public sealed record PicturePipeline : StimulusPipeline
{
    /// <summary>Width of the model's picture in pixels.</summary>
    public int Width { get; init; } = 224;

    /// <summary>Height of the model's picture in pixels.</summary>
    public int Height { get; init; } = 224;

    /// <summary>How a picture of another shape is cut: <c>centre-square</c> (the default) or <c>squash</c>.</summary>
    public string Crop { get; init; } = "centre-square";

    /// <summary>
    /// Side of the square of <c>centre-square</c>, as a fraction of the picture's shorter side, above 0 to 1, default 1 (timm's <c>crop_pct</c>;
    /// torchvision's Resize(256), CenterCrop(224) is 224/256 = 0.875).
    /// </summary>
    public double CropFraction { get; init; } = 1;

    /// <summary>Lowest and highest pixel value that the model expects before mean and standard deviation, default 0 to 1.</summary>
    public float[] Range { get; init; } = [0f, 1f];

    /// <summary>Order of the channels: <c>rgb</c> (the default), <c>bgr</c> or <c>grey</c>.</summary>
    public string Channels { get; init; } = "rgb";

    /// <summary>Layout of the input tensor: <c>nchw</c> (the default) or <c>nhwc</c>.</summary>
    public string Layout { get; init; } = "nchw";

    /// <summary>Subtracted per channel, in the order of <see cref="Channels"/> and units of <see cref="Range"/>; absent means 0.</summary>
    public float[]? Mean { get; init; }

    /// <summary>Divided by per channel, in the order of <see cref="Channels"/> and units of <see cref="Range"/>; absent means 1.</summary>
    public float[]? Std { get; init; }

    internal override long[] StimulusShape => [1, 3, Height, Width];

    internal override long[] InputShape => PictureFrontEnd.InputShape(this);

    internal override (double Low, double High) Limits => (0, 1);

    /// <inheritdoc/>
    public override string Sha256() => PictureFrontEnd.Sha256(this);

    /// <inheritdoc/>
    public override void Check() => PicturePipelineFile.Check(this);

    internal override string Emit(GraphBuilder builder, string stimulus) => PictureFrontEnd.Emit(builder, stimulus, this);

    internal override Stimulus Read(string path) => PictureFile.Read(path).Fit(Width, Height, Crop, CropFraction);

    internal override Stimulus FromTensor(ReadOnlySpan<float> values) => Picture.FromTensor(values, Width, Height);

    internal override float[] Start(int seed) => NoiseSource.Start(seed, 3 * Width * Height);
}

using System.Reflection;
using System.Text.Json;
using PerceptionStudy.Synthesis.FrontEnds;
using PerceptionStudy.Synthesis.Hosting;
using PerceptionStudy.Synthesis.Media;

namespace PerceptionStudy.Synthesis.Generators;

/// <summary>A model that a stimulus was made with.</summary>
/// <param name="Sha256">Hash of its file.</param>
/// <param name="Pipeline">How pictures became its input and outputs categories; class names are left out.</param>
/// <param name="PipelineSha256">Hash of what decides its input.</param>
public sealed record ModelUsed(string Sha256, PicturePipeline Pipeline, string PipelineSha256)
{
    internal static ModelUsed Of(string sha256, PicturePipeline pipeline) => new(sha256, pipeline with { Classes = null }, PictureFrontEnd.Sha256(pipeline));
}

/// <summary>The picture that a manifest stands beside, and when and with what it was made.</summary>
/// <param name="PngSha256">Hash of the PNG.</param>
/// <param name="PixelsSha256">Hash of its pixels, which does not depend on the encoder.</param>
/// <param name="Started">When it was begun, UTC.</param>
/// <param name="Ended">When it was finished, UTC.</param>
/// <param name="RuntimeVersion">Version of ONNX Runtime.</param>
/// <param name="ToolVersion">Version of this program.</param>
public sealed record FileMade(string PngSha256, string PixelsSha256, DateTimeOffset Started, DateTimeOffset Ended, string RuntimeVersion, string ToolVersion)
{
    internal static FileMade Of(string path, Picture saved, DateTimeOffset started, DateTimeOffset ended) => new(
        WholeFile.Sha256(path), saved.PixelsSha256(), started, ended, ModelSessions.RuntimeVersion,
        typeof(FileMade).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "");
}

/// <summary>What stands beside a controversial stimulus: enough to make it again.</summary>
public sealed record ControversialManifest
{
    /// <summary>The answer that the synthesis gave, with the file's name instead of its path.</summary>
    public required ControversialResult Result { get; init; }

    /// <summary>The first model.</summary>
    public required ModelUsed ModelA { get; init; }

    /// <summary>The second model.</summary>
    public required ModelUsed ModelB { get; init; }

    /// <summary>The classes of the first model's category.</summary>
    public required int[] ClassesA { get; init; }

    /// <summary>The classes of the second model's category.</summary>
    public required int[] ClassesB { get; init; }

    /// <summary>Most steps allowed.</summary>
    public required int Steps { get; init; }

    /// <summary>Seed of the initial noise.</summary>
    public required int Seed { get; init; }

    /// <summary>The probability that both had to reach.</summary>
    public required double Threshold { get; init; }

    /// <summary>Adam's step in pixel units.</summary>
    public required double StepSize { get; init; }

    /// <summary>ONNX Runtime's execution provider.</summary>
    public required string Provider { get; init; }

    /// <summary>The log odds on the way.</summary>
    public required ControversialPoint[] Curve { get; init; }

    /// <summary>The PNG, when and with what it was made.</summary>
    public required FileMade Made { get; init; }

    /// <summary>Writes the file.</summary>
    public void Write(string path) => WholeFile.Write(path, JsonSerializer.SerializeToUtf8Bytes(this, HostProtocol.Files));
}

/// <summary>Where both models stood at a step.</summary>
/// <param name="Step">The step.</param>
/// <param name="LogOddsA">log(p / (1 − p)) of the first model's category.</param>
/// <param name="LogOddsB">The same of the second model's.</param>
public sealed record ControversialPoint(int Step, double LogOddsA, double LogOddsB);

/// <summary>What stands beside the two eigendistortions of a picture at a stage: enough to compute them again.</summary>
public sealed record EigendistortionManifest
{
    /// <summary>The answer that was given, with the files' names instead of their paths.</summary>
    public required EigendistortionResult Result { get; init; }

    /// <summary>The model.</summary>
    public required ModelUsed Model { get; init; }

    /// <summary>The stage's tensor.</summary>
    public required string Tensor { get; init; }

    /// <summary>Hash of the natural picture's pixels, cropped and resized.</summary>
    public required string NaturalPixelsSha256 { get; init; }

    /// <summary>Most iterations allowed for each.</summary>
    public required int Iterations { get; init; }

    /// <summary>The residual at which it stops, as a share of the largest eigenvalue.</summary>
    public required double Tolerance { get; init; }

    /// <summary>Root mean square of the distortions in the saved pictures, pixel units 0 to 1.</summary>
    public required double Rms { get; init; }

    /// <summary>Seed of the first directions.</summary>
    public required int Seed { get; init; }

    /// <summary>ONNX Runtime's execution provider.</summary>
    public required string Provider { get; init; }

    /// <summary>The most noticeable distortion's PNG.</summary>
    public required FileMade Most { get; init; }

    /// <summary>The least noticeable distortion's PNG.</summary>
    public required FileMade Least { get; init; }

    /// <summary>Writes the file.</summary>
    public void Write(string path) => WholeFile.Write(path, JsonSerializer.SerializeToUtf8Bytes(this, HostProtocol.Files));
}

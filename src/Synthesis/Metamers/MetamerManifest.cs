using System.Reflection;
using System.Text.Json;
using PerceptionStudy.Synthesis.Criteria;
using PerceptionStudy.Synthesis.FrontEnds;
using PerceptionStudy.Synthesis.Hosting;
using PerceptionStudy.Synthesis.Media;

namespace PerceptionStudy.Synthesis.Metamers;

/// <summary>What stands beside each metamer: how it was made, and what it is worth. Enough to make it again.</summary>
public sealed record MetamerManifest
{
    /// <summary>The answer that the synthesis gave, with the files' names instead of their paths: a manifest goes where its picture goes.</summary>
    public required MetamerResult Result { get; init; }

    /// <summary>Everything that decides the bytes.</summary>
    public required SynthesisPlan Plan { get; init; }

    /// <summary>Hash of <see cref="Plan"/>.</summary>
    public required string PlanSha256 { get; init; }

    /// <summary>How stimuli became input and outputs became categories; class names are left out.</summary>
    public required StimulusPipeline Pipeline { get; init; }

    /// <summary>Hash of the natural stimulus's file as given.</summary>
    public required string NaturalSha256 { get; init; }

    /// <summary>Hash of the PNG; null of a sound.</summary>
    public required string? PngSha256 { get; init; }

    /// <summary>Hash of the PNG's pixels, which does not depend on the encoder; null of a sound.</summary>
    public required string? PixelsSha256 { get; init; }

    /// <summary>Of a sound its hashes and levels; null of a picture.</summary>
    public SavedSound? Sound { get; init; }

    /// <summary>The model's answer to the natural stimulus.</summary>
    public required ModelAnswer NaturalAnswer { get; init; }

    /// <summary>The model's answer to the saved metamer.</summary>
    public required ModelAnswer MetamerAnswer { get; init; }

    /// <summary>What the match was compared with; null when no null distribution was given.</summary>
    public required MatchByChance? Chance { get; init; }

    /// <summary>The match of the saved file at the generating stage and at every other proposed one, from input to output.</summary>
    public StageMatch[] Stages { get; init; } = [];

    /// <summary>Loss and gradient norm over the synthesis.</summary>
    public required LossPoint[] Curve { get; init; }

    /// <summary>Starts that broke down, each followed by one with steps ten times shorter.</summary>
    public int Restarts { get; init; }

    /// <summary>Number of stimuli that went through each step together.</summary>
    public int Together { get; init; } = 1;

    /// <summary>When it was begun (the last time, if it was interrupted), UTC.</summary>
    public required DateTimeOffset Started { get; init; }

    /// <summary>When it was finished, UTC.</summary>
    public required DateTimeOffset Ended { get; init; }

    /// <summary>Version of ONNX Runtime.</summary>
    public required string RuntimeVersion { get; init; }

    /// <summary>Version of this program.</summary>
    public string ToolVersion { get; init; } =
        typeof(MetamerManifest).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";

    /// <summary>Path of the manifest of a metamer.</summary>
    public static string PathFor(string output) => Path.ChangeExtension(output, ".json");

    /// <summary>Writes the file.</summary>
    public void Write(string path) => WholeFile.Write(path, JsonSerializer.SerializeToUtf8Bytes(this, HostProtocol.Files));

    /// <summary>The manifest of a metamer that is finished: the file beside it tells of the same plan and of the very bytes. Otherwise null.</summary>
    public static MetamerManifest? OfFinished(string output, string planSha256)
    {
        if (!File.Exists(output) || !File.Exists(PathFor(output)))
            return null;
        try
        {
            var manifest = JsonSerializer.Deserialize<MetamerManifest>(File.ReadAllBytes(PathFor(output)), HostProtocol.Files);
            return manifest?.PlanSha256 == planSha256 && (manifest.PngSha256 ?? manifest.Sound?.WavSha256) == WholeFile.Sha256(output) ? manifest : null;
        }
        catch (JsonException)
        {
            return null; // Another program's file; it will be overwritten, as the PNG beside it.
        }
    }
}

/// <summary>A metamer of a sound as it was saved.</summary>
/// <param name="WavSha256">Hash of the WAV.</param>
/// <param name="SamplesSha256">Hash of its rate and samples, which does not depend on the file format.</param>
/// <param name="Rms">Its level, where full scale is 1.</param>
/// <param name="Peak">Its largest magnitude, where full scale is 1.</param>
/// <param name="NaturalRms">Level of the natural sound.</param>
/// <param name="NaturalPeak">Largest magnitude of the natural sound.</param>
/// <param name="LoudnessLufs">Its integrated loudness (ITU-R BS.1770-4); null if it is too quiet to have one, and in older files.</param>
/// <param name="NaturalLoudnessLufs">Integrated loudness of the natural sound.</param>
public sealed record SavedSound(
    string WavSha256, string SamplesSha256, double Rms, double Peak, double NaturalRms, double NaturalPeak, double? LoudnessLufs = null, double? NaturalLoudnessLufs = null)
{
    internal static SavedSound Of(Sound saved, Sound natural, string path) =>
        new(WholeFile.Sha256(path), saved.SamplesSha256(), saved.Rms, saved.Peak, natural.Rms, natural.Peak, Loudness.Of(saved), Loudness.Of(natural));
}

/// <summary>A match beside what two different pictures reach by chance.</summary>
/// <param name="Pairs">Number of pairs.</param>
/// <param name="PoolSha256">Hash of the pool of pictures.</param>
/// <param name="PoolSize">Number of pictures in the pool.</param>
/// <param name="Max">The largest value of each measure.</param>
/// <param name="P">(b + 1)/(pairs + 1) for each measure, where b pairs are at least as alike.</param>
/// <param name="Ranks">The place among the pairs for each measure, 1 above all of them; absent in older files.</param>
/// <param name="Augmentation">How the pool's pictures were seen: <c>random-resized-crop</c> or <c>none</c>.</param>
public sealed record MatchByChance(int Pairs, string PoolSha256, int PoolSize, MatchMeasures Max, MatchMeasures P, ChanceRanks? Ranks = null, string Augmentation = "none");

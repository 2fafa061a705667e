using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using PerceptionStudy.Synthesis.Hosting;

namespace PerceptionStudy.Synthesis.Metamers;

/// <summary>Everything that decides a metamer's bytes: two syntheses with equal plans on one machine make the same file.</summary>
/// <param name="ModelSha256">Hash of the model file.</param>
/// <param name="PipelineSha256">Hash of how pictures become input.</param>
/// <param name="NaturalPixelsSha256">Hash of the natural picture's pixels, cropped and resized; of a sound of its rate and samples.</param>
/// <param name="Tensor">The stage's tensor.</param>
/// <param name="Preset">Name of the preset.</param>
/// <param name="Steps">Most gradient evaluations.</param>
/// <param name="Seed">Seed of the initial noise.</param>
/// <param name="Provider">ONNX Runtime's execution provider.</param>
/// <param name="PresetParameters">Every number that decides what the preset does; absent in older manifests.</param>
/// <param name="IdentityRelu">Whether a ReLU that makes the stage passes its gradient on unmasked.</param>
/// <param name="Rms">Level that the saved sound is brought to; absent where it keeps its own, and of pictures.</param>
/// <param name="LossLevel">Fraction of the loss at the start at which it ends (<see cref="Criteria.LossLevelRule"/>); absent where it is driven to its end.</param>
public sealed record SynthesisPlan(
    string ModelSha256, string PipelineSha256, string NaturalPixelsSha256, string Tensor, string Preset, int Steps, int Seed, string Provider,
    IReadOnlyDictionary<string, double>? PresetParameters = null, bool IdentityRelu = true,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? Rms = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? LossLevel = null)
{
    /// <summary>Hash of the plan, which checkpoints and manifests carry.</summary>
    public string Sha256() => Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(this, HostProtocol.Lines)));
}

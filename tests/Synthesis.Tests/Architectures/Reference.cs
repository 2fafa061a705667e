using System.Runtime.InteropServices;
using System.Text.Json;

namespace PerceptionStudy.Synthesis.Tests.Architectures;

/// <summary>What libtorch computes in float64 for an architecture in the size of a test: written by tools/ReferenceGradients, kept beside this file.</summary>
/// <param name="Natural">The natural input a, float32.</param>
/// <param name="At">The input x at which everything is computed, float32.</param>
/// <param name="Stages">Three stages.</param>
internal sealed record Reference(byte[] Natural, byte[] At, StageReference[] Stages)
{
    private static readonly string Folder = Path.Combine(Repository.Root, "tests", "Synthesis.Tests", "Architectures", "References");

    public static IEnumerable<string> Names => Directory.GetFiles(Folder, "*.onnx").Select(f => Path.GetFileNameWithoutExtension(f)).Order(StringComparer.Ordinal);

    public static string Model(string name) => Path.Combine(Folder, name + ".onnx");

    public static Reference Of(string name) =>
        JsonSerializer.Deserialize<Reference>(File.ReadAllBytes(Path.Combine(Folder, name + ".json")), JsonSerializerOptions.Web)!;

    public static double[] Numbers(byte[] float32) => Array.ConvertAll(MemoryMarshal.Cast<byte, float>(float32).ToArray(), v => (double)v);
}

/// <param name="Name">What the architecture's authors call the stage.</param>
/// <param name="Tensor">Its tensor in the file.</param>
/// <param name="Loss">‖A(x)−A(a)‖₂/‖A(a)‖₂.</param>
/// <param name="Activation">A(x), float32.</param>
/// <param name="Gradient">d loss / d x, float32; where the stage is a rectifier's output, that rectifier passes it on unmasked.</param>
internal sealed record StageReference(string Name, string Tensor, double Loss, byte[] Activation, byte[] Gradient);

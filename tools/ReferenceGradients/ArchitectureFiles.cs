using System.Runtime.InteropServices;
using System.Text.Json;
using Google.Protobuf;
using PerceptionStudy.ReferenceGradients.Networks;
using PerceptionStudy.Synthesis.Metamers;
using TorchSharp;
using static TorchSharp.torch;
using Architecture = PerceptionStudy.ReferenceGradients.Networks.Architecture;

namespace PerceptionStudy.ReferenceGradients;

/// <summary>Writes each architecture as NAME.onnx, and NAME.json with loss, activation and gradient at three stages, computed in float64.</summary>
public static class ArchitectureFiles
{
    private const int Seed = 20261125;

    public static void Write(string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (var architecture in Architectures.All)
        {
            using var scope = NewDisposeScope();
            var (net, ends) = architecture.Make(Seed, ScalarType.Float64);
            var source = new NoiseSource(Seed + 1);
            var count = (int)architecture.Input.Aggregate((a, b) => a * b);
            float[] natural = [.. Enumerable.Range(0, count).Select(_ => (float)(4 * source.Uniform() - 2))];
            float[] at = [.. Enumerable.Range(0, count).Select(_ => (float)(0.5 * source.Normal()))];
            var stages = architecture.Stages.Select(name => Stage(net, name, ends[name], Input(natural, architecture), Input(at, architecture))).ToArray();
            File.WriteAllBytes(Path.Combine(folder, architecture.Name + ".onnx"), net.Model(ends.Values.Last()).ToByteArray());
            var reference = new { natural = Bytes(natural), at = Bytes(at), stages };
            File.WriteAllText(Path.Combine(folder, architecture.Name + ".json"), JsonSerializer.Serialize(reference));
            Console.WriteLine($"{architecture.Name}: " + string.Join(", ", stages.Select(s => $"{s.Name} {s.Loss:g6}")));
        }
    }

    private static StageReference Stage(TwinNetwork net, string name, string tensor, Tensor natural, Tensor at)
    {
        Tensor target;
        using (no_grad())
            target = net.Forward(natural, tensor);
        var (loss, activation, gradient) = LossGradient.At(net, tensor, target, at);
        return new StageReference(name, tensor, loss, Bytes(Floats(activation)), Bytes(Floats(gradient)));
    }

    private static Tensor Input(float[] values, Architecture architecture) => tensor(values, architecture.Input).to_type(ScalarType.Float64);

    private static float[] Floats(Tensor values) => values.to_type(ScalarType.Float32).contiguous().data<float>().ToArray();

    private static byte[] Bytes(float[] values) => MemoryMarshal.AsBytes(values.AsSpan()).ToArray();

    private sealed record StageReference(string Name, string Tensor, double Loss, byte[] Activation, byte[] Gradient);
}

using System.Runtime.InteropServices;
using System.Text.Json;
using Google.Protobuf;
using PerceptionStudy.ReferenceGradients.Networks;
using PerceptionStudy.Synthesis.Metamers;
using TorchSharp;
using static TorchSharp.torch;

namespace PerceptionStudy.ReferenceGradients.Operators;

/// <summary>Writes for each operator a file of its cases: model, input x, weights r, output y, and d(Σ r·y)/dx, computed in float64.</summary>
public static class GoldenFiles
{
    private const int Seed = 7;

    public static void Write(string folder)
    {
        Directory.CreateDirectory(folder);
        GoldenCase[] all = [.. WindowCases.All, .. FunctionCases.All, .. LayoutCases.All, .. AttentionCases.All, .. FusedCases.All];
        foreach (var cases in all.GroupBy(c => c.Operator))
        {
            File.WriteAllText(Path.Combine(folder, cases.Key + ".json"), JsonSerializer.Serialize(cases.Select(Compute)));
            Console.WriteLine($"{cases.Key}: {cases.Count()} cases");
        }
    }

    private static Golden Compute(GoldenCase what)
    {
        using var scope = NewDisposeScope();
        var net = new TwinNetwork(Seed, what.Opset, ScalarType.Float64, what.Input);
        var output = what.Build(net);
        var source = new NoiseSource(Seed);
        float[] Draw(long[] shape, double low, double high) => [.. Enumerable.Range(0, (int)shape.Aggregate(1L, (a, b) => a * b)).Select(_ => (float)(low + (high - low) * source.Uniform()))];
        var (values, weights) = (Draw(what.Input, what.Range.Low, what.Range.High), Draw(net.Shape(output), -1, 1));
        var x = tensor(values, what.Input).to_type(ScalarType.Float64).requires_grad_();
        var y = net.Forward(x, output);
        var gradient = autograd.grad([(y * tensor(weights, net.Shape(output))).sum()], [x])[0];
        return new Golden(what.Name, net.Model(output).ToByteArray(), Bytes(values), Bytes(weights), Bytes(y.detach().contiguous().data<double>().ToArray()), Bytes(gradient.contiguous().data<double>().ToArray()));
    }

    private static byte[] Bytes<T>(T[] values) where T : unmanaged => MemoryMarshal.AsBytes(values.AsSpan()).ToArray();

    private sealed record Golden(string Name, byte[] Model, byte[] X, byte[] Weights, byte[] Y, byte[] Gradient);
}

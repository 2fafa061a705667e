using System.Runtime.InteropServices;
using System.Text.Json;
using PerceptionStudy.Synthesis.Gradients;
using PerceptionStudy.Synthesis.Graphs;
using PerceptionStudy.Synthesis.Graphs.Decompositions;
using PerceptionStudy.Synthesis.Graphs.Format;
using PerceptionStudy.Synthesis.Tests.Graphs;

namespace PerceptionStudy.Synthesis.Tests.Gradients;

/// <summary>Single operators against what libtorch computes in float64; tools/ReferenceGradients writes the files in Golden.</summary>
public class GoldenGradients
{
    // The product computes in float32; relative to the largest value.
    private const double Tolerance = 2e-5;

    private static readonly string Folder = Path.Combine(Repository.Root, "tests", "Synthesis.Tests", "Gradients", "Golden");

    public static TheoryData<string> Operators => [.. Directory.GetFiles(Folder, "*.json").Select(f => Path.GetFileNameWithoutExtension(f)).Order(StringComparer.Ordinal)];

    [Fact]
    public void Every_operator_has_golden_gradients() =>
        Assert.Empty(GradientRule.All.Keys.Concat(Decomposition.All.Keys.Select(k => k.OperatorType)).Except(Operators.Select(o => o.Data)));

    [Theory, MemberData(nameof(Operators))]
    public void Gradient_equals_libtorch(string name)
    {
        var cases = JsonSerializer.Deserialize<Golden[]>(File.ReadAllBytes(Path.Combine(Folder, name + ".json")), JsonSerializerOptions.Web)!;
        Assert.NotEmpty(cases);
        Assert.Multiple([.. cases.Select<Golden, Action>(c => () => Check(c))]);
    }

    private static void Check(Golden golden)
    {
        var graph = OnnxGraph.From(ModelProto.Parser.ParseFrom(golden.Model));
        var stage = graph.Outputs[0];
        double[] x = Floats(golden.X), weights = Floats(golden.Weights);
        using (var forward = graph.ToModel(stage).Session())
            AssertClose(Doubles(golden.Y), forward.Run((graph.Input.Name, graph.Input.Type, graph.Input.Shape, x))[0], $"{golden.Name}, forward");
        AssertClose(Doubles(golden.Gradient), FiniteDifferences.Gradient(graph, stage, weights, x), $"{golden.Name}, gradient");
    }

    private static void AssertClose(double[] expected, double[] actual, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        var error = expected.Zip(actual, (e, a) => Math.Abs(e - a)).Max() / expected.Max(Math.Abs);
        Assert.True(error <= Tolerance, $"{what}: largest error {error:g3}, relative to the largest value.");
    }

    private static double[] Floats(byte[] bytes) => Array.ConvertAll(MemoryMarshal.Cast<byte, float>(bytes).ToArray(), v => (double)v);

    private static double[] Doubles(byte[] bytes) => MemoryMarshal.Cast<byte, double>(bytes).ToArray();

    /// <param name="Name">What is special about this use of the operator.</param>
    /// <param name="Model">The ONNX file.</param>
    /// <param name="X">Its input, float32.</param>
    /// <param name="Weights">r, float32.</param>
    /// <param name="Y">Its output, float64.</param>
    /// <param name="Gradient">d(Σ r·y)/dx, float64.</param>
    private sealed record Golden(string Name, byte[] Model, byte[] X, byte[] Weights, byte[] Y, byte[] Gradient);
}

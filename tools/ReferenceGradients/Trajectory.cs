using System.Runtime.InteropServices;
using System.Text.Json;
using PerceptionStudy.Synthesis.Graphs.Format;
using PerceptionStudy.Synthesis.Media;
using PerceptionStudy.Synthesis.Metamers;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace PerceptionStudy.ReferenceGradients;

/// <summary>
/// The first steps of the published synthesis (Feather et al. 2023) on a demo network, written straight down in PyTorch's terms: only the weights
/// come from the ONNX file, only the picture and the initial noise from the product.
/// </summary>
public sealed class Trajectory
{
    private const int Steps = 200, Seed = 1;
    private const double StepLength = 1;

    private readonly Dictionary<string, Tensor> weights;
    private readonly ScalarType type;

    private Trajectory(string model, ScalarType type)
    {
        this.type = type;
        weights = ModelProto.Parser.ParseFrom(File.ReadAllBytes(model)).Graph.Initializer.Where(w => w.DataType == (int)TensorProto.Types.DataType.Float16)
            .ToDictionary(w => w.Name.Replace(".float16", "", StringComparison.Ordinal), w => Weight(w).to_type(type));
    }

    /// <summary>
    /// Writes STAGE.json for some stages: loss and gradient norm of each step, eight pixels of each step, in float64. How many steps another
    /// implementation can be held to is told by libtorch itself in float32: those before its loss is off by 1e-4.
    /// </summary>
    public static void Write(string model, string picture, string folder, string[] stages)
    {
        // The net is small: more threads would wait for each other.
        set_num_threads(1);
        Directory.CreateDirectory(folder);
        foreach (var stage in stages)
        {
            var exact = new Trajectory(model, ScalarType.Float64).Run(picture, stage);
            var rounded = new Trajectory(model, ScalarType.Float32).Run(picture, stage);
            var differences = exact.Loss.Zip(rounded.Loss, (x, y) => Math.Abs(x - y) / x).ToArray();
            var comparable = differences.TakeWhile(d => d < 1e-4).Count();
            File.WriteAllText(Path.Combine(folder, stage + ".json"), JsonSerializer.Serialize(exact with { ComparableSteps = comparable }));
            Console.WriteLine($"{stage}: loss {exact.Loss[0]:g5} to {exact.Loss[^1]:g5}; libtorch in float32 is off by 1e-4 of the loss after {comparable} steps, by {differences.Max():g2} within {Steps}");
        }
    }

    private Reference Run(string picture, string stage)
    {
        using var scope = NewDisposeScope();
        var natural = Input(PictureFile.Read(picture).ToTensor());
        var x = Input(NoiseSource.Start(Seed, (int)natural.numel()));
        var target = Stage(natural, stage).detach();
        var (losses, norms, pixels) = (new List<double>(), new List<double>(), new List<double>());
        var places = Enumerable.Range(0, 8).Select(i => 1000L + 3331 * i).ToArray();
        for (var step = 0; step < Steps; step++)
        {
            using var inStep = NewDisposeScope();
            var at = x.detach().requires_grad_();
            var loss = (Stage(at, stage) - target).norm() / target.norm();
            loss.backward();
            using var frozen = no_grad();
            var norm = at.grad!.norm();
            x = (at - StepLength * at.grad / (norm + 1e-10)).clamp(0, 1).detach().MoveToOuterDisposeScope();
            losses.Add(loss.ToDouble());
            norms.Add(norm.ToDouble());
            pixels.AddRange(places.Select(p => x.flatten()[p].ToDouble()));
        }
        return new Reference(Path.GetFileName(picture), Seed, Steps, [.. losses], [.. norms], places, [.. pixels]);
    }

    private Tensor Stage(Tensor x, string stage)
    {
        x = (x - 0.5) * 4;
        for (var block = 1; block <= 5; block++)
        {
            x = F.conv2d(x, weights[$"conv{block}.weight"], weights[$"conv{block}.bias"], block == 1 ? [2, 2] : [1, 1], block == 1 ? [2, 2] : [1, 1]);
            if (stage == $"relu{block}")
                return Rectified(x);
            x = x.relu();
            if (block is 1 or 3 or 5)
                x = F.max_pool2d(x, [2, 2], [2, 2]);
        }
        x = F.linear(x.flatten(1), weights["dense.weight"], weights["dense.bias"]);
        return stage == "dense_relu" ? Rectified(x) : F.linear(x.relu(), weights["logits.weight"], weights["logits.bias"]);
    }

    // The stage's own rectifier passes its gradient on unmasked.
    private static Tensor Rectified(Tensor x) => x + (x.relu() - x).detach();

    private Tensor Input(float[] values) => tensor(values, [1, 3, 96, 96]).to_type(type);

    private static Tensor Weight(TensorProto weight) =>
        tensor(Array.ConvertAll(MemoryMarshal.Cast<byte, Half>(weight.RawData.Span).ToArray(), h => (float)h), [.. weight.Dims]);

    private sealed record Reference(string Natural, int Seed, int ComparableSteps, double[] Loss, double[] GradientNorm, long[] PixelPlaces, double[] Pixels);
}

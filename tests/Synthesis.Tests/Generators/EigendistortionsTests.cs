using System.Text.Json;
using MathNet.Numerics.LinearAlgebra;
using PerceptionStudy.Synthesis.FrontEnds;
using PerceptionStudy.Synthesis.Generators;
using PerceptionStudy.Synthesis.Graphs;
using PerceptionStudy.Synthesis.Hosting;
using PerceptionStudy.Synthesis.Media;
using PerceptionStudy.Synthesis.Observers;

namespace PerceptionStudy.Synthesis.Tests.Generators;

public sealed class EigendistortionsTests : IDisposable
{
    private static readonly PicturePipeline Tiny = new() { Width = 6, Height = 6, Mean = [0.4f, 0.5f, 0.6f], Std = [0.2f, 0.3f, 0.25f] };
    private readonly TestFolder folder = new();
    private readonly ModelSessions sessions = new(threads: 1);

    public void Dispose()
    {
        sessions.Dispose();
        folder.Dispose();
    }

    [Theory]
    [InlineData("Tanh")]
    [InlineData("Relu")]
    [InlineData("Sigmoid")]
    public void They_are_the_singular_vectors_of_the_jacobian(string activation)
    {
        var model = Net(activation);
        var natural = TestPictures.Write(folder, "n.png", 6, 6, 3);
        var result = Compute(new(model, Tiny, natural, "features", folder["e"], Iterations: 3000, Tolerance: 1e-5));
        Assert.Empty(result.Reasons);

        // The Jacobian by central differences of the model, one pixel at a time, and its singular values by MathNet.
        var net = new StimulusModel(sessions, model, Tiny);
        var picture = net.Read(natural).ToTensor();
        var jacobian = Matrix<double>.Build.Dense(40, picture.Length);
        for (var i = 0; i < picture.Length; i++)
        {
            const float Step = 1 / 1024f;
            var (up, down) = ((float[])picture.Clone(), (float[])picture.Clone());
            (up[i], down[i]) = (up[i] + Step, down[i] - Step);
            var (high, low) = (net.Compute(up, "features")[0], net.Compute(down, "features")[0]);
            jacobian.SetColumn(i, [.. high.Zip(low, (h, l) => (h - l) / (double)(up[i] - down[i]))]);
        }
        var svd = jacobian.Svd();
        Assert.Equal(svd.S[0] * svd.S[0], result.Most.Eigenvalue, 0.01 * result.Most.Eigenvalue);
        var (shape, most) = NpyFile.Read(result.Most.Vector);
        Assert.Equal([3, 6, 6], shape);
        Assert.InRange(Math.Abs(svd.VT.Row(0) * Vector(most)), 0.9999, 1.0001);

        // The stage has fewer values than the picture, so the least noticeable direction lies in the null space.
        var least = Vector(NpyFile.Read(result.Least.Vector).Values);
        Assert.Equal(1, least.L2Norm(), 1e-5);
        Assert.InRange(result.Least.Eigenvalue, 0, 2e-5 * result.Most.Eigenvalue);
        Assert.InRange((jacobian * least).L2Norm(), 0, 0.01 * svd.S[0]);
    }

    [Fact]
    public void The_smallest_eigenvalue_is_found_where_it_is_not_zero()
    {
        // A symmetric matrix with the eigenvalues 5, 4, 3, 2, 1.
        var basis = Matrix<double>.Build.Random(5, 5, 3).QR().Q;
        var matrix = basis * Matrix<double>.Build.DiagonalOfDiagonalArray([5, 4, 3, 2, 1]) * basis.Transpose();
        float[] Product(float[] v) => [.. (matrix * Vector(v)).Select(x => (float)x)];
        var most = PowerIteration.Largest(Product, 5, 500, 1e-5, 1, _ => { });
        var least = PowerIteration.Smallest(Product, 5, most.Value, 500, 1e-5, 1, _ => { });
        Assert.Equal((5.0, 1.0), (Math.Round(most.Value, 4), Math.Round(least.Value, 4)));
        Assert.InRange(Math.Abs(basis.Column(0) * Vector(most.Vector)), 0.99999, 1.00001);
        Assert.InRange(Math.Abs(basis.Column(4) * Vector(least.Vector)), 0.99999, 1.00001);
        Assert.True(most.Vector.MaxBy(Math.Abs) > 0);
        Assert.Equal(7, PowerIteration.Largest(Product, 5, 7, 1e-12, 1, _ => { }).Iterations);
    }

    [Theory]
    [InlineData("standard.onnx")]
    [InlineData("robust.onnx")]
    public void The_forward_product_of_a_whole_network_is_the_transpose_of_the_backward_one(string file)
    {
        var models = Path.Combine(Repository.Root, "demo", "models");
        var pipeline = PicturePipelineFile.Read(Path.Combine(models, "pipeline.json"));
        var net = new StimulusModel(sessions, Path.Combine(models, file), pipeline);
        var picture = TestPictures.Waves(96, 96, 2).ToTensor();
        var random = new Random(5);
        foreach (var stage in new[] { net.ClassTensor, PerceptionStudy.Synthesis.Stages.StageCatalog.List(net.Graph).First(s => s.OpType == "Relu").Tensor })
        {
            using var jacobian = new StageJacobian(sessions, net.Graph, pipeline, stage, picture, "cpu");
            float[] v = [.. picture.Select(_ => (float)(random.NextDouble() - 0.5))], u = [.. Enumerable.Range(0, (int)net.Graph.Tensors[stage].Size).Select(_ => (float)(random.NextDouble() - 0.5))];
            var (forward, backward) = (jacobian.Times(v), jacobian.TransposedTimes(u));
            Assert.Equal(1, Dot(forward, u) / Dot(backward, v), 1e-3);
            // And it is what the network does for a small step.
            const float Step = 2e-4f; // A larger one crosses kinks.
            var (up, down) = (net.Compute([.. picture.Zip(v, (x, d) => x + Step * d)], stage)[0], net.Compute([.. picture.Zip(v, (x, d) => x - Step * d)], stage)[0]);
            var difference = up.Zip(down, (a, b) => (a - b) / (2 * Step)).ToArray();
            Assert.InRange(Dot(difference, forward) / Math.Sqrt(Dot(difference, difference) * Dot(forward, forward)), 0.998, 1.0001);
        }
    }

    [Fact]
    public void The_manifest_stands_beside_and_a_stage_that_does_not_react_is_refused()
    {
        var natural = TestPictures.Write(folder, "n.png", 6, 6, 3);
        var result = Compute(new(Net("Tanh"), Tiny, natural, "features", folder["e"], Rms: 0.1));
        var manifest = JsonSerializer.Deserialize<EigendistortionManifest>(File.ReadAllBytes(folder["e.json"]), HostProtocol.Files)!;
        Assert.Equal(("e-most.png", "e-most.npy", WholeFile.Sha256(folder["e-least.png"])), (manifest.Result.Most.Output, manifest.Result.Most.Vector, manifest.Least.PngSha256));
        Assert.True(result.Most.DistanceOfSavedFile > result.Least.DistanceOfSavedFile);
        Assert.InRange(result.Most.DistanceOfSavedFile, 0.3 * result.Most.PredictedDistance, 1.5 * result.Most.PredictedDistance);

        // Units that are all silent.
        Assert.StartsWith("The stage features does not react to small changes of n.png", Assert.Throws<SynthesisException>(() =>
            Compute(new(Net("Relu", bias: -100), Tiny, natural, "features", folder["dead"]))).Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(folder.Path, "dead*"));
    }

    // A dense layer from 108 pixels to 40 features.
    private string Net(string activation, float bias = 0)
    {
        var random = new Random(4);
        var net = new GraphBuilder();
        net.Input("image", [1, 3, 6, 6]);
        TestNets.Node(net, "Flatten", ["image"], "flat", [1, 108]);
        net.Add(TensorData.Of("w", [108, 40], Enumerable.Range(0, 108 * 40).Select(_ => (float)((random.NextDouble() - 0.5) * 0.3)).ToArray()));
        net.Add(TensorData.Of("b", [40], Enumerable.Repeat(bias, 40).ToArray()));
        TestNets.Node(net, "Gemm", ["flat", "w", "b"], "dense", [1, 40]);
        TestNets.Node(net, activation, ["dense"], "features", [1, 40]);
        return TestNets.Write(net, folder["net.onnx"], "features");
    }

    private EigendistortionResult Compute(ComputeEigendistortions request) => new Eigendistortions(sessions, TimeProvider.System).Compute(request, _ => { }, default);

    private static Vector<double> Vector(float[] values) => Vector<double>.Build.DenseOfEnumerable(values.Select(v => (double)v));

    private static double Dot(float[] a, float[] b) => a.Zip(b, (x, y) => (double)x * y).Sum();
}

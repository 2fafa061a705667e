using Microsoft.ML.OnnxRuntime;
using PerceptionStudy.Synthesis.Gradients;
using PerceptionStudy.Synthesis.Graphs;
using PerceptionStudy.Synthesis.Tests.Gradients.Reference;
using PerceptionStudy.Synthesis.Tests.Graphs;

namespace PerceptionStudy.Synthesis.Tests.Gradients;

/// <summary>The gradient of Σ r·y, for fixed random r over all outputs, and its central differences through the float64 reference.</summary>
internal static class FiniteDifferences
{
    private const double Step = 1e-5;

    public static (double[] Gradient, double[] Differences) Compare(OnnxGraph graph, double[] at, params string[] outputs)
    {
        var reference = new Float64Network(graph);
        var weights = outputs.Select((o, i) => new Random(100 + i).Floats(graph.Tensors[o].Size, -1, 1)).ToArray();
        double Objective(double[] x) => outputs.Zip(weights, (o, r) => Running.Dot(reference.Run(o, x), r)).Sum();

        // Several outputs: the gradient of the sum is the sum of the gradients.
        var gradient = new double[at.Length];
        for (var i = 0; i < outputs.Length; i++)
            gradient = [.. gradient.Zip(Gradient(graph, outputs[i], weights[i], at), (a, b) => a + b)];

        var differences = new double[at.Length];
        for (var i = 0; i < differences.Length; i++)
        {
            var (up, down) = ((double[])at.Clone(), (double[])at.Clone());
            up[i] += Step;
            down[i] -= Step;
            differences[i] = (Objective(up) - Objective(down)) / (2 * Step);
        }
        return (gradient, differences);
    }

    /// <summary>The gradient with respect to the model's input, given that of the stage.</summary>
    public static double[] Gradient(OnnxGraph graph, string stage, double[] weights, double[] at, GradientOptions? options = null)
    {
        var builder = GradientGraph.Forward(graph, stage);
        var outputGradient = builder.Values("r", stage, graph.Tensors[stage].Shape, weights);
        builder.Output(GradientGraph.Append(builder, graph, graph.Input.Name, stage, outputGradient, options ?? new GradientOptions { IdentityReluAtStage = false }), "gradient");
        using InferenceSession session = builder.ToModel().Session();
        return session.Run((graph.Input.Name, graph.Input.Type, graph.Input.Shape, at))[0];
    }
}

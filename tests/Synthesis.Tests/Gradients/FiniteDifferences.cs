using Microsoft.ML.OnnxRuntime;
using PerceptionStudy.Synthesis.Gradients;
using PerceptionStudy.Synthesis.Graphs;
using PerceptionStudy.Synthesis.Tests.Graphs;

namespace PerceptionStudy.Synthesis.Tests.Gradients;

/// <summary>
/// Compares the gradient of Σ r·y, for fixed random r over all outputs, with central finite differences. The differences are taken
/// through the file's own model and summed in float64, so they check the import too.
/// </summary>
internal static class FiniteDifferences
{
    public static (double[] Gradient, double[] Differences) Compare(TestModel model, double[] at, double step, params string[] outputs)
    {
        var graph = model.Graph();
        var input = graph.Input;
        var weights = outputs.Select((o, i) => new Random(100 + i).Uniform(graph.Tensors[o].Size, -1, 1)).ToArray();
        using var forward = model.Session();
        double Objective(double[] x) => forward.Run((input.Name, input.Type, input.Shape, x)).Zip(weights, Running.Dot).Sum();

        // Several outputs: the gradient of the sum is the sum of the gradients.
        var gradient = new double[input.Size];
        for (var i = 0; i < outputs.Length; i++)
        {
            var part = Gradient(graph, outputs[i], weights[i], at);
            for (var k = 0; k < gradient.Length; k++)
                gradient[k] += part[k];
        }

        var differences = new double[input.Size];
        for (var i = 0; i < differences.Length; i++)
        {
            var (up, down) = ((double[])at.Clone(), (double[])at.Clone());
            up[i] += step;
            down[i] -= step;
            differences[i] = (Objective(up) - Objective(down)) / (2 * step);
        }
        return (gradient, differences);
    }

    public static double[] Gradient(OnnxGraph graph, string stage, double[] weights, double[] at, GradientOptions? options = null)
    {
        var builder = GradientGraph.Forward(graph, stage);
        var outputGradient = builder.Values("r", stage, graph.Tensors[stage].Shape, weights);
        builder.Output(GradientGraph.Append(builder, graph, graph.Input.Name, stage, outputGradient, options ?? new GradientOptions { IdentityReluAtStage = false }), "gradient");
        using InferenceSession session = builder.ToModel().Session();
        return session.Run((graph.Input.Name, graph.Input.Type, graph.Input.Shape, at))[0];
    }
}

using PerceptionStudy.Synthesis.Graphs;
using PerceptionStudy.Synthesis.Graphs.Format;
using PerceptionStudy.Synthesis.Graphs.Parts;

namespace PerceptionStudy.Synthesis.Gradients;

/// <summary>
/// Reverse-mode differentiation of an ONNX graph: it writes the backward pass as further standard nodes behind the forward ones.
/// The walker owns the order, the path that needs a gradient, accumulation, and summing back to the shape of an input that was
/// broadcast; the calculus of each operator is its <see cref="GradientRule"/>.
/// </summary>
public static class GradientGraph
{
    /// <summary>Starts a graph with the part of a model that a stage needs: the input, the weights and the nodes up to the stage, and of those what it depends on.</summary>
    /// <param name="graph">The model.</param>
    /// <param name="stageTensors">The tensors at which the model is cut off; usually one. It may be the input itself.</param>
    /// <exception cref="ModelFormatException">The model has no such tensor.</exception>
    public static GraphBuilder Forward(OnnxGraph graph, params string[] stageTensors)
    {
        if (Array.Find(stageTensors, s => !graph.Producers.ContainsKey(s) && s != graph.Input.Name) is { } unknown)
            throw new ModelFormatException($"The model computes no tensor {unknown}; take one of the stages that it lists.");
        var read = new HashSet<string>(stageTensors);
        var nodes = new Stack<NodeProto>();
        foreach (var node in graph.Nodes.Reverse().Where(n => n.Output.Any(read.Contains)))
        {
            nodes.Push(node);
            read.UnionWith(node.Input);
        }

        var builder = new GraphBuilder();
        foreach (var (domain, version) in graph.Opsets)
            builder.Opsets[domain] = version;
        builder.Input(graph.Input.Name, graph.Input.Shape, graph.Input.Type);
        NeededParts.Add(builder, graph, nodes, stageTensors);
        read = [.. builder.Nodes.SelectMany(n => n.Input)];
        foreach (var constant in graph.Initializers.Where(i => read.Contains(i.Key)))
            builder.Add(constant.Value);
        return builder;
    }

    /// <summary>Appends the backward pass from a stage to an input.</summary>
    /// <param name="builder">The graph: begun by <see cref="Forward"/>, with whatever computes <paramref name="outputGradient"/> added.</param>
    /// <param name="graph">The model.</param>
    /// <param name="input">The tensor with respect to which the gradient is taken, usually <c>graph.Input.Name</c>.</param>
    /// <param name="stageTensor">The stage.</param>
    /// <param name="outputGradient">Gradient of the loss with respect to the stage, of the stage's shape.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <returns>Name of the gradient with respect to the input, of the input's shape.</returns>
    /// <exception cref="ModelFormatException">An operator on the way has no gradient, or the stage does not depend on the input.</exception>
    public static string Append(GraphBuilder builder, OnnxGraph graph, string input, string stageTensor, string outputGradient, GradientOptions? options = null)
    {
        options ??= new GradientOptions();
        var path = GradientPath.Find([.. builder.Nodes], name => builder.Tensor(name).Type, input, stageTensor);
        if (!path.Contains(stageTensor))
            throw new ModelFormatException($"No gradient flows from {stageTensor} to {input}; choose another stage.");

        var gradients = new Dictionary<string, List<string>> { [stageTensor] = [outputGradient] };
        foreach (var node in path.Nodes.Reverse())
        {
            var outputs = node.Output.Select(o => o.Length > 0 ? Total(builder, gradients, o) : null).ToArray();
            if (outputs.All(o => o is null))
                continue;
            var inputs = options.IdentityReluAtStage && node.OpType == "Relu" && node.Output[0] == stageTensor
                ? [outputs[0]]
                : Rule(node, graph.Producers.ContainsKey(node.Output.First(o => o.Length > 0)) ? graph.Opset : GraphBuilder.DialectOpset)
                    .Apply(new ForwardNode(node, builder, path.Contains) { OnlyReader = path.OnlyReader }, outputs, builder);
            for (var i = 0; i < inputs.Length; i++)
            {
                if (inputs[i] is not { } gradient || node.InputOrNull(i) is not { } name || !path.Contains(name))
                    continue;
                if (!gradients.TryGetValue(name, out var parts))
                    gradients[name] = parts = [];
                parts.Add(SumTo(builder, gradient, builder.Shape(name)));
            }
        }
        return Total(builder, gradients, input) ?? throw new ModelFormatException($"No gradient flows from {stageTensor} to {input}; choose another stage.");
    }

    /// <summary>
    /// A model with the inputs <c>graph.Input.Name</c> (x) and <c>target</c> (A0, of the stage's shape), and the outputs <c>loss</c> [N]
    /// and <c>gradient</c> (of x's shape), for the loss ‖A(x)−A0‖₂/‖A0‖₂ of each image (Feather et al. 2023).
    /// </summary>
    /// <exception cref="ModelFormatException">An operator on the way has no gradient, or the stage does not exist.</exception>
    public static ModelProto Build(OnnxGraph graph, string stageTensor, GradientOptions? options = null)
    {
        var builder = Forward(graph, stageTensor);
        var stage = builder.Tensor(stageTensor);
        var target = builder.Input("target", stage.Shape, stage.Type);
        var (loss, outputGradient) = NormalisedDistance.Emit(builder, stageTensor, target, graph.Input.Shape[0]);
        builder.Output(loss, "loss");
        builder.Output(Append(builder, graph, graph.Input.Name, stageTensor, outputGradient, options), "gradient");
        return builder.ToModel();
    }

    internal static GradientRule Rule(NodeProto node, int opset)
    {
        if (node.Domain.Length == 0 && GradientRule.All.TryGetValue(node.OpType, out var rule) && opset >= rule.SinceOpset)
            return rule;
        var name = node.Domain.Length == 0 ? node.OpType : $"{node.Domain}.{node.OpType}";
        var why = NotDifferentiable.Why(node) ?? "for which there is no gradient; choose a stage before it, or add the operator as docs/ADD-AN-OPERATOR.md tells";
        throw new ModelFormatException($"Node {node.Called()} uses the operator {name} (operator set {opset}), {why}.");
    }

    private static string? Total(GraphBuilder builder, Dictionary<string, List<string>> gradients, string tensor)
    {
        if (!gradients.TryGetValue(tensor, out var parts))
            return null;
        if (parts.Count > 1)
            gradients[tensor] = parts = [SideBySide.Join(builder, parts) ?? builder.Emit(parts.Count == 2 ? "Add" : "Sum", [.. parts])];
        return parts[0];
    }

    private static string SumTo(GraphBuilder builder, string gradient, long[] shape)
    {
        var from = builder.Shape(gradient);
        if (from.SequenceEqual(shape))
            return gradient;
        var padded = Enumerable.Repeat(1L, from.Length - shape.Length).Concat(shape).ToArray();
        var axes = Enumerable.Range(0, from.Length).Where(i => padded[i] == 1 && from[i] != 1).Select(i => (long)i).ToArray();
        if (axes.Length > 0)
            gradient = builder.Emit("ReduceSum", [gradient, builder.Integers("axes", axes)], padded);
        return builder.Reshape(gradient, shape);
    }
}

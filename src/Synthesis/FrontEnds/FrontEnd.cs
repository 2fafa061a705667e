using PerceptionStudy.Synthesis.Gradients;
using PerceptionStudy.Synthesis.Graphs;
using PerceptionStudy.Synthesis.Graphs.Format;

namespace PerceptionStudy.Synthesis.FrontEnds;

/// <summary>
/// A pipeline as ordinary ONNX nodes in front of a model. The stimulus is always a picture [N,3,H,W], red, green, blue, 0 to 1, or a sound [N,1,1,samples], −1 to 1: this is what a
/// synthesis changes and saves, so that the same loss, step and start hold for every model; what the model itself reads is computed from it, and gradients flow back through it.
/// </summary>
public static class FrontEnd
{
    /// <summary>Name of the stimulus in every graph; names of our own begin with ps_, so that they do not meet a model's.</summary>
    public const string StimulusName = "ps_picture";

    /// <summary>Starts a graph with the pipeline and the part of a model that some tensors need.</summary>
    /// <param name="graph">The model, loaded with the pipeline's input shape, or that with a larger batch.</param>
    /// <param name="pipeline">How stimuli become its input.</param>
    /// <param name="tensors">Tensors of the model that the graph must compute.</param>
    /// <returns>The graph, and the name of its one input, the stimulus.</returns>
    public static (GraphBuilder Builder, string Stimulus) Begin(OnnxGraph graph, StimulusPipeline pipeline, params string[] tensors)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(pipeline);
        var builder = new GraphBuilder();
        builder.Reserve([.. graph.Tensors.Keys, .. graph.Initializers.Keys]);
        var stimulus = builder.Input(StimulusName, pipeline.StimulusShape.With(0, graph.Input.Shape[0]), graph.Input.Type);
        Append(builder, stimulus, graph, pipeline, tensors);
        return (builder, stimulus);
    }

    /// <summary>Appends the pipeline and the part of a model that some tensors need, behind a stimulus that the graph already has.</summary>
    /// <param name="builder">The graph.</param>
    /// <param name="stimulus">A picture [N,3,H,W], 0 to 1, or a sound [N,1,1,samples], −1 to 1.</param>
    /// <param name="graph">The model.</param>
    /// <param name="pipeline">How stimuli become its input.</param>
    /// <param name="tensors">Tensors of the model that the graph must compute.</param>
    public static void Append(GraphBuilder builder, string stimulus, OnnxGraph graph, StimulusPipeline pipeline, params string[] tensors)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(pipeline);
        var model = GradientGraph.Forward(graph, tensors);
        foreach (var (domain, version) in model.Opsets)
            builder.Opsets[domain] = version;
        foreach (var constant in model.Nodes.SelectMany(n => n.Input).Where(i => i.Length > 0).Distinct().Select(model.ConstantOrNull).OfType<TensorProto>())
            builder.Add(constant);
        var seen = pipeline.Emit(builder, stimulus);
        var identity = new NodeProto { OpType = "Identity", Name = "model_input" };
        identity.Input.Add(seen);
        identity.Output.Add(graph.Input.Name);
        builder.Add(identity, graph.Input);
        foreach (var node in model.Nodes)
            builder.Add(node, [.. node.Output.Where(o => o.Length > 0).Select(model.Tensor)]);
    }
}

using PerceptionStudy.Synthesis.Graphs;
using PerceptionStudy.Synthesis.Graphs.Format;

namespace PerceptionStudy.Synthesis.Gradients;

/// <summary>A node of the forward graph, as a gradient rule sees it.</summary>
/// <param name="Proto">The node itself, with its attributes.</param>
/// <param name="Builder">The graph that holds it.</param>
/// <param name="IsOnPath">Whether a tensor depends on the input with respect to which the gradient is taken.</param>
public sealed record ForwardNode(NodeProto Proto, GraphBuilder Builder, Func<string, bool> IsOnPath)
{
    /// <summary>The one node from which a tensor gets its gradient, or null if there are several or it is the stage.</summary>
    public Func<string, NodeProto?> OnlyReader { get; init; } = _ => null;

    /// <summary>Names of the inputs; an input left out is an empty name.</summary>
    public IReadOnlyList<string> Inputs => Proto.Input;

    /// <summary>Name of the first output.</summary>
    public string Output => Proto.Output[0];

    /// <summary>Whether input <paramref name="index"/> is there and needs a gradient.</summary>
    public bool Needs(int index) => Proto.InputOrNull(index) is { } name && IsOnPath(name);

    /// <summary>Dimensions of an input.</summary>
    public long[] InputShape(int index) => Builder.Shape(Proto.Input[index]);

    /// <summary>Dimensions of the first output.</summary>
    public long[] OutputShape => Builder.Shape(Output);

    /// <summary>The integers of a constant input; null where it is left out.</summary>
    /// <exception cref="ModelFormatException">The input is computed from the model's input.</exception>
    public long[]? Integers(int index) => Proto.InputOrNull(index) is { } name ? Constant(name).Longs() : null;

    /// <summary>The numbers of a constant input; null where it is left out.</summary>
    /// <exception cref="ModelFormatException">The input is computed from the model's input.</exception>
    public double[]? Numbers(int index) => Proto.InputOrNull(index) is { } name ? Constant(name).Doubles() : null;

    /// <summary>The error of a node whose operator has a rule, but not for this use of it.</summary>
    /// <param name="what">What cannot be done, as the end of a sentence, for example "cannot have mode linear".</param>
    public ModelFormatException Unsupported(string what) =>
        new($"Node {Proto.Called()} ({Proto.OpType}) {what} where a gradient is needed; choose an earlier stage or export the model differently.");

    private TensorProto Constant(string name) =>
        Builder.ConstantOrNull(name) ?? throw Unsupported($"takes {name}, which must be a constant");
}

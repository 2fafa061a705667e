namespace PerceptionStudy.Synthesis.Stages;

/// <summary>A tensor of a model that a metamer can match.</summary>
/// <param name="Name">Readable name, unique in the model.</param>
/// <param name="Tensor">Name of the tensor in the file.</param>
/// <param name="OpType">ONNX operator that makes it.</param>
/// <param name="Shape">Its dimensions at the graph's batch size.</param>
/// <param name="Size">Number of values.</param>
/// <param name="Differentiable">Whether a gradient reaches the input from here.</param>
/// <param name="Reason">Why not, naming node, operator and operator set, and what to do; null if it does.</param>
/// <param name="Proposed">Whether it belongs to the set proposed for a study.</param>
/// <param name="RelativeSize">Number of values, divided by that of the input: below 1 the stage cannot tell all inputs apart.</param>
public sealed record Stage(
    string Name, string Tensor, string OpType, long[] Shape, long Size, bool Differentiable, string? Reason, bool Proposed, double RelativeSize);

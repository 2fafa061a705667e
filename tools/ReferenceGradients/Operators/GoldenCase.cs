using PerceptionStudy.ReferenceGradients.Networks;

namespace PerceptionStudy.ReferenceGradients.Operators;

/// <summary>One use of an operator.</summary>
/// <param name="Operator">The ONNX operator; cases of one operator share a file.</param>
/// <param name="Name">What is special about this use.</param>
/// <param name="Input">Shape of the input.</param>
/// <param name="Build">Writes it and returns the output.</param>
public sealed record GoldenCase(string Operator, string Name, long[] Input, Func<TwinNetwork, string> Build)
{
    public int Opset { get; init; } = 18;

    /// <summary>Range from which the input is drawn.</summary>
    public (double Low, double High) Range { get; init; } = (-2, 2);
}

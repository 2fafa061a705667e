using System.Reflection;
using PerceptionStudy.Synthesis.Graphs;

namespace PerceptionStudy.Synthesis.Gradients;

/// <summary>
/// Marks a method as the gradient of an operator. It is static, takes (<see cref="ForwardNode"/> node, <c>string?[]</c> gradients of the
/// node's outputs, <see cref="GraphBuilder"/> builder), emits standard operators, and returns for each input the name of its gradient,
/// or null where there is none. Gradients of inputs that were broadcast may have the output's shape; the walker sums them.
/// </summary>
/// <param name="operatorType">The ONNX op_type, which is also the name of the file.</param>
/// <param name="sinceOpset">First operator set of a file from which the rule holds; 7 is the oldest that is read at all.</param>
/// <param name="formula">The gradient in words for docs/OPERATORS.md, where dy is that of the output y.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class GradientRuleAttribute(string operatorType, int sinceOpset, string formula) : Attribute
{
    /// <summary>The ONNX op_type.</summary>
    public string OperatorType { get; } = operatorType;

    /// <summary>First operator set of a file from which the rule holds.</summary>
    public int SinceOpset { get; } = sinceOpset;

    /// <summary>The gradient in words.</summary>
    public string Formula { get; } = formula;

    /// <summary>What a reader of the list of operators should know, for example a limit; null if nothing.</summary>
    public string? Note { get; init; }
}

/// <summary>The gradient of one operator.</summary>
/// <param name="OperatorType">The ONNX op_type.</param>
/// <param name="SinceOpset">First operator set of a file from which the rule holds.</param>
/// <param name="Formula">The gradient in words.</param>
/// <param name="Note">What to know about it, or null.</param>
/// <param name="Apply">Emits the gradients of the node's inputs.</param>
public sealed record GradientRule(string OperatorType, int SinceOpset, string Formula, string? Note, Func<ForwardNode, string?[], GraphBuilder, string?[]> Apply)
{
    /// <summary>All rules of this project, by operator.</summary>
    public static IReadOnlyDictionary<string, GradientRule> All { get; } = typeof(GradientRule).Assembly.GetTypes()
        .SelectMany(t => t.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
        .SelectMany(m => m.GetCustomAttributes<GradientRuleAttribute>(), (m, a) =>
            new GradientRule(a.OperatorType, a.SinceOpset, a.Formula, a.Note, m.CreateDelegate<Func<ForwardNode, string?[], GraphBuilder, string?[]>>()))
        .ToDictionary(r => r.OperatorType, StringComparer.Ordinal);
}

namespace PerceptionStudy.Synthesis.Tests.Gradients;

/// <summary>The table of cases: operator, what is special, operands with the range they are drawn from, attributes. A new rule needs at least one line.</summary>
internal static partial class RuleCases
{
    public static IReadOnlyList<RuleCase> All { get; } = [.. Windows, .. Pools, .. Arithmetic, .. Reductions, .. Layout, .. Resizing, .. Functions, .. Activations, .. Decomposed];

    private static long[] L(params long[] values) => values;
}

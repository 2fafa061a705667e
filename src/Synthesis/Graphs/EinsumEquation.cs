using System.Text;
using PerceptionStudy.Synthesis.Graphs.Format;

namespace PerceptionStudy.Synthesis.Graphs;

/// <summary>An equation of Einsum, written out: every axis of every operand and of the result has a letter.</summary>
/// <param name="Operands">The letters of each operand, one for each axis.</param>
/// <param name="Output">The letters of the result.</param>
internal sealed record EinsumEquation(string[] Operands, string Output)
{
    private const string Ellipsis = "...";

    /// <param name="node">The node; its equation is as in <c>bij,bjk->bik</c>, with or without the arrow, with or without an ellipsis.</param>
    /// <param name="ranks">Number of axes of each operand.</param>
    /// <exception cref="ModelFormatException">The equation does not fit the operands, or its ellipses not each other.</exception>
    public static EinsumEquation Parse(NodeProto node, int[] ranks)
    {
        var text = node.Text("equation", "").Replace(" ", "", StringComparison.Ordinal);
        var sides = text.Split("->");
        var terms = sides[0].Split(',');
        int Hidden(string term, int rank) => rank - (term.Length - Ellipsis.Length);
        // The standard wants each ellipsis to stand for the same number of axes.
        int[] hidden = [.. terms.Zip(ranks).Where(p => HasEllipsis(p.First)).Select(p => Hidden(p.First, p.Second)).Distinct()];
        if (sides.Length > 2 || terms.Length != ranks.Length || terms.Concat(sides[1..]).Any(t => !IsTerm(t))
            || hidden.Length > 1 || hidden is [< 0 or > 26] || (sides.Length == 2 && hidden.Length == 1 && !HasEllipsis(sides[1]))
            || terms.Zip(ranks).Any(p => !HasEllipsis(p.First) && p.First.Length != p.Second))
            throw new ModelFormatException($"Node {node.Called()} (Einsum) has the equation {text}, which does not fit its operands of {string.Join(", ", ranks)} axes; export the model again.");

        var letters = new StringBuilder();
        for (var i = 0; i < hidden.FirstOrDefault(); i++)
            letters.Append(Unused(text + letters));
        string Full(string term) => term.Replace(Ellipsis, letters.ToString(), StringComparison.Ordinal);
        string[] operands = [.. terms.Select(Full)];
        var output = sides.Length == 2 ? Full(sides[1])
            : letters + string.Concat(string.Concat(terms).Where(char.IsAsciiLetter).GroupBy(c => c).Where(g => g.Count() == 1).Select(g => g.Key).Order());
        return new EinsumEquation(operands, output);
    }

    /// <summary>Whether an equation, or one of its terms, leaves axes without a letter.</summary>
    public static bool HasEllipsis(string term) => term.Contains(Ellipsis, StringComparison.Ordinal);

    /// <summary>A letter that does not occur.</summary>
    public static char Unused(string used) =>
        Enumerable.Range('a', 26).Concat(Enumerable.Range('A', 26)).Select(i => (char)i).First(c => !used.Contains(c, StringComparison.Ordinal));

    /// <inheritdoc/>
    public override string ToString() => $"{string.Join(',', Operands)}->{Output}";

    private static bool IsTerm(string term) =>
        term.Split(Ellipsis) is { Length: 1 or 2 } parts && parts.All(p => p.All(char.IsAsciiLetter));
}

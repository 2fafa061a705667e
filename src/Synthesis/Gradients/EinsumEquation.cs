using System.Text;

namespace PerceptionStudy.Synthesis.Gradients;

/// <summary>An equation of Einsum, written out: every axis of every operand and of the result has a letter.</summary>
/// <param name="Operands">The letters of each operand, one for each axis.</param>
/// <param name="Output">The letters of the result.</param>
internal sealed record EinsumEquation(string[] Operands, string Output)
{
    private const string Ellipsis = "...";

    /// <param name="equation">As in the node: <c>bij,bjk->bik</c>, with or without the arrow, with or without an ellipsis.</param>
    /// <param name="ranks">Number of axes of each operand.</param>
    public static EinsumEquation Parse(string equation, int[] ranks)
    {
        var text = equation.Replace(" ", "", StringComparison.Ordinal);
        var sides = text.Split("->");
        var terms = sides[0].Split(',');

        // The ellipsis stands for as many axes as the operand has left; of several, the last axes are the same.
        var hidden = terms.Zip(ranks, (t, rank) => t.Contains(Ellipsis, StringComparison.Ordinal) ? rank - (t.Length - Ellipsis.Length) : 0).Max();
        var letters = new StringBuilder();
        for (var i = 0; i < hidden; i++)
            letters.Append(Unused(text + letters));
        string Full(string term, int axes) => term.Contains(Ellipsis, StringComparison.Ordinal) ? term.Replace(Ellipsis, letters.ToString()[(hidden - axes)..], StringComparison.Ordinal) : term;

        string[] operands = [.. terms.Zip(ranks, (t, rank) => Full(t, rank - (t.Length - Ellipsis.Length)))];
        var output = sides.Length > 1 ? Full(sides[1], hidden)
            : letters + string.Concat(string.Concat(operands).GroupBy(c => c).Where(g => g.Count() == 1 && !letters.ToString().Contains(g.Key, StringComparison.Ordinal)).Select(g => g.Key).Order());
        return new EinsumEquation(operands, output);
    }

    /// <summary>A letter that does not occur.</summary>
    public static char Unused(string used) =>
        Enumerable.Range('a', 26).Concat(Enumerable.Range('A', 26)).Select(i => (char)i).First(c => !used.Contains(c, StringComparison.Ordinal));
}

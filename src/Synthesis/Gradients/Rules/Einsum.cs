using PerceptionStudy.Synthesis.Graphs;

namespace PerceptionStudy.Synthesis.Gradients.Rules;

/// <summary>The gradient of each operand is the product of dy and the other operands, summed over the letters that the operand lacks.</summary>
internal static class Einsum
{
    [GradientRule("Einsum", 12, "the sum of products of dy and the other operands, with the operand's letters")]
    public static string?[] Gradient(ForwardNode node, string?[] dy, GraphBuilder b)
    {
        var sum = EinsumEquation.Parse(node.Proto, [.. node.Inputs.Select((_, i) => node.InputShape(i).Length)]);
        return [.. node.Inputs.Select((_, i) => node.Needs(i) ? Operand(node, i, sum, dy[0]!, b) : null)];
    }

    private static string Operand(ForwardNode node, int operand, EinsumEquation sum, string dy, GraphBuilder b)
    {
        var shape = node.InputShape(operand);
        var others = Enumerable.Range(0, node.Inputs.Count).Where(i => i != operand).ToArray();
        List<string> inputs = [dy, .. others.Select(i => node.Inputs[i])], letters = [sum.Output, .. others.Select(i => sum.Operands[i])];

        // A letter twice in the operand takes its diagonal: one of the two gets a name of its own, and a unit matrix binds them.
        var own = sum.Operands[operand].ToCharArray();
        for (var i = 0; i < own.Length; i++)
            if (Array.IndexOf(own, own[i]) < i)
            {
                var fresh = EinsumEquation.Unused(string.Concat(letters) + new string(own));
                letters.Add($"{own[i]}{fresh}");
                inputs.Add(UnitMatrix(b, dy, shape[i]));
                own[i] = fresh;
            }

        // A letter that nothing else has was summed over: its gradient is the same everywhere.
        var there = string.Concat(letters);
        string found = new([.. own.Where(c => there.Contains(c, StringComparison.Ordinal))]);
        var size = letters.SelectMany((l, i) => l.Select((c, axis) => (c, b.Shape(inputs[i])[axis]))).GroupBy(p => p.c).ToDictionary(g => g.Key, g => g.Max(p => p.Item2));
        var gradient = b.Emit("Einsum", [.. inputs], [.. found.Select(c => size[c])], ("equation", $"{string.Join(',', letters)}->{found}"));
        if (found.Length == own.Length)
            return gradient;
        long[] kept = [.. own.Select(c => size.GetValueOrDefault(c, 1))];
        long[] full = [.. own.Select((c, axis) => size.GetValueOrDefault(c, shape[axis]))];
        return b.Emit("Expand", [b.Reshape(gradient, kept), b.Integers("shape", full)], full);
    }

    private static string UnitMatrix(GraphBuilder b, string like, long size)
    {
        var values = new double[size * size];
        for (var i = 0; i < size; i++)
            values[i * size + i] = 1;
        return b.Values("unit_matrix", like, [size, size], values);
    }
}

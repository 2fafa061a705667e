using PerceptionStudy.Synthesis.Gradients;
using PerceptionStudy.Synthesis.Graphs.Decompositions;

namespace PerceptionStudy.Synthesis.Tests.Gradients;

/// <summary>docs/OPERATORS.md and docs/ADD-AN-OPERATOR.md tell what is in the code.</summary>
public class OperatorTable
{
    [Fact]
    public void Lists_every_rule_as_it_is_in_the_code() =>
        Same(0, GradientRule.All.Values.OrderBy(r => r.OperatorType, StringComparer.Ordinal).Select(r => $"| {r.OperatorType} | {r.SinceOpset} |{Note(r.Note)}| {r.Formula} |"));

    [Fact]
    public void Lists_every_decomposition_as_it_is_in_the_code() =>
        Same(1, Decomposition.All.Values.OrderBy(d => d.Domain, StringComparer.Ordinal).ThenBy(d => d.OperatorType, StringComparer.Ordinal)
            .Select(d => $"| {(d.Domain.Length > 0 ? $"{d.Domain}." : "")}{d.OperatorType} |{Note(d.Note)}| {d.Formula} |"));

    [Fact]
    public void Names_no_operator_set_that_cannot_be_read() =>
        Assert.All(GradientRule.All.Values, r => Assert.InRange(r.SinceOpset, 7, 21));

    [Fact]
    public void The_worked_example_is_the_code()
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, "docs", "ADD-AN-OPERATOR.md"));
        var tests = Path.Combine(Repository.Root, "tests", "Synthesis.Tests", "Gradients");
        string[] examples = [.. text.Split("```csharp\n").Skip(1).Select(part => part[..part.IndexOf("```", StringComparison.Ordinal)])];
        string[] files = [Path.Combine(Repository.Root, "src", "Synthesis", "Gradients", "Rules", "Softplus.cs"),
            Path.Combine(tests, "RuleCases.Functions.cs"), Path.Combine(tests, "Reference", "Functions64.cs")];
        Assert.Equal(files.Length, examples.Length);
        Assert.All(files.Zip(examples), p => Assert.Contains(p.Second.Trim(), File.ReadAllText(p.First), StringComparison.Ordinal));
    }

    private static void Same(int table, IEnumerable<string> lines)
    {
        string[] expected = [.. lines], all = File.ReadAllLines(Path.Combine(Repository.Root, "docs", "OPERATORS.md"));
        var start = Enumerable.Range(0, all.Length).Where(i => all[i].StartsWith("|---", StringComparison.Ordinal)).ElementAt(table) + 1;
        string[] listed = [.. all.Skip(start).TakeWhile(l => l.StartsWith('|'))];
        Assert.True(expected.SequenceEqual(listed),
            $"A table of docs/OPERATORS.md is not that of the code.\nTake out:\n{string.Join("\n", listed.Except(expected))}\nPut in, by name:\n{string.Join("\n", expected.Except(listed))}");
    }

    private static string Note(string? note) => note is null ? " " : $" {note} ";
}

using PerceptionStudy.Synthesis.Gradients;

namespace PerceptionStudy.Synthesis.Tests.Gradients;

/// <summary>docs/OPERATORS.md and docs/ADD-AN-OPERATOR.md tell what is in the code.</summary>
public class OperatorTable
{
    [Fact]
    public void Lists_every_rule_as_it_is_in_the_code()
    {
        string[] listed = [.. File.ReadAllLines(Path.Combine(Repository.Root, "docs", "OPERATORS.md"))
            .SkipWhile(l => !l.StartsWith("|---", StringComparison.Ordinal)).Skip(1).TakeWhile(l => l.StartsWith('|'))];
        string[] rules = [.. GradientRule.All.Values.OrderBy(r => r.OperatorType, StringComparer.Ordinal).Select(Line)];
        Assert.True(rules.SequenceEqual(listed),
            $"The table of docs/OPERATORS.md is not that of the rules.\nTake out:\n{string.Join("\n", listed.Except(rules))}\nPut in, by name:\n{string.Join("\n", rules.Except(listed))}");
    }

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
            Path.Combine(tests, "RuleCases.Functions.cs"), Path.Combine(tests, "Reference", "Float64Network.cs")];
        Assert.Equal(files.Length, examples.Length);
        Assert.All(files.Zip(examples), p => Assert.Contains(p.Second.Trim(), File.ReadAllText(p.First), StringComparison.Ordinal));
    }

    private static string Line(GradientRule rule) =>
        $"| {rule.OperatorType} | {rule.SinceOpset} |{(rule.Note is null ? " " : $" {rule.Note} ")}| {rule.Formula} |";
}

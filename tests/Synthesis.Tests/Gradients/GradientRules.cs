using PerceptionStudy.Synthesis.Gradients;

namespace PerceptionStudy.Synthesis.Tests.Gradients;

/// <summary>Every rule against central finite differences, in float64 wherever ONNX Runtime computes the operator in float64.</summary>
public class GradientRules
{
    public static TheoryData<string> Cases => [.. RuleCases.All.Select(c => c.ToString())];

    [Theory, MemberData(nameof(Cases))]
    public void Gradient_equals_finite_differences(string name)
    {
        var rule = RuleCases.All.Single(c => c.ToString() == name);
        for (var i = 0; i < rule.Operands.Length; i++)
        {
            if (!rule.Operands[i].Differentiable)
                continue;
            var (model, values) = rule.Model(i);
            var (gradient, differences) = FiniteDifferences.Compare(model, values, rule.Step, [.. Enumerable.Range(0, rule.Outputs).Select(o => $"y{o}")]);
            var scale = Math.Max(differences.Max(Math.Abs), 1e-3);
            var worst = gradient.Zip(differences, (g, d) => Math.Abs(g - d)).Max() / scale;
            Assert.True(differences.Any(d => d != 0), "The case has no gradient to check.");
            Assert.True(worst <= rule.Tolerance, $"Input {i}: relative error {worst:g3}, allowed {rule.Tolerance:g3}.\ngradient    {Text(gradient)}\ndifferences {Text(differences)}");
        }
    }

    [Fact]
    public void Every_rule_has_cases() => Assert.Empty(GradientRule.All.Keys.Except(RuleCases.All.Select(c => c.Operator)));

    [Fact]
    public void Every_rule_lives_in_the_file_named_as_its_operator()
    {
        var rules = Path.Combine(Repository.Root, "src", "Synthesis", "Gradients", "Rules");
        Assert.Equal(
            GradientRule.All.Keys.Order(StringComparer.Ordinal),
            Directory.GetFiles(rules, "*.cs").Select(f => Path.GetFileNameWithoutExtension(f)).Order(StringComparer.Ordinal));
    }

    private static string Text(double[] values) => string.Join(" ", values.Take(40).Select(v => v.ToString("g4")));
}

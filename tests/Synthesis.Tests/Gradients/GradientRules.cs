using PerceptionStudy.Synthesis.Gradients;
using PerceptionStudy.Synthesis.Graphs.Decompositions;
using PerceptionStudy.Synthesis.Tests.Gradients.Reference;
using PerceptionStudy.Synthesis.Tests.Graphs;

namespace PerceptionStudy.Synthesis.Tests.Gradients;

/// <summary>Every rule against central differences of the float64 reference, and the reference against ONNX Runtime.</summary>
public class GradientRules
{
    // What the backward pass is made of. A rule that needs another operator of the standard adds it here, after a look at who runs it.
    private static readonly HashSet<string> Emitted =
        ["Abs", "Add", "And", "AveragePool", "ArgMax", "Cast", "Concat", "Conv", "ConvTranspose", "Cos", "Cosh", "CumSum", "DepthToSpace", "Div", "Einsum", "Equal", "Exp",
         "Expand", "GatherElements", "GatherND", "Gemm", "Greater", "GreaterOrEqual", "Less", "LessOrEqual", "Log", "MatMul", "MaxPool", "Mul", "Neg", "Not", "Pad", "Pow", "ReduceMean", "ReduceProd",
         "ReduceSum", "Reshape", "Resize", "ScatterElements", "ScatterND", "Sigmoid", "Sign", "Sin", "Sinh", "Slice", "SpaceToDepth", "Split", "Sqrt", "Sub", "Sum", "Transpose", "Trilu", "Where"];

    // What import turns into an operator of today.
    private static readonly string[] OldNames = ["Scatter", "Upsample"];

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
            var (gradient, differences) = FiniteDifferences.Compare(model.Graph(), values, rule.OutputNames);
            var scale = differences.Max(Math.Abs);
            Assert.True(scale > 1e-3, $"The case tests nothing: the largest derivative is {scale:g3}.");
            var worst = gradient.Zip(differences, (g, d) => Math.Abs(g - d)).Max() / scale;
            Assert.True(worst <= rule.Tolerance, $"Input {i}: relative error {worst:g3}, allowed {rule.Tolerance:g3}.\ngradient    {Text(gradient)}\ndifferences {Text(differences)}");
        }
    }

    /// <summary>The file as it was written, run by ONNX Runtime, computes what the reference computes from the imported graph.</summary>
    [Theory, MemberData(nameof(Cases))]
    public void Import_keeps_what_the_file_computes(string name)
    {
        var rule = RuleCases.All.Single(c => c.ToString() == name);
        var (model, values) = rule.Model(Array.FindIndex(rule.Operands, o => o.Differentiable));
        var graph = model.Graph();
        var reference = new Float64Network(graph);
        using var session = model.Session();
        var computed = session.Run((graph.Input.Name, graph.Input.Type, graph.Input.Shape, values));
        foreach (var (output, y) in rule.OutputNames.Zip(computed))
        {
            var expected = reference.Run(output, values);
            Assert.Equal(expected.Length, y.Length);
            var allowed = 1e-5 * Math.Max(1, expected.Max(Math.Abs));
            Assert.All(expected.Zip(y), p => Assert.Equal(p.First, p.Second, allowed));
        }
    }

    /// <summary>Every execution provider runs the standard's operators; those of ONNX Runtime's own domains it need not.</summary>
    [Theory, MemberData(nameof(Cases))]
    public void Only_standard_operators_are_emitted(string name)
    {
        var rule = RuleCases.All.Single(c => c.ToString() == name);
        var (model, values) = rule.Model(Array.FindIndex(rule.Operands, o => o.Differentiable));
        var graph = model.Graph();
        var builder = GradientGraph.Forward(graph, rule.OutputNames[0]);
        // Any tensor of the right shape can stand for the gradient of the output: its own value does.
        GradientGraph.Append(builder, graph, graph.Input.Name, rule.OutputNames[0], rule.OutputNames[0]);
        Assert.All(builder.Nodes, n => Assert.Equal("", n.Domain));
        Assert.Subset(Emitted, builder.Nodes.Select(n => n.OpType).Except(graph.Nodes.Select(n => n.OpType)).ToHashSet());
    }

    [Fact]
    public void Every_rule_has_cases() =>
        Assert.Empty(GradientRule.All.Keys.Except(RuleCases.All.Select(c => c.Operator)));

    [Fact]
    public void Every_decomposition_has_cases() =>
        Assert.Empty(Decomposition.All.Keys.Except(RuleCases.All.Select(c => (c.Domain, c.Operator))));

    [Fact]
    public void Every_case_has_a_rule_or_a_decomposition() =>
        Assert.Empty(RuleCases.All.Where(c => !Decomposition.All.ContainsKey((c.Domain, c.Operator))).Select(c => c.Operator).Except(GradientRule.All.Keys).Except(OldNames));

    [Fact]
    public void Every_rule_lives_in_the_file_named_as_its_operator() =>
        Assert.Equal(GradientRule.All.Keys.Order(StringComparer.Ordinal), Files("Gradients", "Rules"));

    [Fact]
    public void Every_decomposition_lives_in_the_file_named_as_its_operator() =>
        // An operator that has another name in ONNX Runtime lives under the standard's.
        Assert.Empty(Decomposition.All.Keys.Select(k => k.OperatorType).Except(Files("Graphs", "Decompositions")).Except(["SimplifiedLayerNormalization"]));

    private static IEnumerable<string> Files(params string[] folder) =>
        Directory.GetFiles(Path.Combine([Repository.Root, "src", "Synthesis", .. folder]), "*.cs").Select(f => Path.GetFileNameWithoutExtension(f)).Order(StringComparer.Ordinal);

    private static string Text(double[] values) => string.Join(" ", values.Take(40).Select(v => v.ToString("g4")));
}

using PerceptionStudy.Synthesis.Graphs;

namespace PerceptionStudy.Synthesis.Gradients;

/// <summary>From which tensors of a model a gradient reaches the input. Each node is tried once, in forward order.</summary>
public static class GradientReach
{
    /// <summary>The tensors from which none does, with the reason: node, operator, operator set, and what to do.</summary>
    public static IReadOnlyDictionary<string, string> ReasonsAgainst(OnnxGraph graph)
    {
        var missing = new Dictionary<string, string>();
        var stopped = new Dictionary<string, string>();
        var onPath = new HashSet<string> { graph.Input.Name };
        var builder = GradientGraph.Forward(graph, [.. graph.Producers.Keys]);
        foreach (var node in graph.Nodes)
        {
            var outputs = node.Output.Where(o => o.Length > 0 && graph.Tensors.ContainsKey(o)).ToArray();
            var inputs = node.Input.Where(i => i.Length > 0).ToArray();
            var flows = !GradientPath.StopsGradients(node) && inputs.Any(onPath.Contains);
            var carrying = outputs.Where(o => flows && GradientPath.CarriesGradients(graph.Tensors[o].Type)).ToArray();

            var reason = Array.Find(inputs, missing.ContainsKey) is { } input ? missing[input] : carrying.Length == 0 ? null : WhyNoRule(node, builder, graph, onPath);
            if (reason is not null)
                foreach (var output in outputs)
                    missing[output] = reason;
            else
            {
                onPath.UnionWith(carrying);
                var stop = Array.Find(inputs, stopped.ContainsKey) is { } cause ? stopped[cause]
                    : $"Node {node.Called()} uses the operator {node.OpType} (operator set {graph.Opset}), {NotDifferentiable.Why(node) ?? "which lets no gradient through; choose a stage before it"}.";
                foreach (var output in outputs.Except(carrying))
                    stopped[output] = stop;
            }
        }
        return stopped.Concat(missing).GroupBy(p => p.Key).ToDictionary(g => g.Key, g => g.Last().Value);
    }

    private static string? WhyNoRule(Graphs.Format.NodeProto node, GraphBuilder builder, OnnxGraph graph, HashSet<string> onPath)
    {
        try
        {
            // Any tensor of the right shape can stand for the gradient of an output: its own value does.
            string?[] gradients = [.. node.Output.Select((o, i) => i == 0 ? o : null)];
            GradientGraph.Rule(node, graph.Opset).Apply(new ForwardNode(node, builder, onPath.Contains), gradients, builder);
            return null;
        }
        catch (ModelFormatException e)
        {
            return e.Message;
        }
    }
}

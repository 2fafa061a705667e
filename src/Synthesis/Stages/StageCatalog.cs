using PerceptionStudy.Synthesis.Gradients;
using PerceptionStudy.Synthesis.Graphs;
using DataType = PerceptionStudy.Synthesis.Graphs.Format.TensorProto.Types.DataType;

namespace PerceptionStudy.Synthesis.Stages;

/// <summary>Which tensors of a model can be matched, and what they are called.</summary>
public static class StageCatalog
{
    /// <summary>Every computed tensor of numbers between input and outputs, in the model's order.</summary>
    public static IReadOnlyList<Stage> List(OnnxGraph graph)
    {
        var tensors = (from node in graph.Nodes
                       from output in node.Output
                       where output.Length > 0 && graph.Tensors.TryGetValue(output, out var info) && info.Type is DataType.Float or DataType.Double && info.Size > 0
                       select (node, info: graph.Tensors[output])).ToArray();
        var names = StageNames.For(tensors.Select(t => t.info.Name));
        var reasons = GradientReach.ReasonsAgainst(graph);
        var proposed = StageProposal.For(graph);
        return [.. tensors.Select(t =>
        {
            var reason = reasons.GetValueOrDefault(t.info.Name);
            return new Stage(names[t.info.Name], t.info.Name, t.node.OpType, t.info.Shape, t.info.Size, reason is null, reason,
                reason is null && proposed.Contains(t.info.Name));
        })];
    }

    /// <summary>The stage of that name or tensor.</summary>
    /// <exception cref="ModelFormatException">There is none; the message lists the names that are closest.</exception>
    public static Stage Find(OnnxGraph graph, string nameOrTensor)
    {
        var stages = List(graph);
        return stages.FirstOrDefault(s => s.Name == nameOrTensor) ?? stages.FirstOrDefault(s => s.Tensor == nameOrTensor)
            ?? throw new ModelFormatException($"The model has no stage {nameOrTensor}; the closest are {string.Join(", ", StageNames.Closest(nameOrTensor, stages.Select(s => s.Name)))}.");
    }
}

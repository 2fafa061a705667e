using PerceptionStudy.Synthesis.FrontEnds;
using PerceptionStudy.Synthesis.Gradients;
using PerceptionStudy.Synthesis.Graphs;
using DataType = PerceptionStudy.Synthesis.Graphs.Format.TensorProto.Types.DataType;

namespace PerceptionStudy.Synthesis.Stages;

/// <summary>Which tensors of a model can be matched, and what they are called.</summary>
public static class StageCatalog
{
    /// <summary>Name of the stage that is the model's input behind its front end (Feather et al. 2023: <c>input_after_preproc</c>).</summary>
    public const string InputName = "input";

    /// <summary>
    /// Every computed tensor of numbers between input and outputs, in the model's order; before them the input, where it has two dimensions besides those of 1. Such an input is a
    /// cochleagram, or a grey picture, and several stimuli have the same one; a waveform or a colour picture is the stimulus itself, of which nothing else could be a metamer.
    /// </summary>
    public static IReadOnlyList<Stage> List(OnnxGraph graph)
    {
        var tensors = (from node in graph.Nodes
                       from output in node.Output
                       where output.Length > 0 && graph.Tensors.TryGetValue(output, out var info) && info.Type is DataType.Float or DataType.Double && info.Size > 0
                       select (node, info: graph.Tensors[output])).ToArray();
        var modules = new ModuleScopes(graph);
        var paper = new PaperStages(graph, modules).List();
        var names = StageNames.For(tensors.Select(t => t.info.Name), modules, Final(graph, modules));
        var reasons = GradientReach.ReasonsAgainst(graph);
        var proposed = StageProposal.For(graph, modules, paper);
        return [.. InputOf(graph), .. tensors.Select(t =>
        {
            var reason = reasons.GetValueOrDefault(t.info.Name);
            return new Stage(names[t.info.Name], t.info.Name, t.node.OpType, t.info.Shape, t.info.Size, reason is null, reason,
                reason is null && proposed.Contains(t.info.Name), (double)t.info.Size / graph.Input.Size);
        })];
    }

    /// <summary>The stage of that name: the stage's own, that of a module whose output it is, the paper's, or the tensor's.</summary>
    /// <exception cref="ModelFormatException">There is none; the message lists the names that are closest.</exception>
    public static Stage Find(OnnxGraph graph, string name)
    {
        var stages = List(graph);
        var modules = new ModuleScopes(graph);
        var tensor = modules.Output(name) ?? new PaperStages(graph, modules).List().FirstOrDefault(s => s.Name == name).Tensor ?? name;
        return stages.FirstOrDefault(s => s.Name == name) ?? stages.FirstOrDefault(s => s.Tensor == tensor)
            ?? throw new ModelFormatException($"The model has no stage {name}; the closest are {string.Join(", ", StageNames.Closest(name, stages.Select(s => s.Name)))}.");
    }

    private static IEnumerable<Stage> InputOf(OnnxGraph graph) => IsRepresentation(graph)
        ? [new Stage(InputName, graph.Input.Name, "Input", graph.Input.Shape, graph.Input.Size, true, null, SoundInference.Of(graph)?.Pipeline.Cochleagram is not null, 1)] : [];

    private static bool IsRepresentation(OnnxGraph graph) => graph.Input.Shape[1..].Count(d => d > 1) == 2;

    // The class scores of a network with modules are called as in the paper; one written by hand has names of its own.
    private static Dictionary<string, string> Final(OnnxGraph graph, ModuleScopes modules)
    {
        var scores = graph.Outputs.Count > 0 ? StageProposal.Scores(graph, graph.Outputs[0]) : "";
        var names = new Dictionary<string, string>();
        if (modules.All.Any() && graph.Producers.ContainsKey(scores))
            names[scores] = "final";
        if (IsRepresentation(graph))
            names[graph.Input.Name] = InputName;
        return names;
    }
}

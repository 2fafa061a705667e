using PerceptionStudy.Synthesis.Graphs;
using PerceptionStudy.Synthesis.Graphs.Format;

namespace PerceptionStudy.Synthesis.Stages;

/// <summary>
/// The stages at which Feather et al. 2023 made metamers, for the families of networks of that paper, recognised by the modules'
/// names in torchvision, timm, OpenAI's CLIP and CORnet. Each has the paper's name, by which it can be found.
/// </summary>
internal sealed class PaperStages(OnnxGraph graph, ModuleScopes modules)
{
    /// <summary>The paper's name and the tensor of each stage in order, without the class scores; none for another kind of network.</summary>
    public IReadOnlyList<(string Name, string Tensor)> List()
    {
        string[] layers = ["layer1", "layer2", "layer3", "layer4"], areas = ["V1", "V2", "V4", "IT"];
        if (Exist(areas))
            return Modules(areas);
        if (Exist(layers))
            return modules.Output("attnpool") is { } pooled
                ? [.. Stem(modules.Output("avgpool")), .. Modules(layers), ("attnpool", pooled)]
                : [.. Stem(FirstRectifier(), "conv1_relu1"), .. Modules(layers), .. Pool("avgpool", "global_pool")];
        if (modules.IsContainer("features") && modules.IsContainer("classifier") && !modules.Inside("features").Any(modules.IsContainer))
            return Sequential();
        foreach (var list in new[] { "transformer.resblocks", "blocks", "encoder.layers" })
            if (Blocks(list) is { Length: > 1 } blocks)
                return Transformer(blocks);
        return [];
    }

    private bool Exist(string[] names) => names.All(n => modules.Output(n) is not null);

    private (string, string)[] Modules(params string[] names) => [.. names.Select(n => (n, modules.Output(n)!))];

    private static (string, string)[] Stem(string? tensor, string name = "stem") => tensor is null ? [] : [(name, tensor)];

    private (string, string)[] Pool(params string[] names) => names.Select(modules.Output).FirstOrDefault(t => t is not null) is { } tensor ? [("avgpool", tensor)] : [];

    private string? FirstRectifier() => graph.Nodes.FirstOrDefault(n => StageProposal.Rectifiers.Contains(n.OpType))?.Output[0];

    // AlexNet: every rectifier. VGG: the last before each pooling.
    private (string, string)[] Sequential()
    {
        var stages = new List<(string, string)>();
        var few = graph.Nodes.Count(n => n.OpType == "Conv") <= 5;
        var (pools, inBlock, dense, last) = (0, 0, 0, "");
        var inClassifier = modules.Output("features");
        var behind = false;
        foreach (var node in graph.Nodes)
        {
            var output = node.Output[0];
            if (node.OpType == "Relu" && behind)
                stages.Add((few ? $"fc{dense++}_relu" : $"fc_relu_{dense++}", output));
            else if (node.OpType == "Relu" && few)
                stages.Add(($"relu{inBlock++}", output));
            else if (node.OpType == "Relu")
                (last, inBlock) = (output, inBlock + 1);
            else if (node.OpType == "MaxPool" && !few && last.Length > 0)
            {
                stages.Add(($"conv_relu_{pools++}_{inBlock - 1}", last));
                (last, inBlock) = ("", 0);
            }
            if (output == inClassifier)
            {
                behind = true;
                if (!few)
                    stages.AddRange(Pool("avgpool"));
            }
        }
        return [.. stages];
    }

    private string[] Blocks(string list) => [.. modules.Inside(list).Where(s => modules.IsContainer(s) && Number(s) is not null).OrderBy(Number)];

    private static int? Number(string scope) => int.TryParse(scope[(scope.LastIndexOfAny(['.', '_']) + 1)..], out var number) ? number : null;

    private (string, string)[] Transformer(string[] blocks)
    {
        var stages = new List<(string, string)>();
        var first = EntryOf(blocks[0]);
        foreach (var (module, name) in new[] { ("patch_embed", "patch_embed"), ("conv_proj", "patch_embed"), ("conv1", "conv1") })
            if (modules.Output(module) is { } embedded)
                stages.Add((name, embedded));
        if (ClassToken() is { } token && modules.Output("ln_pre") is not null)
            stages.Add(("class_embedding_cat", token));
        if (first is not null)
            stages.Add((modules.Output("ln_pre") == first ? "ln_pre" : "pos_embed", first));
        foreach (var quarter in Enumerable.Range(0, 4).Select(q => q * blocks.Length / 4).Distinct())
            stages.Add(($"block_{quarter}", modules.Output(blocks[quarter])!));
        stages.Add(("blocks_end", modules.Output(blocks[^1])!));
        return [.. stages.DistinctBy(s => s.Item2)];
    }

    private string? ClassToken() => graph.Nodes.FirstOrDefault(n => n.OpType == "Concat" && n.Output[0] is var o && graph.Tensors[o].Shape.Length == 3)?.Output[0];

    // What the first block adds to: the tensor from outside that its nodes read.
    private string? EntryOf(string block)
    {
        var inside = modules.Nodes(block).ToArray();
        var made = inside.SelectMany(n => n.Output).ToHashSet();
        return inside.SelectMany(n => n.Input).FirstOrDefault(i => graph.Producers.ContainsKey(i) && !made.Contains(i));
    }
}

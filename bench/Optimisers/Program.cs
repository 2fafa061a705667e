using System.Globalization;
using PerceptionStudy.Bench.Optimisers;
using PerceptionStudy.Synthesis.Graphs;
using PerceptionStudy.Synthesis.Media;
using PerceptionStudy.Synthesis.Metamers;

// Gradient evaluations until an optimiser first reaches the final loss of the published 24,000 steps: a Markdown table.
// dotnet run -c Release --project bench/Optimisers -- DEMO_FOLDER [FILTER]; the filter is a part of "net stage".
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
const int Published = 24_000, Most = 2_400, Seed = 1;
var demo = args[0];
var filter = args.Length > 1 ? args[1] : "";
OnnxGraph Demo(string name) => OnnxGraph.Load(Path.Combine(demo, "models", name + ".onnx"), [1, 3, 96, 96]);
(string Net, Func<OnnxGraph> Load, string[] Stages)[] nets =
[
    ("standard", () => Demo("standard"), ["relu2", "relu3", "relu4", "relu5", "dense_relu", "logits"]),
    ("robust", () => Demo("robust"), ["relu2", "relu3", "relu4", "relu5", "dense_relu", "logits"]),
    ("random ResNet", RandomNets.ResNet, ["layer1", "layer3", "pooled"]),
    ("random VGG", RandomNets.Vgg, ["block1", "block3", "dense"]),
    ("random ViT", RandomNets.Vit, ["patches", "block1", "block2"]),
];
Console.WriteLine($"| net | stage | loss after {Published:N0} | fast | fast, final loss | Adam, cosine | Adam of plenoptic | momentum | Barzilai-Borwein |");
Console.WriteLine("|---|---|---|---|---|---|---|---|---|");
foreach (var (net, load, stages) in nets)
    foreach (var stage in stages.Where(s => $"{net} {s}".Contains(filter, StringComparison.Ordinal)))
    {
        var graph = load();
        var size = (int)graph.Input.Shape[2];
        using var f = new MetamerLoss(graph, stage, PictureFile.Read(Path.Combine(demo, "pictures", "dog", "dog-1.png")).Fit(size, size, "centre-square").ToTensor());
        float[] Start() => NoiseSource.Start(Seed, f.Length);
        var goal = Candidates.Product(f, Start(), new FeatherPreset(), Published).Last();
        var fast = new FastPreset();
        var reached = Candidates.Product(f, Start(), fast, fast.DefaultSteps).ToArray();
        string Evaluations(IEnumerable<double> losses)
        {
            var index = losses.Take(Most).Select((loss, i) => (loss, i)).FirstOrDefault(l => l.loss <= goal, (0, -1)).i;
            return index < 0 ? $"> {Most:N0}" : $"{index + 1:N0}";
        }
        Console.WriteLine(
            $"| {net} | {stage} | {goal:G3} | {Evaluations(reached)} | {reached.Min():G3} after {reached.Length:N0} | {Evaluations(Candidates.AdamCosine(f, Start(), Most))} "
            + $"| {Evaluations(Candidates.AdamPlenoptic(f, Start()))} | {Evaluations(Candidates.Momentum(f, Start(), Most))} | {Evaluations(Candidates.BarzilaiBorwein(f, Start()))} |");
    }

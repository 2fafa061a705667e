using System.Globalization;
using PerceptionStudy.Bench.Optimisers;
using PerceptionStudy.Synthesis.Graphs;
using PerceptionStudy.Synthesis.Media;
using PerceptionStudy.Synthesis.Metamers;

// Gradient evaluations until an optimiser first reaches the final loss of the published 24,000 steps: a Markdown table.
// dotnet run -c Release --project bench/Optimisers -- DEMO_FOLDER [FILTER [PICTURES SEEDS]]; the filter is a part of "net stage". With pictures and seeds
// (as bear-1,car-2 2,3) only the product's preset is asked, once for each of them.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
const int Published = 24_000, Most = 2_400;
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
var others = args.Length < 4;
string[] pictures = others ? ["dog-1"] : args[2].Split(',');
int[] seeds = others ? [1] : [.. args[3].Split(',').Select(int.Parse)];
Console.WriteLine($"| net | stage | picture, seed | loss after {Published:N0} | fast | fast, final loss |{(others ? " Adam, cosine | Adam of plenoptic | momentum | Barzilai-Borwein |" : "")}");
Console.WriteLine($"|---|---|---|---|---|---|{(others ? "---|---|---|---|" : "")}");
foreach (var (net, load, stages) in nets)
    foreach (var stage in stages.Where(s => $"{net} {s}".Contains(filter, StringComparison.Ordinal)))
        foreach (var picture in pictures)
            foreach (var seed in seeds)
                Compare(net, load(), stage, picture, seed);

void Compare(string net, OnnxGraph graph, string stage, string picture, int seed)
{
    var size = (int)graph.Input.Shape[2];
    var file = Path.Combine(demo, "pictures", picture[..picture.LastIndexOf('-')], picture + ".png");
    using var f = new MetamerLoss(graph, stage, PictureFile.Read(file).Fit(size, size, "centre-square").ToTensor());
    float[] Start() => NoiseSource.Start(seed, f.Length);
    var goal = Candidates.Product(f, seed, new FeatherPreset(), Published).Last();
    var reached = Candidates.Product(f, seed, new FastPreset(), Most).ToArray();
    Console.Write($"| {net} | {stage} | {picture}, {seed} | {goal:G3} | {Evaluations(reached)} | {reached.Min():G3} after {reached.Length:N0} |");
    if (others)
        Console.Write(
            $" {Evaluations(Candidates.AdamCosine(f, Start(), Most))} | {Evaluations(Candidates.AdamPlenoptic(f, Start()))} | {Evaluations(Candidates.Momentum(f, Start(), Most))} | {Evaluations(Candidates.BarzilaiBorwein(f, Start()))} |");
    Console.WriteLine();

    string Evaluations(IEnumerable<double> losses)
    {
        var index = losses.Take(Most).Select((loss, i) => (loss, i)).FirstOrDefault(l => l.loss <= goal, (0, -1)).i;
        return index < 0 ? $"> {Most:N0}" : $"{index + 1:N0}";
    }
}

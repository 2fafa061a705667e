using PerceptionStudy.Bench.Optimisers;
using PerceptionStudy.Synthesis.Graphs;
using PerceptionStudy.Synthesis.Media;
using PerceptionStudy.Synthesis.Metamers;
using System.Globalization;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var (model, picture, stages, which, budget) = (args[0], args[1], args[2].Split(','), args[3].Split(','), int.Parse(args[4]));
int[] looks = [100, 200, 400, 600, 800, 1200, 1600, 2000, 2400];
foreach (var stage in stages)
{
    var graph = OnnxGraph.Load(model, [1, 3, 96, 96]);
    var natural = PictureFile.Read(picture).ToTensor();
    foreach (var name in which)
    {
        using var f = new MetamerLoss(graph, stage, natural);
        var x = NoiseSource.Start(1, f.Length);
        IEnumerable<double> run = name switch
        {
            "published" => Candidates.Published(f, x, budget),
            "adam" => Candidates.AdamCosine(f, x, budget),
            "adam05" => Candidates.AdamCosine(f, x, budget, 0.05),
            "adam01" => Candidates.AdamCosine(f, x, budget, 0.01),
            "plenoptic" => Candidates.AdamPlenoptic(f, x),
            "momentum" => Candidates.Momentum(f, x, budget),
            "bb" => Candidates.BarzilaiBorwein(f, x),
            "lbfgs10" => Candidates.Lbfgs(f, x, 10),
            "lbfgs20" => Candidates.Lbfgs(f, x, 20),
            "lbfgs5" => Candidates.Lbfgs(f, x, 5),
            "lbfgs40" => Candidates.Lbfgs(f, x, 40),
            "lbfgsg10" => Candidates.Lbfgs(f, x, 10, true),
            "lbfgsu" => Candidates.Lbfgs(f, x, 10, true, -100, 100),
            "lbfgsg20" => Candidates.Lbfgs(f, x, 20, true),
            _ => throw new ArgumentException(name),
        };
        var clock = System.Diagnostics.Stopwatch.StartNew();
        var best = double.MaxValue;
        var line = "";
        foreach (var loss in run)
        {
            best = Math.Min(best, loss);
            if (looks.Contains(f.Evaluations))
                line += $" {f.Evaluations}:{best:G3}";
            if (f.Evaluations >= budget)
                break;
        }
        var gg = new float[x.Length];
        var l0 = f.At(x, gg);
        Console.WriteLine($"  at {l0:G4}: norm {Math.Sqrt(gg.Sum(v => (double)v * v)):G4} free {Math.Sqrt(gg.Where((v, i) => !((x[i] <= 0 && v > 0) || (x[i] >= 1 && v < 0))).Sum(v => (double)v * v)):G4} at limits {x.Count(v => v is <= 0 or >= 1)} of {x.Length} held {gg.Where((v, i) => ((x[i] <= 0 && v > 0) || (x[i] >= 1 && v < 0))).Count()}");
        Console.WriteLine($"{Path.GetFileNameWithoutExtension(model)} {stage} {name,-10} evals {f.Evaluations} best {best:G4} {clock.Elapsed.TotalSeconds:F1}s |{line}");
    }
}

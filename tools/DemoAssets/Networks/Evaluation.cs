using PerceptionStudy.DemoAssets.Pictures;
using TorchSharp;
using static TorchSharp.torch;

namespace PerceptionStudy.DemoAssets.Networks;

/// <summary>Proportion correct on scenes of held-out designs, clean and under attack.</summary>
public sealed class Evaluation
{
    private readonly byte[] rgb;
    private readonly int[] labels;

    /// <param name="perCategory">Pictures per category; the held-out exemplars take turns.</param>
    public Evaluation(IReadOnlyList<Exemplar> exemplars, int perCategory, int seed)
    {
        var categories = ExemplarList.Categories;
        rgb = new byte[categories.Length * perCategory * ScenePool.Bytes];
        labels = new int[categories.Length * perCategory];
        using var scene = new Scene();
        for (var category = 0; category < categories.Length; category++)
        {
            var held = exemplars.Where(e => e.HeldOut && e.Category == categories[category]).ToArray();
            for (var i = 0; i < perCategory; i++)
            {
                var at = category * perCategory + i;
                labels[at] = category;
                scene.Render(held[i % held.Length], new Random(seed + at), rgb.AsSpan(at * ScenePool.Bytes, ScenePool.Bytes), train: false);
            }
        }
    }

    public int Count => labels.Length;

    /// <summary>Hits per category, [categories, 2]: hits and pictures.</summary>
    public (double Correct, double[] PerCategory) Run(DemoNetwork network, double epsilon, int steps = 20)
    {
        network.eval();
        var generator = new Generator(7);
        int[] hits = new int[ExemplarList.Categories.Length], all = new int[hits.Length];
        const int batch = 64;
        for (var from = 0; from < Count; from += batch)
        {
            using var scope = NewDisposeScope();
            var n = Math.Min(batch, Count - from);
            var values = new float[n * ScenePool.Bytes];
            for (var i = 0; i < n; i++) ScenePool.ToPlanes(rgb.AsSpan((from + i) * ScenePool.Bytes, ScenePool.Bytes), values.AsSpan(i * ScenePool.Bytes, ScenePool.Bytes));
            var pictures = tensor(values, [n, 3, Scene.Side, Scene.Side]);
            var truth = tensor(labels[from..(from + n)].Select(l => (long)l).ToArray());
            if (epsilon > 0) pictures = Attack.Pgd(network, pictures, truth, epsilon, steps, generator);
            using var grad = no_grad();
            var answers = network.forward(pictures).argmax(1).data<long>().ToArray();
            for (var i = 0; i < n; i++) { all[labels[from + i]]++; if (answers[i] == labels[from + i]) hits[labels[from + i]]++; }
        }
        return ((double)hits.Sum() / Count, [.. hits.Select((h, i) => (double)h / all[i])]);
    }
}

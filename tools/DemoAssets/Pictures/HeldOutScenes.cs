namespace PerceptionStudy.DemoAssets.Pictures;

/// <summary>Scenes of designs that were not trained on.</summary>
public sealed class HeldOutScenes
{
    private readonly byte[] rgb;

    /// <param name="exemplars">All icons.</param>
    /// <param name="perCategory">Pictures per category; the held-out exemplars take turns.</param>
    /// <param name="seed">Seed of the scenes.</param>
    public HeldOutScenes(IReadOnlyList<Exemplar> exemplars, int perCategory, int seed)
    {
        var categories = ExemplarList.Categories;
        rgb = new byte[categories.Length * perCategory * ScenePool.Bytes];
        Labels = new byte[categories.Length * perCategory];
        using var scene = new Scene();
        for (var category = 0; category < categories.Length; category++)
        {
            var held = exemplars.Where(e => e.HeldOut && e.Category == categories[category]).ToArray();
            for (var i = 0; i < perCategory; i++)
            {
                var at = category * perCategory + i;
                Labels[at] = (byte)category;
                scene.Render(held[i % held.Length], new Random(seed + at), rgb.AsSpan(at * ScenePool.Bytes, ScenePool.Bytes), train: false);
            }
        }
    }

    public byte[] Labels { get; }

    public void CopyTo(int index, Span<float> planes) => ScenePool.ToPlanes(rgb.AsSpan(index * ScenePool.Bytes, ScenePool.Bytes), planes);
}

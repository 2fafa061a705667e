namespace PerceptionStudy.Server.Models;

/// <summary>
/// The standard map from the 1,000 classes of ImageNet (ILSVRC 2012) to 16 everyday categories: 207 classes; the others belong to none
/// (Geirhos et al. 2018, as model-vs-human uses it; the same as in Feather et al. 2023).
/// </summary>
public static class ImageNetCategories
{
    /// <summary>Outputs of a model of ImageNet.</summary>
    public const int Classes = 1000;

    private static readonly Lazy<IReadOnlyDictionary<string, int[]>> Map = new(Read);

    /// <summary>Class numbers, from 0, of each of the 16 categories.</summary>
    public static IReadOnlyDictionary<string, int[]> Sixteen => Map.Value;

    /// <summary>The map for a model with so many outputs: those of TensorFlow begin with a class for the background, so that all others move by one. Null if it is no model of ImageNet.</summary>
    public static IReadOnlyDictionary<string, int[]>? For(long outputs) => outputs switch
    {
        Classes => Sixteen,
        Classes + 1 => Sixteen.ToDictionary(c => c.Key, c => c.Value.Select(i => i + 1).ToArray()),
        _ => null,
    };

    private static Dictionary<string, int[]> Read()
    {
        using var reader = new StreamReader(typeof(ImageNetCategories).Assembly.GetManifestResourceStream("imagenet-16-categories.csv")!);
        return ClassMapFile.Read(reader.ReadToEnd(), null);
    }
}

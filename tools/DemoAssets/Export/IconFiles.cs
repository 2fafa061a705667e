using PerceptionStudy.DemoAssets.Pictures;

namespace PerceptionStudy.DemoAssets.Export;

/// <summary>Writes one icon per category for the response grid, all from one set so that none stands out.</summary>
public static class IconFiles
{
    // In the order of the categories; the set has no other bear.
    private static readonly string[] Names =
        ["airplane", "teddy-bear", "bicycle", "bird", "sail-boat", "bottle-wine", "car-side", "cat", "chair-rolling", "clock-outline", "dog-side", "elephant", "keyboard", "knife", "stove", "truck"];

    public static void Write(string nodeModules, string folder)
    {
        var set = IconSet.Load(nodeModules, "mdi");
        Directory.CreateDirectory(folder);
        foreach (var (name, category) in Names.Zip(ExemplarList.Categories))
            File.WriteAllText(Path.Combine(folder, category + ".svg"), set.Svg(name) ?? throw new InvalidDataException($"The set has no icon {name}."));
    }
}

using System.Text.Json;

namespace PerceptionStudy.DemoAssets.Pictures;

/// <summary>An icon set of npm in the Iconify format: names to SVG.</summary>
public sealed record IconSet(JsonElement Icons, JsonElement Aliases, int Width, int Height)
{
    public static IconSet Load(string nodeModules, string set)
    {
        var root = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(nodeModules, "@iconify-json", set, "icons.json"))).RootElement;
        int Size(string name) => root.TryGetProperty(name, out var size) ? size.GetInt32() : 16;
        return new IconSet(root.GetProperty("icons"), root.TryGetProperty("aliases", out var aliases) ? aliases : default, Size("width"), Size("height"));
    }

    public string? Svg(string name)
    {
        if (Aliases.ValueKind == JsonValueKind.Object && Aliases.TryGetProperty(name, out var alias)) name = alias.GetProperty("parent").GetString()!;
        if (!Icons.TryGetProperty(name, out var icon)) return null;
        int Size(string side, int otherwise) => icon.TryGetProperty(side, out var size) ? size.GetInt32() : otherwise;
        var body = icon.GetProperty("body").GetString()!.Replace("currentColor", "#000", StringComparison.Ordinal);
        return $"<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" viewBox=\"0 0 {Size("width", Width)} {Size("height", Height)}\">{body}</svg>";
    }
}

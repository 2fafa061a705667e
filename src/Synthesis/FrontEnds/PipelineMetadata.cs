using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace PerceptionStudy.Synthesis.FrontEnds;

/// <summary>
/// What the <c>metadata_props</c> of an ONNX file say about pictures and classes. Names that are understood, in any case: Windows ML's <c>Image.BitmapPixelFormat</c>
/// and <c>Image.NominalPixelRange</c>; <c>mean</c>, <c>std</c> (also with <c>image_</c> or <c>input_</c> before); <c>imgsz</c>, <c>input_size</c>;
/// <c>names</c>, <c>classes</c>, <c>labels</c>, <c>class_names</c>.
/// </summary>
/// <param name="metadata">The entries of the file.</param>
internal sealed partial class PipelineMetadata(IReadOnlyDictionary<string, string> metadata)
{
    /// <summary>Width and height in pixels, or null.</summary>
    public (int Width, int Height)? Size => Numbers("imgsz", "input_size") switch
    {
        [var side] when IsSide(side) => ((int)side, (int)side),
        [.., var height, var width] when IsSide(height) && IsSide(width) => ((int)width, (int)height),
        _ => null,
    };

    /// <summary><c>rgb</c>, <c>bgr</c>, or null.</summary>
    public string? Channels => Find("Image.BitmapPixelFormat") switch
    {
        { } format when format.StartsWith("Bgr", StringComparison.OrdinalIgnoreCase) => "bgr",
        { } format when format.StartsWith("Rgb", StringComparison.OrdinalIgnoreCase) => "rgb",
        _ => null,
    };

    /// <summary>Lowest and highest pixel value, or null.</summary>
    public float[]? Range => Find("Image.NominalPixelRange")?.ToLowerInvariant() switch
    {
        "nominalrange_0_255" => [0, 255],
        "normalized_0_1" => [0, 1],
        "normalized_1_1" => [-1, 1],
        _ => null,
    };

    /// <summary>Mean of each channel, or null.</summary>
    public float[]? Mean => Numbers("mean", "image_mean", "input_mean");

    /// <summary>Standard deviation of each channel, all above 0, or null.</summary>
    public float[]? Std => Numbers("std", "image_std", "input_std") is { } std && std.All(s => s > 0) ? std : null;

    /// <summary>Names of the classes in the order of their numbers, or null.</summary>
    public string[]? Classes => Find("names", "classes", "labels", "class_names") is { } text ? Dictionary(text) ?? List(text) : null;

    private string? Find(params string[] names) =>
        names.Select(name => metadata.FirstOrDefault(m => string.Equals(m.Key, name, StringComparison.OrdinalIgnoreCase)).Value).FirstOrDefault(value => !string.IsNullOrWhiteSpace(value));

    private float[]? Numbers(params string[] names)
    {
        var parts = Find(names)?.Trim(' ', '[', ']', '(', ')').Split([',', ' '], StringSplitOptions.RemoveEmptyEntries);
        var numbers = parts?.Select(p => float.TryParse(p, CultureInfo.InvariantCulture, out var number) && float.IsFinite(number) ? (float?)number : null).ToArray();
        return numbers is null || numbers.Length == 0 || numbers.Any(n => n is null) ? null : [.. numbers.Select(n => n!.Value)];
    }

    // As Python prints a dictionary, {0: 'tench', 1: "goldfish"}, or as JSON writes it, {"0": "tench"}.
    private static string[]? Dictionary(string text)
    {
        var entries = Entry().Matches(text).Select(m => (Index: int.Parse(m.Groups["index"].Value, CultureInfo.InvariantCulture), Name: m.Groups["name"].Value)).OrderBy(e => e.Index).ToArray();
        return text.TrimStart().StartsWith('{') && entries.Length > 0 && entries.Select((e, i) => e.Index == i).All(inOrder => inOrder) ? [.. entries.Select(e => e.Name)] : null;
    }

    private static string[]? List(string text)
    {
        try
        {
            if (text.TrimStart().StartsWith('['))
                return JsonSerializer.Deserialize<string[]>(text);
        }
        catch (JsonException)
        {
            return null;
        }
        return text.TrimStart().StartsWith('{') ? null : text.Split(text.Contains('\n') ? '\n' : ',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
    }

    private static bool IsSide(float side) => side is >= 1 and <= 4096 && side == MathF.Floor(side);

    [GeneratedRegex("""['"]?(?<index>\d{1,6})['"]?\s*:\s*(?<quote>['"])(?<name>.*?)\k<quote>\s*(?=[,}])""")]
    private static partial Regex Entry();
}

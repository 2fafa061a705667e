using System.Text.RegularExpressions;
using SkiaSharp;
using Svg.Skia;

namespace PerceptionStudy.DemoAssets.Pictures;

/// <summary>Reads exemplars.txt, finds the icons in node_modules and rasterises them; decides which designs are held out.</summary>
public static partial class ExemplarList
{
    public const int Side = 128;

    private static readonly string[] EmojiSets = ["fluent-emoji", "fluent-emoji-flat", "noto", "noto-v1", "twemoji", "emojione", "fxemoji"];

    public static readonly string[] Categories =
        ["airplane", "bear", "bicycle", "bird", "boat", "bottle", "car", "cat", "chair", "clock", "dog", "elephant", "keyboard", "knife", "oven", "truck"];

    public static List<Exemplar> Load(string nodeModules, int seed)
    {
        var sets = new Dictionary<string, IconSet>();
        var found = new List<Exemplar>();
        foreach (var line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "exemplars.txt")))
        {
            if (line.StartsWith('#') || line.IndexOf(':') is var colon && colon < 0) continue;
            var category = line[..colon];
            var comma = line.IndexOf(',', StringComparison.Ordinal);
            var set = line[(colon + 1)..comma].Trim();
            foreach (var name in line[(comma + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries))
                foreach (var one in set == "emoji" ? EmojiSets : [set])
                {
                    if (!sets.TryGetValue(one, out var icons)) sets[one] = icons = IconSet.Load(nodeModules, one);
                    if (icons.Svg(name) is not { } svg)
                    {
                        if (set != "emoji") throw new InvalidDataException($"{set} has no icon {name}.");
                        continue;
                    }
                    var (image, coloured) = Rasterise(svg);
                    found.Add(new Exemplar(category, DesignOf(one, name), one, name, coloured, image));
                }
        }
        return HoldOut(found, seed);
    }

    // A design and its relatives stand or fall together: flat and 3D, old and new version of a set, weights and moods of one drawing.
    private static string DesignOf(string set, string name)
    {
        var family = set switch
        {
            "fluent-emoji-flat" => "fluent-emoji",
            "noto-v1" => "noto",
            "icon-park-solid" => "icon-park",
            _ when set.StartsWith("streamline", StringComparison.Ordinal) => "streamline",
            _ => set,
        };
        if (Moods().IsMatch(name)) name = "cat-face";
        if (name.Contains("thirty", StringComparison.Ordinal) || name.Contains("oclock", StringComparison.Ordinal)) name = "oclock";
        if (name.Contains("biking", StringComparison.Ordinal)) name = "biking";
        name = Weights().Replace(name, "");
        return $"{family}:{name}";
    }

    // Drawn as a square with a microphone's outline; taken out after the draw, so that the other held-out designs stay what they are.
    private const string Unclear = "icon-park:massage-chair";

    [GeneratedRegex("grinning-cat|wry-smile|heart-eyes|pouting-cat|weary-cat|^cat-face$")]
    private static partial Regex Moods();

    [GeneratedRegex("(-fill|-filled|-duotone|-bold|-bold-duotone|-flat|-duo|-departure|-arrival)+$")]
    private static partial Regex Weights();

    // A fifth of the designs of each category, at least three, drawn by seed, first among those that have a coloured exemplar:
    // the held-out pictures are shown to people, and an outline is harder to name than a drawing.
    private static List<Exemplar> HoldOut(List<Exemplar> exemplars, int seed)
    {
        var held = new HashSet<string>();
        foreach (var category in exemplars.GroupBy(e => e.Category))
        {
            var random = new Random(seed);
            var all = category.GroupBy(e => e.Design).OrderBy(d => d.Key, StringComparer.Ordinal).ToArray();
            random.Shuffle(all);
            var coloured = all.Where(d => d.Any(e => e.Coloured)).ToArray();
            var count = Math.Max(3, (int)Math.Round(all.Length / 5.0));
            var chosen = coloured.Take(Math.Min(count, coloured.Length / 2)).Concat(all.Except(coloured)).Take(count);
            foreach (var design in chosen) held.Add(category.Key + "/" + design.Key);
        }
        return [.. exemplars.Where(e => e.Design != Unclear).Select(e => e with { HeldOut = held.Contains(e.Category + "/" + e.Design) })];
    }

    private static (SKImage, bool Coloured) Rasterise(string svg)
    {
        using var drawing = new SKSvg();
        drawing.FromSvg(svg);
        var bounds = drawing.Picture!.CullRect;
        var info = new SKImageInfo(256, 256, SKColorType.Rgba8888, SKAlphaType.Premul);
        using var surface = SKSurface.Create(info);
        surface.Canvas.Scale(256 / Math.Max(bounds.Width, bounds.Height));
        surface.Canvas.Translate(-bounds.Left, -bounds.Top);
        surface.Canvas.DrawPicture(drawing.Picture);
        using var whole = surface.Snapshot();
        using var pixels = whole.PeekPixels();
        var span = pixels.GetPixelSpan<uint>();
        int left = 256, top = 256, right = -1, bottom = -1;
        long chroma = 0, opaque = 0;
        for (var y = 0; y < 256; y++)
            for (var x = 0; x < 256; x++)
            {
                var p = span[y * 256 + x];
                if (p >> 24 < 16) continue;
                left = Math.Min(left, x); right = Math.Max(right, x); top = Math.Min(top, y); bottom = Math.Max(bottom, y);
                int r = (int)(p & 255), g = (int)(p >> 8 & 255), b = (int)(p >> 16 & 255);
                chroma += Math.Max(r, Math.Max(g, b)); opaque++;
            }
        if (right < 0) throw new InvalidDataException("An icon is empty.");
        using var cut = whole.Subset(new SKRectI(left, top, right + 1, bottom + 1));
        using var small = SKSurface.Create(new SKImageInfo(Side, Side, SKColorType.Rgba8888, SKAlphaType.Premul));
        var scale = (float)Side / Math.Max(cut.Width, cut.Height);
        var to = SKRect.Create((Side - cut.Width * scale) / 2, (Side - cut.Height * scale) / 2, cut.Width * scale, cut.Height * scale);
        small.Canvas.DrawImage(cut, to, new SKSamplingOptions(SKCubicResampler.Mitchell));
        // Icons in currentColor come out black.
        return (small.Snapshot(), chroma > 8 * opaque);
    }
}

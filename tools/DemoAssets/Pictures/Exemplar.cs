using SkiaSharp;

namespace PerceptionStudy.DemoAssets.Pictures;

/// <summary>One icon, rasterised once with its margins cut, or a drawing of our own that looks different each time.</summary>
public sealed record Exemplar(string Category, string Design, string Set, string Name, bool Coloured, SKImage Image)
{
    /// <summary>Held-out designs are never trained on.</summary>
    public bool HeldOut { get; init; }
}

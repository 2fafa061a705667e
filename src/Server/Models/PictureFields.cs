using System.Globalization;
using PerceptionStudy.Synthesis.FrontEnds;

namespace PerceptionStudy.Server.Models;

/// <summary>How a picture becomes a model's input, as the fields of a form: numbers in a row as text.</summary>
public sealed class PictureFields
{
    public int Width { get; set; }
    public int Height { get; set; }
    public string Crop { get; set; } = "";
    public double CropFraction { get; set; } = 1;
    public string Range { get; set; } = "";
    public string Channels { get; set; } = "";
    public string Layout { get; set; } = "";
    public string Mean { get; set; } = "";
    public string Std { get; set; } = "";

    public static PictureFields Of(PicturePipeline pipeline) => new()
    {
        Width = pipeline.Width,
        Height = pipeline.Height,
        Crop = pipeline.Crop,
        CropFraction = pipeline.CropFraction,
        Range = Numbers(pipeline.Range),
        Channels = pipeline.Channels,
        Layout = pipeline.Layout,
        Mean = Numbers(pipeline.Mean),
        Std = Numbers(pipeline.Std),
    };

    /// <exception cref="FormatException">A field cannot be read; the message names it.</exception>
    public PicturePipeline Read() => new()
    {
        Width = Width,
        Height = Height,
        Crop = Crop,
        CropFraction = Crop == "squash" ? 1 : CropFraction,
        Range = Numbers("Range", Range) ?? [0f, 1f],
        Channels = Channels,
        Layout = Layout,
        Mean = Numbers("Mean", Mean),
        Std = Numbers("Standard deviation", Std),
    };

    private static string Numbers(float[]? values) => values is null ? "" : string.Join(", ", values.Select(v => v.ToString("R", CultureInfo.InvariantCulture)));

    private static float[]? Numbers(string field, string text)
    {
        if (string.IsNullOrWhiteSpace(text)) return null;
        var parts = text.Split([',', ' ', ';'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return [.. parts.Select(p => float.TryParse(p, CultureInfo.InvariantCulture, out var value) && float.IsFinite(value)
            ? value : throw new FormatException($"{field}: “{p}” is no number. Write numbers with a point, separated by commas, for example 0.485, 0.456, 0.406."))];
    }
}

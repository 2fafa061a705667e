using System.Globalization;
using PerceptionStudy.Synthesis.FrontEnds;

namespace PerceptionStudy.Server.Models;

/// <summary>How a sound becomes a model's input, as the fields of a form.</summary>
public sealed class SoundFields
{
    // What the form does not show stays as it was.
    private CochleagramParameters cochleagram = new();

    public int RateHz { get; set; }
    public int Samples { get; set; }

    /// <summary>Whether the model reads a cochleagram; else it reads the waveform.</summary>
    public bool IsCochleagram { get; set; }

    public int Filters { get; set; }
    public int Overcompleteness { get; set; }
    public double LowHz { get; set; }
    public double HighHz { get; set; }
    public int EnvelopeRateHz { get; set; }

    /// <summary>Dimensions of the input without the batch, separated by commas; empty for those of the waveform or cochleagram.</summary>
    public string Shape { get; set; } = "";

    public double Seconds => RateHz > 0 ? (double)Samples / RateHz : 0;

    public static SoundFields Of(SoundPipeline pipeline)
    {
        var cochleagram = pipeline.Cochleagram ?? new CochleagramParameters();
        return new SoundFields
        {
            cochleagram = cochleagram,
            RateHz = pipeline.RateHz,
            Samples = pipeline.Samples,
            IsCochleagram = pipeline.Cochleagram is not null,
            Filters = cochleagram.Filters,
            Overcompleteness = cochleagram.Overcompleteness,
            LowHz = cochleagram.LowHz,
            HighHz = cochleagram.HighHz,
            EnvelopeRateHz = cochleagram.EnvelopeRateHz,
            Shape = pipeline.Shape is null ? "" : string.Join(", ", pipeline.Shape),
        };
    }

    /// <exception cref="FormatException">A field cannot be read; the message names it.</exception>
    public SoundPipeline Read() => new()
    {
        RateHz = RateHz,
        Samples = Samples,
        Cochleagram = IsCochleagram
            ? cochleagram with { Filters = Filters, Overcompleteness = Overcompleteness, LowHz = LowHz, HighHz = HighHz, EnvelopeRateHz = EnvelopeRateHz } : null,
        Shape = string.IsNullOrWhiteSpace(Shape) ? null : [.. Shape.Split([',', '×', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(d => long.TryParse(d, NumberStyles.None, CultureInfo.InvariantCulture, out var dimension)
                ? dimension : throw new FormatException($"Shape: “{d}” is no whole number. Write the dimensions without the batch, separated by commas, for example 1, 211, 390."))],
    };
}

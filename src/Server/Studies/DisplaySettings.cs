using System.Text.Json.Serialization;
using PerceptionStudy.Shared.Sessions;

namespace PerceptionStudy.Server.Studies;

/// <summary>What happens to a main trial whose timing verdict is bad.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<BadTrials>))]
public enum BadTrials
{
    /// <summary>It stays as it is, with its verdict.</summary>
    Mark,

    /// <summary>It stays with its verdict, and its picture is shown once more at the end; then the second answer counts.</summary>
    Repeat,
}

/// <summary>How pictures are shown, beside the durations and <see cref="StudyDesign.DisplaySizeCssPx"/>.</summary>
public sealed record DisplaySettings
{
    /// <summary>Side of the picture in degrees of visual angle, which needs a calibration; null for the size in CSS pixels.</summary>
    public double? SizeDegrees { get; init; }

    /// <summary>Whether who cannot or will not calibrate may go on, with the size in CSS pixels.</summary>
    public bool MaySkipCalibration { get; init; }

    /// <summary>Shows each pixel of the picture as a square of whole device pixels, at the whole multiple nearest to the size asked for.</summary>
    public bool SquarePixels { get; init; }

    /// <summary>What follows the picture.</summary>
    public MaskKind Mask { get; init; }

    /// <summary>What happens to trials whose timing is bad.</summary>
    public BadTrials BadTrials { get; init; }

    /// <summary>Whether people may take part on phones and tablets.</summary>
    public bool AllowTouch { get; init; } = true;
}

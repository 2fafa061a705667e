using System.Text.Json.Serialization;

namespace PerceptionStudy.Shared.Sessions;

/// <summary>What follows the picture.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<MaskKind>))]
public enum MaskKind
{
    /// <summary>Every CSS pixel of a colour of its own, uniform over all colours.</summary>
    PixelNoise,

    /// <summary>Grey noise whose amplitude falls as 1/f, as that of natural scenes does.</summary>
    PinkNoise,

    /// <summary>The picture itself with its phases exchanged for random ones: same spectrum, no shape.</summary>
    PhaseScrambled,

    /// <summary>Nothing: grey.</summary>
    None,
}

/// <summary>How large and how the picture is shown.</summary>
public sealed record DisplayPlan
{
    /// <summary>Side of the picture, CSS pixels; with <see cref="PictureDegrees"/> what is used where there is no calibration.</summary>
    public int PictureCssPx { get; init; }

    /// <summary>Side of the picture, degrees of visual angle; null for a size in CSS pixels.</summary>
    public double? PictureDegrees { get; init; }

    /// <summary>Whether participants may go on without the calibration that degrees need.</summary>
    public bool MaySkipCalibration { get; init; }

    /// <summary>Each pixel of the picture a square of whole device pixels, at the whole multiple nearest to the size, instead of a smooth resampling.</summary>
    public bool SquarePixels { get; init; }

    /// <summary>What follows the picture.</summary>
    public MaskKind Mask { get; init; }

    /// <summary>Whether a phone or tablet may be used.</summary>
    public bool AllowTouch { get; init; } = true;
}

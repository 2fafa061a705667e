namespace PerceptionStudy.Client.Trials;

/// <summary>What a calibration found: how large a degree is on this screen, from where this person sits.</summary>
/// <param name="CssPxPerDegree">CSS pixels for one degree of visual angle in the middle of the screen.</param>
/// <param name="ViewingDistanceMm">Distance of the eyes from the screen, mm.</param>
public sealed record VisualAngle(double CssPxPerDegree, double ViewingDistanceMm)
{
    /// <summary>Width of a bank card, mm (ISO/IEC 7810, ID-1).</summary>
    public const double CardWidthMm = 85.60;

    /// <summary>Eccentricity of the middle of the blind spot on the horizon, degrees, as in Li, Joo, Yeatman and Reinecke 2020.</summary>
    public const double BlindSpotDegrees = 13.5;

    /// <summary>
    /// From the card's width on the screen and the distances between square and dot at which the dot vanished (their mean), both in CSS pixels:
    /// distance = d / tan 13.5° (Li et al. 2020, Scientific Reports 10:904), and one degree is 2 · distance · tan ½°.
    /// </summary>
    public static VisualAngle Of(double cardWidthCssPx, IReadOnlyCollection<double> vanishedAtCssPx)
    {
        var cssPxPerMm = cardWidthCssPx / CardWidthMm;
        var distanceMm = vanishedAtCssPx.Average() / cssPxPerMm / Tan(BlindSpotDegrees);
        return new VisualAngle(2 * distanceMm * Tan(0.5) * cssPxPerMm, distanceMm);
    }

    /// <summary>CSS pixels of a side of so many degrees, looked at in its middle.</summary>
    public double CssPx(double degrees) => 2 * Tan(degrees / 2) / (2 * Tan(0.5)) * CssPxPerDegree;

    private static double Tan(double degrees) => Math.Tan(degrees * Math.PI / 180);
}

using PerceptionStudy.Client.Trials;

namespace PerceptionStudy.Client.Tests.Trials;

public sealed class VisualAngleTests
{
    // A screen of 4 CSS pixels in a mm, looked at from 500 mm: the card has 342.4 px, and the dot vanishes at 4 · 500 · tan 13.5°.
    private static readonly VisualAngle Angle = VisualAngle.Of(85.60 * 4, [4 * 500 * Math.Tan(13.5 * Math.PI / 180) - 5, 4 * 500 * Math.Tan(13.5 * Math.PI / 180) + 5]);

    [Fact]
    public void The_blind_spot_tells_the_distance() => Assert.Equal(500, Angle.ViewingDistanceMm, 6);

    [Fact]
    public void One_degree_has_its_pixels()
    {
        Assert.Equal(2 * 500 * Math.Tan(0.5 * Math.PI / 180) * 4, Angle.CssPxPerDegree, 6);
        Assert.Equal(Angle.CssPxPerDegree, Angle.CssPx(1), 9);
    }

    [Fact]
    public void A_large_side_is_seen_under_its_own_angle() =>
        Assert.Equal(2 * 500 * Math.Tan(10 * Math.PI / 180) * 4, Angle.CssPx(20), 6);
}

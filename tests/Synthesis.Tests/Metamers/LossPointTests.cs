using System.Text.Json;
using PerceptionStudy.Synthesis.Hosting;
using PerceptionStudy.Synthesis.Metamers;

namespace PerceptionStudy.Synthesis.Tests.Metamers;

public sealed class LossPointTests
{
    private static readonly LossPoint[] Curve = [new(0, 1.1845034f, 1.6773212f), new(12, 0.1f, 3e-7f)];

    [Fact]
    public void A_point_is_three_numbers_with_the_digits_of_float32()
    {
        Assert.Equal("[[0,1.1845034,1.6773212],[12,0.1,3E-07]]", JsonSerializer.Serialize(Curve, HostProtocol.Lines));
        Assert.DoesNotContain("1.1845034,\n", JsonSerializer.Serialize(Curve, HostProtocol.Files), StringComparison.Ordinal);
        Assert.Equal(Curve, JsonSerializer.Deserialize<LossPoint[]>(JsonSerializer.Serialize(Curve, HostProtocol.Files), HostProtocol.Files));
    }

    [Fact]
    public void Points_with_names_are_read_too() =>
        Assert.Equal(Curve, JsonSerializer.Deserialize<LossPoint[]>("""[{"step":0,"loss":1.1845034,"gradientNorm":1.6773212},{"step":12,"loss":0.1,"gradientNorm":3E-07}]""", HostProtocol.Files));

    [Theory]
    [InlineData("[1,2]")]
    [InlineData("[1,2,3,4]")]
    [InlineData("[0.5,2,3]")]
    [InlineData("""[1,"2",3]""")]
    [InlineData("""{"step":1,"loss":2}""")]
    [InlineData("7")]
    public void Anything_else_is_no_point(string json) =>
        Assert.Contains("[step, loss, gradientNorm]", Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<LossPoint>(json, HostProtocol.Files)).Message, StringComparison.Ordinal);
}

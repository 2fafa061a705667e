using PerceptionStudy.Server.Studies;

namespace PerceptionStudy.Server.Tests.Studies;

public sealed class ReturnPatternTests
{
    [Theory]
    [InlineData("https://app.prolific.com/submissions/complete?cc={code}", "https://app.prolific.com/submissions/complete?cc=C1")]
    [InlineData("https://x.sona-systems.com/credit.aspx?survey_code={participant}&s={session}", "https://x.sona-systems.com/credit.aspx?survey_code=a%26b%3D%2F&s=s%201")]
    [InlineData("https://example.org/{participant}/end", "https://example.org/a%26b%3D%2F/end")]
    public void Values_are_put_in_escaped(string pattern, string address) => Assert.Equal(address, ReturnPattern.Fill(pattern, "C1", "a&b=/", "s 1"));

    [Theory]
    [InlineData("http://app.prolific.com/?cc={code}")]
    [InlineData("https://{participant}/")]
    [InlineData("https://{participant}.example.org/")]
    [InlineData("https://me:secret@example.org/")]
    [InlineData("https://{code}@example.org/")]
    [InlineData("javascript:alert(1)")]
    [InlineData("//example.org/{code}")]
    [InlineData("{participant}")]
    [InlineData("https://example.org/{name}")]
    [InlineData("https://example.org/{code")]
    public void What_could_lead_elsewhere_is_refused(string pattern)
    {
        Assert.NotNull(ReturnPattern.Problem(pattern));
        Assert.Null(ReturnPattern.Fill(pattern, "C1", "https://evil.example", "s"));
    }
}

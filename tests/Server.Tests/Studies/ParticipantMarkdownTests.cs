using PerceptionStudy.Server.Studies;

namespace PerceptionStudy.Server.Tests.Studies;

public sealed class ParticipantMarkdownTests
{
    [Fact]
    public void Paragraphs_lists_and_links_come_through()
    {
        var html = ParticipantMarkdown.Html("Look **here**.\n\n- one\n- two\n\n[Board](https://ethics.example.org/42)");
        Assert.Equal(
            """<p dir="auto">Look <strong>here</strong>.</p> <ul dir="auto"> <li dir="auto">one</li> <li dir="auto">two</li> </ul> <p dir="auto"><a href="https://ethics.example.org/42" target="_blank" rel="noopener noreferrer">Board</a></p>""",
            string.Join(' ', html.Split('\n')));
        Assert.Equal("", ParticipantMarkdown.Html("  \n "));
    }

    [Theory]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("<img src=x onerror=alert(1)>")]
    [InlineData("[x](javascript:alert(1))")]
    [InlineData("[x](data:text/html;base64,PHNjcmlwdD4=)")]
    [InlineData("[x](http://plain.example.org)")]
    [InlineData("![x](https://elsewhere.example.org/count.png)")]
    [InlineData("<a href=\"https://x.example\" onclick=\"alert(1)\">x</a>")]
    [InlineData("<style>body{display:none}</style>")]
    [InlineData("<iframe src=https://x.example></iframe>")]
    [InlineData("[x][y]\n\n[y]: javascript:alert(1) \"t\"")]
    [InlineData("<svg/onload=alert(1)>")]
    public void Nothing_of_it_runs_or_calls_elsewhere(string text)
    {
        var html = ParticipantMarkdown.Html($"Before\n\n{text}\n\nafter");
        var parsed = new AngleSharp.Html.Parser.HtmlParser().ParseDocument(html);
        Assert.Empty(parsed.QuerySelectorAll("script, img, style, iframe, svg, form, input, object"));
        Assert.DoesNotContain(parsed.All.SelectMany(e => e.Attributes), a => a.Name.StartsWith("on", StringComparison.Ordinal) || a.Name == "src");
        Assert.All(parsed.QuerySelectorAll("a[href]"), a => Assert.StartsWith("https://", a.GetAttribute("href"), StringComparison.Ordinal));
        Assert.Contains("Before", html, StringComparison.Ordinal);
        Assert.Contains("after", html, StringComparison.Ordinal);
    }
}

using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using PerceptionStudy.Server.Participation;
using PerceptionStudy.Server.Participation.Inviting;
using PerceptionStudy.Server.Studies;
using PerceptionStudy.Server.Tests.Studies;

namespace PerceptionStudy.Server.Tests.Participation.Inviting;

/// <summary>What researchers paste, read as the recruiter fills it in and as our own door reads it.</summary>
public sealed class RecruiterGuideTests
{
    private const string Link = "https://lab.example.org/s/abcdefgh";
    private readonly StudyDesign draft = StudyTemplate.Draft(StudyWorld.Create().Material(), "A study", []);

    [Fact]
    public void Prolifics_link_brings_all_three_ids()
    {
        var link = Guide("Prolific").Texts[0].Text;
        Assert.Equal("https://lab.example.org/s/abcdefgh?PROLIFIC_PID={{%PROLIFIC_PID%}}&STUDY_ID={{%STUDY_ID%}}&SESSION_ID={{%SESSION_ID%}}", link);
        Assert.Equal(new RecruiterLink("Prolific", "5f1", "sub1", "st1"), Read(link.Replace("{{%PROLIFIC_PID%}}", "5f1").Replace("{{%STUDY_ID%}}", "st1").Replace("{{%SESSION_ID%}}", "sub1")));
        // As it is pasted it names nobody.
        Assert.Null(Read(link));
    }

    [Fact]
    public void Sonas_link_brings_the_survey_code_and_its_way_back_is_sound()
    {
        var guide = Guide("SONA");
        Assert.Equal("SONA", Read(guide.Texts[0].Text.Replace("%SURVEY_CODE%", "77"))!.Recruiter);
        Assert.Null(ReturnPattern.Problem(guide.Texts[1].Text));
    }

    [Fact]
    public void The_HIT_of_MTurk_opens_the_study_with_the_workers_ids()
    {
        var html = Guide("Amazon MTurk").Texts.Single();
        Assert.True(html.Multiline);
        Assert.Contains($"new URL(\"{Link}\")", html.Text, StringComparison.Ordinal);
        Assert.Contains("""["workerId", "assignmentId", "hitId"]""", html.Text, StringComparison.Ordinal);
        Assert.Equal(new RecruiterLink("MTurk", "w", "a", "h"), Read(Link + "?workerId=w&assignmentId=a&hitId=h"));
    }

    [Fact]
    public void What_the_design_lacks_for_a_recruiter_is_said_and_nothing_once_it_is_there()
    {
        Assert.Equal(2, Guide("Prolific").Missing.Count);
        var ready = draft with { Ends = new() { Completed = new() { Code = "C0FFEE", ReturnPattern = ReturnPattern.Known["Prolific"] } } };
        var guide = RecruiterGuide.All(Link, ready).Single(g => g.Recruiter == "Prolific");
        Assert.Empty(guide.Missing);
        Assert.Equal("https://app.prolific.com/submissions/complete?cc=C0FFEE", guide.Texts[^1].Text);
        Assert.Single(RecruiterGuide.All(Link, ready).Single(g => g.Recruiter == "Amazon MTurk").Missing);
    }

    [Fact]
    public void The_QR_code_is_a_square_of_its_own_colours_that_scales()
    {
        var svg = QrCode.Of(Link);
        Assert.StartsWith("<svg", svg, StringComparison.Ordinal);
        Assert.Contains("viewBox", svg, StringComparison.Ordinal);
        Assert.Contains("#000000", svg, StringComparison.Ordinal);
        Assert.NotEqual(svg, QrCode.Of(Link + "x"));
    }

    private RecruiterGuide Guide(string recruiter) => RecruiterGuide.All(Link, draft).Single(g => g.Recruiter == recruiter);

    private static RecruiterLink? Read(string link) => RecruiterLink.Read(new QueryCollection(QueryHelpers.ParseQuery(new Uri(link).Query)), null);
}

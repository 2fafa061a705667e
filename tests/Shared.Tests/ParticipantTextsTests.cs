using System.Text.RegularExpressions;
using PerceptionStudy.Shared.Texts;

namespace PerceptionStudy.Shared.Tests;

public sealed class ParticipantTextsTests
{
    private static readonly System.Reflection.PropertyInfo[] Texts =
        [.. typeof(ParticipantTexts).GetProperties().Where(p => p.PropertyType == typeof(string) && p.Name != nameof(ParticipantTexts.Language) && p.GetMethod is { IsStatic: false })];

    [Fact]
    public void English_and_German_are_there() => Assert.Equal(["en", "de"], ParticipantTexts.Languages);

    [Fact]
    public void Every_language_says_everything_with_the_same_values_put_in()
    {
        Assert.True(Texts.Length > 60);
        var english = ParticipantTexts.In("en", null);
        foreach (var texts in ParticipantTexts.Languages.Select(language => ParticipantTexts.In(language, null)))
        {
            foreach (var text in Texts)
            {
                var said = (string)text.GetValue(texts)!;
                Assert.False(string.IsNullOrWhiteSpace(said), $"{texts.Language}: {text.Name} is empty.");
                Assert.Equal(Values((string)text.GetValue(english)!), Values(said));
            }
        }
        // Nothing was forgotten to be translated: only what is no word may be the same.
        Assert.Equal([nameof(ParticipantTexts.Direction)], Texts.Where(t => Equals(t.GetValue(english), t.GetValue(ParticipantTexts.In("de", null)))).Select(t => t.Name));

        static IEnumerable<string> Values(string text) => Regex.Matches(text, @"\{\d\}").Select(m => m.Value).Order();
    }

    [Theory]
    [InlineData("de", "en-GB,en;q=0.9", "de")]
    [InlineData(null, "de-CH,de;q=0.9,en;q=0.5", "de")]
    [InlineData(null, "en;q=0.5, de;q=0.9", "de")]
    [InlineData(null, "fr-FR, en;q=0.3", "en")]
    [InlineData(null, "fr, it", "en")]
    [InlineData(null, null, "en")]
    [InlineData("tlh", "de", "de")]
    public void The_study_comes_first_then_the_browser_then_English(string? study, string? browser, string language) =>
        Assert.Equal(language, ParticipantTexts.In(study, browser).Language);
}

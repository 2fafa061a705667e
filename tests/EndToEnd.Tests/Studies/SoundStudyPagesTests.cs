using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using PerceptionStudy.Server.Stimuli;
using PerceptionStudy.Server.Studies;
using PerceptionStudy.Shared.Sessions;

namespace PerceptionStudy.EndToEnd.Tests.Studies;

/// <summary>A researcher makes a study of spoken words from the template.</summary>
public sealed class SoundStudyPagesTests(Browser browser, StudiesOnServer studies) : IClassFixture<StudiesOnServer>
{
    private static readonly string? Folder = Environment.GetEnvironmentVariable("SCREENSHOTS");

    [Theory]
    [InlineData("wide-light", 1440, 900, ColorScheme.Light)]
    [InlineData("small-dark", 1024, 600, ColorScheme.Dark)]
    public async Task Spoken_words_from_the_template_to_a_saved_draft(string name, int width, int height, ColorScheme colours)
    {
        var made = await studies.Server.PublishAsync(each: 4, practice: 4, catchTrials: 4, medium: StimulusMedium.Sound);
        await using var db = studies.Server.OpenDatabase();
        var clear = await db.StimulusSets.Where(s => s.Stimuli.Any(x => x.Id == made.Design.CatchStimuli[0])).Select(s => s.Name).SingleAsync();
        await using var context = await browser.NewContextAsync(width, height, colours: colours);
        var page = await studies.SignInAsync(context);
        await page.GotoAsync($"{studies.Server.Address}/admin/studies/new");
        await page.GetByRole(AriaRole.Button, new() { Name = "Make the draft" }).WaitForAsync();
        await page.GetByText("Spoken words (Feather et al. 2023)").ClickAsync();
        // Sets of pictures are no longer offered.
        await Assertions.Expect(page.GetByText("metamers of standard")).ToHaveCountAsync(0);
        var title = $"Which word? ({name})";
        await page.GetByLabel("Title", new() { Exact = true }).FillAsync(title);
        await LookAsync("1-new");
        await page.GetByRole(AriaRole.Button, new() { Name = "Make the draft" }).ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = title }).WaitForAsync();
        await page.GetByText("16 catch trials need as many clear sounds").First.WaitForAsync();
        await Assertions.Expect(page.GetByLabel("Side of the picture")).ToHaveCountAsync(0);
        await LookAsync("2-editor");
        await page.GetByLabel("Clear sounds for catch trials").ClickAsync();
        await page.GetByText(clear, new() { Exact = true }).Last.ClickAsync();
        await page.GetByLabel("Catch trials", new() { Exact = true }).FillAsync("1");
        await page.GetByLabel("Level (RMS) of all sounds").FillAsync("0.05");
        await page.GetByText("People hear every sound at the level 0.05").First.WaitForAsync();
        await page.GetByLabel("Rounds of the headphone check to pass").FillAsync("4");
        await page.GetByLabel("Rounds of the headphone check to pass").ScrollIntoViewIfNeededAsync();
        await LookAsync("3-sound");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save the draft" }).ClickAsync();
        await page.GetByText("The draft is saved.").WaitForAsync();

        var draft = (await db.Studies.AsNoTracking().SingleAsync(s => s.Name == title)).Draft;
        Assert.Equal((StimulusMedium.Sound, AnswerFormat.Word, BadTrials.Repeat, 4, 0.05, 1), (draft.Medium, draft.Response.Format, draft.Display.BadTrials, draft.Sound.PassMark, draft.Sound.Rms, draft.CatchTrials));
        Assert.NotEmpty(draft.CatchStimuli);
        Assert.Empty(draft.CatchStimuli.Intersect(draft.NaturalStimuli.Concat(draft.PracticeStimuli)));

        async Task LookAsync(string step)
        {
            if (Folder is not null) await page.ScreenshotAsync(new() { Path = Path.Combine(Folder, $"sound-study-{name}-{step}.png"), FullPage = true });
        }
    }
}

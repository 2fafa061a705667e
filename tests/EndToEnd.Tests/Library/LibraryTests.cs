using System.Security.Cryptography;
using Google.Protobuf;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using PerceptionStudy.Server.Campaigns;
using PerceptionStudy.Server.Stimuli;
using PerceptionStudy.Server.Tests.Models;
using PerceptionStudy.Synthesis.Graphs.Format;

namespace PerceptionStudy.EndToEnd.Tests.Library;

/// <summary>Models, pictures, campaigns and looks in the browser, with what goes wrong on the way.</summary>
public sealed class LibraryTests(Browser browser, ServerProcess server) : IClassFixture<ServerProcess>
{
    [Fact]
    public async Task From_a_cut_upload_to_a_set_of_chosen_metamers()
    {
        await using var context = await browser.NewContextAsync(1440, 900);
        var page = await context.NewPageAsync();
        var me = new Researcher(page, server);
        await me.SetUpAsync();
        await CutUploadAsync(me);
        await ClassMapAsync(me);
        await FolderAsync(me);
        await AccuracyAsync(me);
        await LookAsync(me);
        await PilotAsync(me);
        await QualityAsync(me);
        await NewVersionAsync(me);
        await MissingFileAsync(me);
    }

    // The second and third piece never arrive at first; what has arrived is not sent again.
    private async Task CutUploadAsync(Researcher me)
    {
        var page = me.Page;
        var model = ModelProto.Parser.ParseFrom(ColourNet.Onnx());
        model.DocString = new string('x', 13_000_000);
        var onnx = model.ToByteArray();
        var (offsets, cuts) = (new List<long>(), 0);
        await page.RouteAsync("**/admin/uploads/*", async route =>
        {
            if (route.Request.Method != "PATCH")
            {
                await route.ContinueAsync();
                return;
            }
            var offset = long.Parse(route.Request.Headers["upload-offset"], System.Globalization.CultureInfo.InvariantCulture);
            if (offset > 0 && cuts++ < 2)
            {
                await route.AbortAsync("connectionreset");
                return;
            }
            offsets.Add(offset);
            await route.ContinueAsync();
        });
        await me.OpenAsync("/admin/models/new", "Upload a model");
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("colours");
        // Playwright passes large files by path only.
        var path = Path.Combine(server.Folder, "colours.onnx");
        await File.WriteAllBytesAsync(path, onnx);
        await page.UntilAsync("document.querySelector('.drop-zone > input').dataset.ready");
        await page.Locator(".drop-zone > input[type=file]").SetInputFilesAsync(path);
        await Assertions.Expect(me.Heading).ToHaveTextAsync("colours");
        await page.UnrouteAsync("**/admin/uploads/*");
        Assert.Equal([0, 4 << 20, 8 << 20, 12 << 20], offsets);
        await using var db = server.OpenDatabase();
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(onnx)), (await db.Models.SingleAsync()).Sha256);
        Assert.Empty(Directory.GetFiles(Path.Combine(server.Folder, "uploads")));
        await me.LookAsync("l1-model");
    }

    private static async Task ClassMapAsync(Researcher me)
    {
        var page = me.Page;
        await page.GetByRole(AriaRole.Tab, new() { Name = "Input and categories" }).ClickAsync();
        await page.GetByLabel("Class names", new() { Exact = true }).FillAsync("ruby\nemerald\nsapphire");
        await page.Keyboard.PressAsync("Tab");
        await me.ChooseAsync(".class-map-tools input[type=file]", Text("map.csv", "category,class\nred,diamond\n"));
        await Assertions.Expect(me.Alert.Filter(new() { HasText = "The model has no class “diamond” for the category red" })).ToBeVisibleAsync();
        await me.ChooseAsync(".class-map-tools input[type=file]", Text("map.csv", "category,class\nred,ruby\ngreen,1\n"));
        await Assertions.Expect(page.Locator(".class-map-row")).ToHaveCountAsync(2);
        await page.GetByLabel("New category").FillAsync("blue");
        await me.ClickAsync("Add it");
        await page.Locator(".class-map-row", new() { HasText = "blue" }).GetByPlaceholder("add a class").FillAsync("sapp");
        await page.Locator(".mud-popover-open .mud-list-item", new() { HasText = "sapphire (2)" }).ClickAsync();
        await Assertions.Expect(page.Locator(".class-map-row", new() { HasText = "blue" }).Locator(".mud-chip")).ToHaveTextAsync("sapphire (2)");
        await me.LookAsync("l2-class-map");
        await me.ClickAsync("Save");
        await me.SnackAsync("Saved.");
    }

    private async Task FolderAsync(Researcher me)
    {
        var page = me.Page;
        var folder = Directory.CreateDirectory(Path.Combine(server.Folder, "chosen", "pictures")).FullName;
        foreach (var category in ColourNet.Categories)
        {
            Directory.CreateDirectory(Path.Combine(folder, category));
            for (var n = 0; n < 4; n++) await File.WriteAllBytesAsync(Path.Combine(folder, category, $"{category}-{n}.png"), ColourNet.Picture(category, n));
        }
        await File.WriteAllBytesAsync(Path.Combine(folder, "red", "again.png"), ColourNet.Picture("red", 0));
        await File.WriteAllTextAsync(Path.Combine(folder, "red", "notes.doc"), "no picture");
        await me.MakeSetAsync("colours", []);
        await page.UntilAsync("document.querySelector('.drop-zone-folder input').dataset.ready");
        await page.Locator(".drop-zone-folder input[type=file]").SetInputFilesAsync(folder);
        await Assertions.Expect(page.Locator(".files tbody tr")).ToHaveCountAsync(14);
        await Assertions.Expect(page.Locator(".form-actions")).ToContainTextAsync("blue 4, green 4, red 5");
        Assert.True(await page.Locator(".crops img.cut").First.EvaluateAsync<bool>("async image => { await image.decode(); return image.naturalWidth === 32; }"));
        await me.LookAsync("l3-chosen");
        await me.ClickAsync("Upload 14 files");
        await Assertions.Expect(me.Alert).ToContainTextAsync("12 pictures were added; 2 left out:");
        await Assertions.Expect(me.Alert).ToContainTextAsync("It is neither a picture");
        await Assertions.Expect(me.Alert).ToContainTextAsync("The same picture is in the set already");
        await Assertions.Expect(page.Locator("figure.tile")).ToHaveCountAsync(12);
        await page.Locator(".mud-chip", new() { HasText = "green" }).ClickAsync();
        await Assertions.Expect(page.Locator("figure.tile")).ToHaveCountAsync(4);
        await page.WaitForURLAsync("**?category=green");
        await page.GetByLabel("Licence and source of green-0").ClickAsync(new() { Force = true });
        await page.Locator(".mud-dialog").GetByLabel("Licence").FillAsync("CC0");
        await page.Locator(".mud-dialog").GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Assertions.Expect(page.Locator("figure.tile", new() { HasText = "green-0" })).ToContainTextAsync("green, CC0");
        await me.LookAsync("l4-set");
        await AccessibleAsync(me);
        var zip = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Link, new() { Name = "Download as zip" }).ClickAsync());
        Assert.Equal("colours.zip", zip.SuggestedFilename);
    }

    private static async Task AccuracyAsync(Researcher me)
    {
        await me.OpenAsync("/admin/models");
        await me.Page.GetByRole(AriaRole.Link, new() { Name = "colours" }).First.ClickAsync();
        await me.Page.GetByRole(AriaRole.Link, new() { Name = "Accuracy" }).ClickAsync();
        await me.ClickAsync("Measure");
        await Assertions.Expect(me.Page.GetByText("12 of 12 right, 100.0 %")).ToBeVisibleAsync();
        await Assertions.Expect(me.Page.Locator(".accuracy-table td.right").First).ToHaveTextAsync("4");
        await me.LookAsync("l5-accuracy");
        await AccessibleAsync(me);
    }

    private async Task LookAsync(Researcher me)
    {
        var page = me.Page;
        await me.OpenAsync("/admin/look", "Instant look");
        await page.Locator(".picture-choice button").Nth(5).ClickAsync();
        await page.GetByLabel("Steps", new() { Exact = true }).FillAsync("1000000");
        await page.Locator(".mud-select", new() { HasText = "Preset" }).First.ClickAsync();
        await page.Locator(".mud-popover-open .mud-list-item", new() { HasText = "Feather" }).ClickAsync();
        await Assertions.Expect(page.Locator(".mud-popover-open")).ToHaveCountAsync(0);
        await me.ClickAsync("Go");
        await Assertions.Expect(page.Locator(".look [role=status]")).ToContainTextAsync("of 1,000,000, loss 0.");
        await Assertions.Expect(page.Locator(".loss-line")).ToHaveAttributeAsync("points", new System.Text.RegularExpressions.Regex(@"\d+ .*\d+"));
        await me.LookAsync("l6-look");
        await AccessibleAsync(me);
        await me.ClickAsync("Cancel");
        await Assertions.Expect(page.Locator(".look [role=status]")).ToContainTextAsync("Cancelled at step");
        await page.GetByLabel("Steps", new() { Exact = true }).FillAsync("400");
        await me.ClickAsync("Go");
        await Assertions.Expect(page.Locator(".look [role=status]")).ToContainTextAsync("400 steps in");
        await Assertions.Expect(page.Locator(".look")).ToContainTextAsync("The model sees green in the metamer, and the same in the natural picture.");
        await me.LookAsync("l7-look-done");
        await page.GetByLabel("Name of the campaign").FillAsync("kept look");
        await me.ClickAsync("Keep as campaign");
        await Assertions.Expect(me.Heading).ToHaveTextAsync("kept look");
        await Assertions.Expect(page.GetByText("1 of 1 metamers")).ToBeVisibleAsync();
        await using var db = server.OpenDatabase();
        Assert.Equal("kept look: metamers", (await db.StimulusSets.SingleAsync(s => s.Kind == StimulusKind.Metamer)).Name);
    }

    private static async Task PilotAsync(Researcher me)
    {
        var page = me.Page;
        await me.OpenAsync("/admin/campaigns/new", "New campaign");
        await me.ClickAsync("Measure two of 36 first");
        await Assertions.Expect(me.Alert).ToContainTextAsync("Please give the campaign a name");
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("piloted");
        await page.GetByLabel("Steps", new() { Exact = true }).FillAsync("200");
        await page.GetByLabel("Pairs", new() { Exact = true }).FillAsync("60");
        await page.Keyboard.PressAsync("Tab");
        await me.LookAsync("l8-new-campaign");
        await me.ClickAsync("Measure two of 36 first");
        await Assertions.Expect(page.GetByText("This is what the others will take")).ToBeVisibleAsync(new() { Timeout = 300_000 });
        await Assertions.Expect(page.Locator(".pilot")).ToContainTextAsync("To be made34");
        await me.LookAsync("l9-pilot");
        await AccessibleAsync(me);
        await me.ClickAsync("Make the other 34");
        await me.ClickAsync("Pause");
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Go on" })).ToBeVisibleAsync();
        await page.Locator(".turn button").ClickAsync();
        await page.GetByText("before the others", new() { Exact = true }).ClickAsync();
        await Assertions.Expect(page.Locator(".turn")).ToContainTextAsync("before the others");
        await me.ClickAsync("Go on");
        await Assertions.Expect(page.GetByText("36 of 36 metamers")).ToBeVisibleAsync(new() { Timeout = 400_000 });
        await me.LookAsync("la-campaign");
    }

    private async Task QualityAsync(Researcher me)
    {
        var page = me.Page;
        await page.GetByRole(AriaRole.Link, new() { Name = "Quality control" }).ClickAsync();
        await Assertions.Expect(page.Locator(".filters .count")).ToHaveTextAsync("36 of 36 metamers");
        await me.LookAsync("lb-quality");
        await AccessibleAsync(me);
        await ChooseAsync("Stage", "rectified");
        await ChooseAsync("Category", "red");
        await ChooseAsync("Verdict", "accepted (4)");
        await Assertions.Expect(page.Locator(".filters .count")).ToHaveTextAsync("4 of 36 metamers");
        await page.WaitForURLAsync(url => url.Contains("category=red", StringComparison.Ordinal));
        // Opened without filters in the address, the page has those of the last time in this browser.
        await me.OpenAsync(new Uri(page.Url).AbsolutePath);
        await Assertions.Expect(page.Locator(".filters .count")).ToHaveTextAsync("4 of 36 metamers");
        await page.WaitForURLAsync(url => url.Contains("category=red", StringComparison.Ordinal));

        var card = page.Locator(".pair").First;
        await card.GetByRole(AriaRole.Button, new() { Name = "Leave it out" }).ClickAsync();
        await page.GetByLabel("Reason").FillAsync("A blot.");
        await me.ClickAsync("Leave it out");
        await Assertions.Expect(card).ToContainTextAsync("Left out: A blot.");
        await page.Locator(".mud-snackbar").GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();
        await Assertions.Expect(card).Not.ToContainTextAsync("Left out");
        await card.GetByRole(AriaRole.Button, new() { Name = "Leave it out" }).ClickAsync();
        await page.GetByLabel("Reason").FillAsync("Still a blot.");
        await me.ClickAsync("Leave it out");
        await Assertions.Expect(card).ToContainTextAsync("Left out: Still a blot.");
        await card.GetByRole(AriaRole.Button, new() { Name = "Record" }).ClickAsync();
        await Assertions.Expect(page.Locator(".decisions li")).ToHaveCountAsync(3);
        await Assertions.Expect(page.Locator(".decisions")).ToContainTextAsync("researcher@example.org: left out: A blot.");
        await me.LookAsync("lc-record");
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Close", Exact = true }).ClickAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Put 3 accepted into a set …" }).ClickAsync();
        await page.GetByLabel("Name of the new set").FillAsync("chosen ones");
        await me.ClickAsync("Put them there");
        await me.SnackAsync("3 metamers are now in “chosen ones”.");
        await using var db = server.OpenDatabase();
        Assert.Equal(3, await db.Stimuli.CountAsync(s => db.StimulusSets.Any(set => set.Name == "chosen ones" && set.Id == s.SetId)));
        Assert.Equal(1, await db.Metamers.CountAsync(m => m.RejectedBecause == "Still a blot."));

        async Task ChooseAsync(string filter, string value)
        {
            await page.Locator(".filters .mud-select", new() { HasText = filter }).First.ClickAsync();
            await page.Locator(".mud-popover-open .mud-list-item", new() { HasText = value }).First.ClickAsync();
            await Assertions.Expect(page.Locator(".mud-popover-open")).ToHaveCountAsync(0);
        }
    }

    private static async Task NewVersionAsync(Researcher me)
    {
        await me.OpenAsync("/admin/models");
        await me.Page.GetByRole(AriaRole.Link, new() { Name = "colours" }).First.ClickAsync();
        await me.Page.GetByRole(AriaRole.Link, new() { Name = "New version" }).ClickAsync();
        await Assertions.Expect(me.Heading).ToHaveTextAsync("New version");
        await me.UploadModelAsync(ColourNet.Onnx(0.3f), "colours-2.onnx");
        await Assertions.Expect(me.Heading).ToHaveTextAsync("colours (version 2)");
        await me.LookAsync("ld-version");
    }

    // Metamers that were made elsewhere, with a model that is not here: it is known by its name until somebody gives its file.
    private static async Task MissingFileAsync(Researcher me)
    {
        var page = me.Page;
        await me.OpenAsync("/admin/stimuli/import", "Import metamers");
        await me.ChooseAsync(".drop-zone > input[type=file]", new FilePayload { Name = "elsewhere.zip", MimeType = "application/zip", Buffer = ColourNet.MetamersOf("elsewhere").ToArray() });
        await page.GetByText("Keep the others by the names of model and stage").ClickAsync();
        await me.LookAsync("le-import");
        await me.ClickAsync("Import 4 metamers");
        await Assertions.Expect(me.Heading).ToHaveTextAsync("elsewhere");

        await me.OpenAsync("/admin/models");
        var row = page.Locator("tr", new() { HasText = "elsewhere" });
        await Assertions.Expect(row).ToContainTextAsync("file missing");
        await row.GetByRole(AriaRole.Link, new() { Name = "elsewhere" }).ClickAsync();
        await Assertions.Expect(me.Alert.Filter(new() { HasText = "Its file is missing: it came with metamers that were made with it, by its name." })).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Tab, new() { Name = "Try it" })).ToHaveCountAsync(0);
        await me.LookAsync("lf-missing");
        await AccessibleAsync(me);
        await page.GetByRole(AriaRole.Link, new() { Name = "Give the file" }).ClickAsync();
        await Assertions.Expect(me.Heading).ToHaveTextAsync("The file of a model");
        await me.UploadModelAsync(ToneNet.Onnx(), "tones.onnx");
        await Assertions.Expect(me.Alert.Filter(new() { HasText = "tones.onnx has no stage of that name" })).ToBeVisibleAsync();
        await me.LookAsync("lg-wrong-file");
        await me.UploadModelAsync(ColourNet.Onnx(0.4f), "theirs.onnx");
        await me.SnackAsync("“elsewhere” has its file.");
        await Assertions.Expect(me.Heading).ToHaveTextAsync("elsewhere");
        await Assertions.Expect(page.GetByRole(AriaRole.Tab, new() { Name = "Try it" })).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText("Its file is missing")).ToHaveCountAsync(0);
    }

    private static async Task AccessibleAsync(Researcher me)
    {
        var violations = await me.Page.ViolationsAsync();
        Assert.True(violations.Length == 0, $"{me.Page.Url}: {string.Join("\n", violations)}");
    }

    private static FilePayload Text(string name, string text) => new() { Name = name, MimeType = "text/csv", Buffer = System.Text.Encoding.UTF8.GetBytes(text) };
}

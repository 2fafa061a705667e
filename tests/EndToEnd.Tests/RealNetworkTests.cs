using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using PerceptionStudy.Server.Campaigns;
using PerceptionStudy.Server.Participation;
using PerceptionStudy.Server.Stimuli;
using PerceptionStudy.Server.Studies;
using PerceptionStudy.Server.Tests.Data;

namespace PerceptionStudy.EndToEnd.Tests;

/// <summary>
/// A real ImageNet network and real photographs on the whole way. They are not ours to ship: where the reference folder is absent, this is skipped.
/// Short in the test run: 20 steps at an early, a middle and the last stage. With the environment variable <c>STEPS</c> it takes as many steps, at five stages, so that the
/// figures are those of a real run.
/// </summary>
public sealed class RealNetworkTests(Browser browser, ServerProcess server) : IClassFixture<ServerProcess>
{
    private static readonly string Material = Path.Combine(Synthesis.Tests.Repository.Root, "..", "shared", "reference", "imagenet");
    private static readonly string? Asked = Environment.GetEnvironmentVariable("STEPS");
    private static readonly int Steps = int.Parse(Asked ?? "20", System.Globalization.CultureInfo.InvariantCulture);
    private static readonly string[] Stages = Asked is null ? ["conv1_2", "fire6/concat_1", "pool10_1"] : ["conv1_2", "fire3/concat_1", "fire6/concat_1", "fire9/concat_1", "pool10_1"];

    [Fact]
    public async Task SqueezeNet_and_sixteen_photographs_from_the_file_to_the_curve()
    {
        Assert.SkipUnless(Directory.Exists(Material), "The reference network and photographs are not beside the repository.");
        await using var context = await browser.NewContextAsync(1440, 900);
        var page = await context.NewPageAsync();
        var me = new Researcher(page, server);
        await me.SetUpAsync();

        await me.OpenAsync("/admin/models/new", "Upload a model");
        await me.UploadModelAsync(await File.ReadAllBytesAsync(Path.Combine(Material, "squeezenet-imagenet-unit-rgb.onnx")), "squeezenet.onnx");
        await Assertions.Expect(me.Heading).ToHaveTextAsync("squeezenet");
        await me.LookAsync("r1-model");
        await me.SetPipelineAsync(Pipeline());

        await me.MakeSetAsync("photographs", []);
        await me.UploadPicturesAsync(new FilePayload { Name = "photos.zip", MimeType = "application/zip", Buffer = Zip() });
        await page.GetByText("16 pictures were added").WaitForAsync();
        await me.LookAsync("r2-photographs");

        await me.StartCampaignAsync("photographs", Steps, Stages, model: "squeezenet");
        await Assertions.Expect(page.GetByText($"{16 * Stages.Length} of {16 * Stages.Length} metamers")).ToBeVisibleAsync(new() { Timeout = 300_000 + 80_000 * Steps });
        await me.LookAsync("r3-campaign");
        await using (var db = server.OpenDatabase())
        {
            var made = await db.Metamers.Join(db.Stages, m => m.StageId, s => s.Id, (m, s) => new { Stage = s.Name, Metamer = m }).ToListAsync();
            foreach (var stage in made.GroupBy(m => m.Stage))
                TestContext.Current.SendDiagnosticMessage($"{stage.Key}: {stage.Count(m => m.Metamer.MeetsCriteria)} of {stage.Count()} accepted, mean loss {stage.Average(m => m.Metamer.Loss):0.0000}");
            Assert.Equal(Stages.Order(), made.Select(m => m.Stage).Distinct().Order());
            Assert.All(made.GroupBy(m => m.Stage), stage => Assert.Equal(16, stage.Count()));
            // The engine descends from the loss of the noise that it begins with, at every stage and for every photograph, even in few steps.
            Assert.All(made, m => Assert.InRange(m.Metamer.Loss, 0, 0.95 * LossOfNoise(m.Metamer)));
            Assert.Contains(made, m => m.Metamer.MeetsCriteria);
        }

        await me.DraftStudyAsync("What do you see?", mainTrials: 16, practiceTrials: 0, catchTrials: 2);
        var link = await me.PublishAsync();
        StudyVersion version;
        await using (var db = server.OpenDatabase()) version = await db.StudyVersions.SingleAsync();
        await using (var elsewhere = await browser.NewContextAsync())
        {
            var person = new Participant(await elsewhere.NewPageAsync(), server, link.Split('/')[^1], version.Design);
            await person.ConsentAsync();
            await person.StartAsync();
            await person.MainAsync(n => n * 5 % version.Design.Categories.Length);
            Assert.NotEmpty(await person.CodeAsync());
        }

        await page.GetByRole(AriaRole.Link, new() { Name = "Results" }).ClickAsync();
        await Assertions.Expect(page.Locator("table.numbers")).ToBeVisibleAsync();
        await me.LookAsync("r4-results");
        var download = await page.TakeAsync("trials.csv");
        var lines = await File.ReadAllLinesAsync((await download.PathAsync())!);
        await using (var db = server.OpenDatabase())
        {
            var session = await db.Sessions.Include(s => s.Trials).ThenInclude(t => t.Response).SingleAsync();
            Assert.Equal((SessionState.Completed, 18), (session.State, session.Trials.Count));
            Assert.True(lines.Length >= 1 + 18, $"The file has {lines.Length} lines.");
            // The network knows the photographs of its own training's kind far above chance.
            var natural = await Wait.UntilAsync(() => db.ModelAnswers.Join(db.Stimuli.Where(s => s.Metamer == null), a => a.StimulusId, s => s.Id, (a, s) => a.Category == s.Category).ToListAsync(),
                given => given.Count == 16, given => $"the network has answered {given.Count} of 16 photographs.");
            Assert.InRange(natural.Count(right => right), 10, 16);
        }
    }

    private static double LossOfNoise(Metamer metamer) => JsonNode.Parse(metamer.ManifestJson)!["curve"]![0]![1]!.GetValue<double>();

    private static string Pipeline() => new JsonObject
    {
        ["width"] = 224, ["height"] = 224, ["crop"] = "centre-square", ["range"] = new JsonArray(0, 1), ["channels"] = "rgb", ["layout"] = "nchw", ["decision"] = "first-hit",
        ["categories"] = JsonNode.Parse(File.ReadAllText(Path.Combine(Material, "classes16.json"))),
    }.ToJsonString();

    /// <summary>The photographs, each in a folder of its category.</summary>
    private static byte[] Zip()
    {
        var categories = File.ReadLines(Path.Combine(Material, "labels.csv")).Skip(1).Select(line => line.Split(',')).ToDictionary(f => f[0], f => f[3]);
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
            foreach (var (file, category) in categories)
                zip.CreateEntryFromFile(Path.Combine(Material, "photos", file), $"{category}/{file}", CompressionLevel.NoCompression);
        return bytes.ToArray();
    }
}

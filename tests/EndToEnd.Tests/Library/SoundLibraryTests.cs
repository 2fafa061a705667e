using System.Buffers.Binary;
using System.IO.Compression;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using PerceptionStudy.Server.Tests.Models;
using PerceptionStudy.Synthesis.Media;
using PerceptionStudy.Synthesis.Tests.Media;

namespace PerceptionStudy.EndToEnd.Tests.Library;

/// <summary>A researcher with sounds: a word network, recordings of several formats, a campaign, and listening to what came of it.</summary>
public sealed class SoundLibraryTests(Browser browser, ServerProcess server) : IClassFixture<ServerProcess>
{
    [Fact]
    public async Task From_recordings_to_metamers_that_are_heard_and_seen()
    {
        await using var context = await browser.NewContextAsync(1440, 900);
        var page = await context.NewPageAsync();
        var me = new Researcher(page, server);
        await me.SetUpAsync();
        await ModelAsync(me);
        await RecordingsAsync(me, server);
        await CampaignAsync(me);
    }

    private static async Task ModelAsync(Researcher me)
    {
        var page = me.Page;
        await me.OpenAsync("/admin/models/new", "Upload a model");
        await me.UploadModelAsync(ToneNet.Onnx(), "tones.onnx");
        await Assertions.Expect(me.Heading).ToHaveTextAsync("tones");
        await page.GetByRole(AriaRole.Tab, new() { Name = "Input and categories" }).ClickAsync();
        await Assertions.Expect(page.Locator(".file-tells")).ToContainTextAsync("a waveform of 2,000 samples");
        await Assertions.Expect(page.GetByLabel("Sampling rate")).ToHaveValueAsync("8000");
        await Assertions.Expect(page.Locator(".class-map-row")).ToHaveCountAsync(3);
        await me.LookAsync("s1-model");
        await AccessibleAsync(me);
        await page.GetByRole(AriaRole.Tab, new() { Name = "Try it" }).ClickAsync();
        await me.ChooseAsync(".drop-zone > input[type=file]", Sound("mine.flac", Flac(ToneNet.Recording("high", 9))));
        await Assertions.Expect(page.Locator(".top-classes tr").First).ToContainTextAsync("high");
        Assert.Equal(0.25, await DurationAsync(page.Locator(".try-out audio")), 0.01);
        await me.LookAsync("s2-try");
    }

    private static async Task RecordingsAsync(Researcher me, ServerProcess server)
    {
        var page = me.Page;
        // What leaves the browser of each file, by its first four bytes.
        await page.AddInitScriptAsync("window.sent = []; const go = window.fetch; window.fetch = (address, how) => { if (how?.method === 'PATCH') sent.push(how.body.slice(0, 4).text()); return go(address, how); };");
        await me.OpenAsync("/admin/stimuli");
        await page.GetByRole(AriaRole.Link, new() { Name = "New set of sounds" }).ClickAsync();
        await Assertions.Expect(me.Heading).ToHaveTextAsync("New set of sounds");
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("tones");
        await page.GetByLabel("Sampling rate").FillAsync("8000");
        await page.GetByLabel("Length").FillAsync("0.25");
        await page.Keyboard.PressAsync("Tab");
        await me.LookAsync("s3-new-set");
        await me.ClickAsync("Make the set");
        await Assertions.Expect(me.Heading).ToHaveTextAsync("tones");
        await page.GetByLabel("Category of these sounds").FillAsync("low");
        await page.Keyboard.PressAsync("Tab");
        await me.UploadPicturesAsync(
            Sound("a-words.zip", Archive()), Sound("same.flac", Flac(ToneNet.Recording("low", 0))), Sound("empty.wav", []), Sound("slow.wav", new Wav { RateHz = 1 }.Bytes(Wav.Shorts(1, 2))),
            Sound("nan.wav", new Wav { Tag = 3, Bits = 32 }.Bytes(Wav.Floats(0.1f, float.NaN))), Sound("many.wav", new Wav { Channels = 32 }.Bytes(new byte[128])), Sound("text.mp3", [.. "This is a text."u8]));
        foreach (var sentence in (string[])
            [
                "7 sounds were added; 5 left out:", "empty.wav: The file is not a sound that can be read: the file is empty.",
                "its sampling rate is 1 Hz; 4,000 to 384,000 can be used", "sample 2 is not a finite number", "it has 32 channels; 1 to 8 can be used", "text.mp3: The file is not a sound that can be read",
            ])
            await Assertions.Expect(me.Alert).ToContainTextAsync(sentence);
        await Assertions.Expect(page.Locator("figure.tile")).ToHaveCountAsync(7);
        await Assertions.Expect(page.Locator("figure.tile").First).ToContainTextAsync("0.25 s · 8,000 Hz");
        await Assertions.Expect(page.Locator("figure.tile").First).ToContainTextAsync("RMS 0.100");
        foreach (var drawing in (string[])["Waveform", "Spectrogram"])
            Assert.True(await page.GetByAltText(new Regex($"^{drawing} of high: high-0")).First.EvaluateAsync<bool>("async image => { await image.decode(); return image.naturalWidth === 320; }"));
        Assert.Equal(0.25, await DurationAsync(page.Locator("figure.tile audio").First), 0.01);
        await me.LookAsync("s4-set");
        // The FLAC was decoded by the browser: nothing but WAV, the archive and what no browser can decode went to the server; and every sample came through. (Chromium scales
        // those above 0 by 1/32767, which is at most one step of 16 bits.)
        Assert.Equal(["PK\u0003\u0004", "RIFF", "RIFF", "RIFF", "RIFF", "This"], (await page.EvaluateAsync<string[]>("Promise.all(sent)")).Order(StringComparer.Ordinal));
        await using var db = server.OpenDatabase();
        Assert.All((await SamplesAsync("low-0")).Zip(await SamplesAsync("same")), pair => Assert.Equal(pair.First, pair.Second, 1.5 / 32768));

        async Task<float[]> SamplesAsync(string name) => WavFile.Read(await File.ReadAllBytesAsync(await server.Blobs.FetchAsync(await db.Stimuli.Where(s => s.Name == name).Select(s => s.Sha256).SingleAsync())), name).Samples;
        await AccessibleAsync(me);
    }

    private static async Task CampaignAsync(Researcher me)
    {
        var page = me.Page;
        await me.StartCampaignAsync("tones heard", steps: 300, stages: ["energy"], model: "tones", pairsOf: "Sounds");
        await Assertions.Expect(page.GetByText("7 of 7 metamers")).ToBeVisibleAsync(new() { Timeout = 300_000 });
        await me.LookAsync("s5-campaign");
        await page.GetByRole(AriaRole.Link, new() { Name = "Quality control" }).ClickAsync();
        await Assertions.Expect(page.Locator(".filters .count")).ToHaveTextAsync("7 of 7 metamers");
        await Assertions.Expect(page.Locator(".pair").First.Locator("audio")).ToHaveCountAsync(2);
        await Assertions.Expect(page.Locator(".pair").First).ToContainTextAsync("hears high in both");
        Assert.Equal(0.25, await DurationAsync(page.Locator(".pair audio").Nth(1)), 0.01);
        await me.LookAsync("s6-quality");
        await AccessibleAsync(me);
        await page.Locator(".pair").First.GetByRole(AriaRole.Button, new() { Name = "Record" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("LUFS");
        await me.LookAsync("s7-record");
        await AccessibleAsync(me);
    }

    private static Task<double> DurationAsync(ILocator audio) => audio.EvaluateAsync<double>(
        "audio => audio.readyState > 0 ? audio.duration : new Promise((done, fail) => { audio.onloadedmetadata = () => done(audio.duration); audio.onerror = () => fail(audio.error?.message); audio.preload = 'metadata'; audio.load(); })");

    private static async Task AccessibleAsync(Researcher me)
    {
        var violations = await me.Page.ViolationsAsync();
        Assert.True(violations.Length == 0, $"{me.Page.Url}: {string.Join("\n", violations)}");
    }

    private static byte[] Archive()
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var word in ToneNet.Words)
            {
                for (var n = 0; n < 2; n++)
                {
                    using var entry = zip.CreateEntry($"{word}/{word}-{n}.wav").Open();
                    entry.Write(ToneNet.Recording(word, n));
                }
            }
        }
        return bytes.ToArray();
    }

    // The samples stand behind the 44 bytes of the program's own WAV.
    private static byte[] Flac(byte[] wav) => FlacFile.Of([.. Enumerable.Range(0, (wav.Length - 44) / 2).Select(i => BinaryPrimitives.ReadInt16LittleEndian(wav.AsSpan(44 + 2 * i)))], ToneNet.RateHz);

    private static FilePayload Sound(string name, byte[] bytes) => new() { Name = name, MimeType = "application/octet-stream", Buffer = bytes };
}

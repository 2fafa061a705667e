using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Stimuli;
using PerceptionStudy.Server.Tests.Data;
using PerceptionStudy.Server.Tests.Models;
using PerceptionStudy.Synthesis.Media;
using PerceptionStudy.Synthesis.Tests.Media;

namespace PerceptionStudy.Server.Tests.Stimuli;

/// <summary>Recordings into a set of sounds: brought into its form, measured, drawn, played; bad ones named.</summary>
public abstract class SoundSetTests(TestDatabase database)
{
    private readonly TestDatabase database = database.Need();

    [Fact]
    public async Task Recordings_take_the_form_of_their_set()
    {
        await using var server = await database.StartServerAsync();
        var sets = server.Services.GetRequiredService<StimulusSets>();
        var set = await sets.CreateAsync("words", medium: StimulusMedium.Sound, soundForm: new SoundForm { RateHz = 8_000, Seconds = 0.5, Rms = 0.1 });
        using var upload = sets.BeginUpload(set.Id, StimulusMedium.Sound);
        await AddAsync("low/one.wav", ToneNet.Recording("low", 1));
        await AddAsync("high/two.wav", ToneNet.Recording("high", 2, 9_000));
        // One click in much silence: its peak would leave full scale.
        await AddAsync("low/click.wav", new Wav { RateHz = 8_000 }.Bytes(Wav.Shorts([.. Enumerable.Range(0, 4_000).Select(i => (short)(i == 2_000 ? 9_000 : 0))])));
        await AddAsync("low/again.wav", ToneNet.Recording("low", 1));
        await AddAsync("picture.png", [1, 2, 3]);
        var added = await upload.FinishAsync("middle");

        Assert.Equal(3, added.Added);
        Assert.Equal([("picture.png", "It is neither a sound (WAV, FLAC, Ogg, Opus, MP3, M4A) nor a list of labels (CSV)."), ("low/again.wav", "The same sound is in the set already, as “one”.")], added.LeftOut.Select(l => (l.FileName, l.Sentence)));
        var note = Assert.Single(added.Notes);
        Assert.Equal("low/click.wav", note.FileName);
        Assert.StartsWith("The level was lowered from 0.1 to 0.0", note.Sentence, StringComparison.Ordinal);
        await using var db = server.OpenDatabase();
        var stimuli = await db.Stimuli.AsNoTracking().Where(s => s.SetId == set.Id).OrderBy(s => s.Name).ToListAsync();
        Assert.Equal(["click", "one", "two"], stimuli.Select(s => s.Name));
        Assert.All(stimuli, s => Assert.Equal(("audio/wav", 0, 0, 8_000, 4_000), (s.MediaType, s.Width, s.Height, s.Sound!.RateHz, s.Sound.Samples)));
        Assert.All(stimuli.Skip(1), s =>
        {
            Assert.Equal(0.1, s.Sound!.RmsLevel, 1e-4);
            Assert.Null(s.Sound.Note);
            Assert.InRange(s.Sound.LoudnessLufs!.Value, -30, -10);
        });
        Assert.Equal(note.Sentence, stimuli[0].Sound!.Note);
        Assert.InRange(stimuli[0].Sound!.PeakLevel, 0.99, 1);
        Assert.Equal(0.5, stimuli[1].Sound!.Seconds);

        // What is kept is what is described.
        var blobs = server.Services.GetRequiredService<BlobStore>();
        Assert.Equal(stimuli[1].Sound!.RmsLevel, SoundFile.Read(await blobs.FetchAsync(stimuli[1].Sha256)).Rms, 1e-12);

        async Task AddAsync(string entry, byte[] file) => await upload.Batch.AddAsync(entry, new MemoryStream(file));
    }

    [Fact]
    public async Task Sounds_are_drawn_and_played_in_parts_to_those_who_are_signed_in()
    {
        await using var server = await database.StartServerAsync();
        var sets = server.Services.GetRequiredService<StimulusSets>();
        var set = await sets.CreateAsync("played", medium: StimulusMedium.Sound);
        using (var upload = sets.BeginUpload(set.Id, StimulusMedium.Sound))
        {
            await upload.Batch.AddAsync("one.wav", new MemoryStream(ToneNet.Recording("low", 7)));
            Assert.Equal(1, (await upload.FinishAsync("low")).Added);
        }
        await using var db = server.OpenDatabase();
        var stimulus = await db.Stimuli.AsNoTracking().SingleAsync(s => s.SetId == set.Id);
        var (sound, client) = (StimuliFeature.AdminAddress(StimulusMedium.Sound, stimulus.Sha256), await server.SignInAsync());
        Assert.Equal(ToneNet.Recording("low", 7), await client.GetByteArrayAsync(sound));
        using var part = new HttpRequestMessage(HttpMethod.Get, sound) { Headers = { Range = new RangeHeaderValue(44, 47) } };
        using var answer = await client.SendAsync(part);
        Assert.Equal((HttpStatusCode.PartialContent, 4L, "audio/wav"), (answer.StatusCode, answer.Content.Headers.ContentLength, answer.Content.Headers.ContentType?.MediaType));
        foreach (var drawing in new[] { "waveform", "spectrogram" })
        {
            var png = await client.GetByteArrayAsync(StimuliFeature.DrawingAddress(stimulus.Sha256, drawing));
            Assert.Equal("\u0089PNG", System.Text.Encoding.Latin1.GetString(png, 0, 4));
        }
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync(StimuliFeature.AdminAddress(StimulusMedium.Picture, stimulus.Sha256))).StatusCode);
        Assert.Equal(HttpStatusCode.Found, (await server.NewClient().GetAsync(sound)).StatusCode);
        Assert.Equal(HttpStatusCode.Found, (await server.NewClient().GetAsync(StimuliFeature.DrawingAddress(stimulus.Sha256, "waveform"))).StatusCode);
    }

    [Fact]
    public async Task A_bad_sound_gets_one_sentence_from_the_api()
    {
        await using var server = await database.StartServerAsync();
        var client = await server.ProgramOfAsync("sounds@example.org");
        var made = await (await client.PostAsJsonAsync("/api/v1/stimulus-sets", new { name = "by api", medium = "sound", soundForm = new { rateHz = 8_000, seconds = 0.25, rms = 0.05 } })).Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(("sound", 0.05), (made.GetProperty("medium").GetString(), made.GetProperty("soundForm").GetProperty("rms").GetDouble()));
        var id = made.GetProperty("id").GetString();
        Assert.Equal("The file is not a sound that can be read: the file is empty.", await SentenceAsync("empty.wav", []));
        Assert.Equal("The file is not a sound that can be read: it lasts longer than the 10 minutes that can be opened.", await SentenceAsync("day.wav", new Wav { RateHz = 4_000, Bits = 8 }.Bytes(new byte[660 * 4_000])));
        Assert.Equal("The file is not a sound that can be read: its sampling rate is 1 Hz; 4,000 to 384,000 can be used.", await SentenceAsync("slow.wav", new Wav { RateHz = 1 }.Bytes(Wav.Shorts(1, 2))));
        Assert.Equal("The file is not a sound that can be read: sample 2 is not a finite number.", await SentenceAsync("nan.wav", new Wav { Tag = 3, Bits = 32 }.Bytes(Wav.Floats(0.1f, float.NaN))));
        Assert.Equal("The file is not a sound that can be read: it has 32 channels; 1 to 8 can be used, so mix it down first.", await SentenceAsync("many.wav", new Wav { Channels = 32 }.Bytes(new byte[128])));
        Assert.StartsWith("The file is not a sound that can be read: ", await SentenceAsync("text.wav", [.. "This is a text."u8]), StringComparison.Ordinal);
        Assert.Equal("It is neither a sound (WAV, FLAC, Ogg, Opus, MP3, M4A) nor a list of labels (CSV).", await SentenceAsync("word.docx", [1]));

        var good = await PostAsync("low.wav", ToneNet.Recording("low", 3));
        Assert.Equal(1, good.GetProperty("added").GetInt32());
        var listed = (await client.GetFromJsonAsync<JsonElement>($"/api/v1/stimulus-sets/{id}/stimuli")).GetProperty("items")[0];
        Assert.Equal(("audio/wav", 8_000, 2_000), (listed.GetProperty("mediaType").GetString(), listed.GetProperty("sound").GetProperty("rateHz").GetInt32(), listed.GetProperty("sound").GetProperty("samples").GetInt32()));
        Assert.Equal(0.05, listed.GetProperty("sound").GetProperty("rmsLevel").GetDouble(), 1e-4);

        async Task<JsonElement> PostAsync(string name, byte[] file) =>
            await (await client.PostAsync($"/api/v1/stimulus-sets/{id}/stimuli?fileName={name}&category=low", new ByteArrayContent(file) { Headers = { ContentType = new MediaTypeHeaderValue("application/octet-stream") } })).Content.ReadFromJsonAsync<JsonElement>();

        async Task<string?> SentenceAsync(string name, byte[] file) => (await PostAsync(name, file)).GetProperty("leftOut").EnumerateArray().Single().GetProperty("sentence").GetString();
    }

    [Fact]
    public async Task A_form_that_makes_no_sense_is_refused()
    {
        await using var server = await database.StartServerAsync();
        var sets = server.Services.GetRequiredService<StimulusSets>();
        Assert.Contains("between 4,000 and 384,000 Hz", await RefusalAsync(new SoundForm { RateHz = 1 }), StringComparison.Ordinal);
        Assert.Contains("above 0 and at most 600 seconds", await RefusalAsync(new SoundForm { Seconds = 24 * 3600 }), StringComparison.Ordinal);
        Assert.Contains("above 0 and below 1", await RefusalAsync(new SoundForm { Rms = double.NaN }), StringComparison.Ordinal);
        Assert.Contains("for sets of sounds", (await Assert.ThrowsAsync<RefusedException>(() => sets.CreateAsync("x", soundForm: new SoundForm()))).Message, StringComparison.Ordinal);

        async Task<string> RefusalAsync(SoundForm form) => (await Assert.ThrowsAsync<RefusedException>(() => sets.CreateAsync("x", medium: StimulusMedium.Sound, soundForm: form))).Message;
    }
}

public sealed class SoundSetOnSqliteTests(SqliteDatabase database) : SoundSetTests(database), IClassFixture<SqliteDatabase>;

public sealed class SoundSetOnPostgresTests(PostgresDatabase database) : SoundSetTests(database), IClassFixture<PostgresDatabase>;

using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Participation;
using PerceptionStudy.Server.Studies;
using PerceptionStudy.Server.Tests.Analysis;
using PerceptionStudy.Server.Tests.Data;
using PerceptionStudy.Server.Tests.Participation;

namespace PerceptionStudy.Server.Tests.Studies;

/// <summary>A published study goes as a zip to an installation that knows nothing of it, and people take part there.</summary>
public abstract class StudyBundleTests(TestDatabase database, Func<TestDatabase> elsewhere) : IAsyncLifetime
{
    private readonly TestDatabase database = database.Need();
    private readonly TestDatabase other = elsewhere();

    public ValueTask InitializeAsync() => other.InitializeAsync();

    public async ValueTask DisposeAsync()
    {
        await other.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Another_installation_replicates_it_under_the_same_hash()
    {
        var (study, version, world) = await PublishAsync();
        await using (var home = await database.StartServerAsync())
        {
            var client = await home.SignInAsync();
            var bundle = await client.GetByteArrayAsync($"/admin/studies/{study.Id}/versions/1/replication.zip");

            await using var away = await other.StartServerAsync();
            var replica = await away.Services.GetRequiredService<StudyReplication>().ImportAsync(new MemoryStream(bundle));
            await using var db = away.OpenDatabase();
            var copy = await db.StudyVersions.SingleAsync(v => v.StudyId == replica.Id);
            Assert.Equal((version.FreezeSha256, version.FreezeJson, version.Seed, 1), (copy.FreezeSha256, copy.FreezeJson, copy.Seed, copy.Number));
            Assert.Equal(version.DesignSha256, copy.DesignSha256);
            Assert.Equal(StudyState.Paused, replica.State);
            Assert.Empty(await db.Sessions.ToListAsync());
            // Of the models it brings the hash, and the file can be given later.
            Assert.All(await db.Models.ToListAsync(), m => Assert.True(m.FileMissing));
            Assert.Equal(await CountAnswersAsync(version.Design), await db.ModelAnswers.CountAsync());
            Assert.Equal(0, await StudyAnswers.CountMissingAsync(db, copy.Design));

            // Somebody takes part there, and meets the same pictures in the same order as the first participant here.
            await away.Services.GetRequiredService<StudyPublisher>().ReopenAsync(replica.Id);
            var session = Assert.Single(await Participants.TakePartAsync(away.Services, replica, 1));
            Assert.Equal(SessionState.Completed, (await db.Sessions.SingleAsync(s => s.Id == session)).State);
            var here = Assert.Single(await Participants.TakePartAsync(home.Services, study, 1));
            await using var at = home.OpenDatabase();
            Assert.Equal(await ShownAsync(at, here), await ShownAsync(db, session));
            var key = await db.Trials.Where(t => t.SessionId == session).Select(t => t.StimulusKey).FirstAsync();
            Assert.Equal([0x89, 0x50, 0x4E, 0x47], (await away.Client.GetByteArrayAsync($"/stimuli/{key}"))[..4]);

            // The same again beside it, by programs: stimuli and models are there already.
            var reader = await home.ProgramOfAsync("reader@example.org", isAdministrator: true);
            bundle = await reader.GetByteArrayAsync($"/api/v1/studies/{study.Id}/versions/1/replication.zip");
            var taken = await (await away.ProgramOfAsync("writer@example.org")).PostAsync("/api/v1/studies/replicate", new ByteArrayContent(bundle));
            Assert.Equal(HttpStatusCode.Created, taken.StatusCode);
            var again = (await taken.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid();
            Assert.Equal(version.FreezeSha256, (await db.StudyVersions.SingleAsync(v => v.StudyId == again)).FreezeSha256);
            Assert.Equal(world.Models.Length, await db.Models.CountAsync());
        }
    }

    [Fact]
    public async Task A_model_that_is_registered_there_is_used_as_it_is()
    {
        var (study, version, world) = await PublishAsync();
        var bundle = await BundleAsync(study.Id);
        await using (var db = other.Open())
        {
            // The same file, registered by itself: other ids.
            var own = StudyWorld.Create(suffix: " of theirs");
            own.Standard.Sha256 = world.Standard.Sha256;
            db.Models.Add(own.Standard);
            await db.SaveChangesAsync();
        }
        await using var away = await other.StartServerAsync();
        var replica = await away.Services.GetRequiredService<StudyReplication>().ImportAsync(new MemoryStream(bundle));
        await using var then = away.OpenDatabase();
        var copy = await then.StudyVersions.SingleAsync(v => v.StudyId == replica.Id);
        var theirs = await then.Models.Include(m => m.Stages).SingleAsync(m => m.Sha256 == world.Standard.Sha256);
        Assert.Equal(version.FreezeSha256, copy.FreezeSha256);
        Assert.Equal(theirs.Stages.OrderBy(s => s.Position).Select(s => (Guid?)s.Id), copy.Design.Conditions.Where(c => c.ModelId == theirs.Id).Select(c => c.StageId));
        Assert.DoesNotContain(copy.Design.Conditions, c => c.ModelId == world.Standard.Id);
        await away.Services.GetRequiredService<StudyPublisher>().ReopenAsync(replica.Id);
        Assert.Single(await Participants.TakePartAsync(away.Services, replica, 1));
    }

    [Fact]
    public async Task What_was_changed_cut_off_or_is_something_else_is_refused_and_nothing_stays()
    {
        var (study, _, _) = await PublishAsync();
        var bundle = await BundleAsync(study.Id);
        await using var away = await other.StartServerAsync();
        var replication = away.Services.GetRequiredService<StudyReplication>();
        (byte[] Zip, string Sentence)[] cases =
        [
            ([1, 2, 3], "This file is no zip"),
            (Zip(("notes.txt", "hello"u8.ToArray())), "This zip is no bundle of a study"),
            (await BundleAsync(study.Id, replication: false), "This is a preregistration without stimuli"),
            (Changed(bundle, "study.json", text => [.. text, (byte)' ']), "study.json of the bundle is not what its checksum says"),
            (Changed(bundle, "material.json", text => [.. text, (byte)' ']), "material.json of the bundle is not what its checksum says"),
            (Changed(bundle, name => name.StartsWith("stimuli/", StringComparison.Ordinal), picture => [.. picture, 0]), "is not what its checksum says"),
            (Changed(bundle, name => name.StartsWith("stimuli/", StringComparison.Ordinal), _ => null), "was not copied whole"),
        ];
        foreach (var (zip, sentence) in cases)
        {
            var refusal = await Assert.ThrowsAsync<RefusedException>(() => replication.ImportAsync(new MemoryStream(zip)));
            Assert.Contains(sentence, refusal.Message, StringComparison.Ordinal);
        }
        await using var db = away.OpenDatabase();
        Assert.Equal((0, 0, 0, 0), (await db.Studies.CountAsync(), await db.Stimuli.CountAsync(), await db.Models.CountAsync(), await db.StimulusSets.CountAsync()));
        Assert.Empty(Directory.GetFileSystemEntries(away.Services.GetRequiredService<DataFolder>().Folder("temporary")));
        Assert.Empty(Directory.EnumerateFiles(away.Services.GetRequiredService<DataFolder>().Folder("blobs"), "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task The_preregistration_says_everything_that_was_frozen_and_proves_it()
    {
        var (study, version, world) = await PublishAsync(d => d with { AnalysisPlan = "We will **count**.", Exclusion = new() { MedianReactionTimeMsAtLeast = 250 } });
        using var zip = new ZipArchive(new MemoryStream(await BundleAsync(study.Id, replication: false)));
        Assert.Equal(["SHA256SUMS", "index.html", "study.json"], zip.Entries.Select(e => e.FullName).Order(StringComparer.Ordinal));
        Assert.Equal(version.FreezeJson, Text(zip, "study.json"));
        Assert.Contains($"{version.FreezeSha256}  study.json\n", Text(zip, "SHA256SUMS"), StringComparison.Ordinal);
        var page = Text(zip, "index.html");
        Assert.All(
            [version.FreezeSha256, "We will <strong>count</strong>.", "a median reaction time below 250 ms", world.Standard.Sha256, $"metamers of {world.Standard.Name}, logits", "500 ms", StudyFreeze.ThisProgram],
            what => Assert.Contains(System.Net.WebUtility.HtmlEncode(what).Replace("&lt;strong&gt;", "<strong>").Replace("&lt;/strong&gt;", "</strong>"), page.Replace("&#x2B;", "+"), StringComparison.Ordinal));
        Assert.All(world.NaturalSet.Stimuli.Where(s => version.Design.NaturalStimuli.Contains(s.Id)), s => Assert.Contains(s.Sha256, page, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Seed_program_rules_and_hashes_are_part_of_the_one_hash()
    {
        var (_, version, world) = await PublishAsync();
        Assert.Equal(CanonicalJson.Sha256(version.FreezeJson), version.FreezeSha256);
        foreach (var part in (string[])[$"\"seed\":{version.Seed}", "\"program\":\"PerceptionStudy ", "\"exclusionRules\":", "\"analysisPlan\":", world.Standard.Sha256, world.NaturalSet.Stimuli[0].Sha256])
            Assert.Contains(part, version.FreezeJson, StringComparison.Ordinal);
    }

    private async Task<(Study Study, StudyVersion Version, StudyWorld World)> PublishAsync(Func<StudyDesign, StudyDesign>? change = null)
    {
        var blobs = database.Services.GetRequiredService<BlobStore>();
        var world = StudyWorld.Create(suffix: " " + Guid.CreateVersion7());
        var number = 0;
        foreach (var stimulus in world.NaturalSet.Stimuli.Concat(world.Metamers))
        {
            using var png = new MemoryStream(TestPictures.Png(number++));
            stimulus.Sha256 = await blobs.StoreAsync(png);
        }
        await using var db = database.Open();
        await world.SaveAsync(db);
        await world.AnswerAsync(db, (_, _) => true);
        var databases = database.Services.GetRequiredService<IDbContextFactory<StudyDb>>();
        var drafts = new StudyDrafts(databases, TimeProvider.System);
        var study = await drafts.CreateAsync("To be replicated", world.MetamerSets, mainTrials: 8);
        if (change is not null) await drafts.SaveAsync(study.Id, study.Name, change(study.Draft), places: null, listed: false);
        return (study, await Publishing.PublisherOf(database.Services).PublishAsync(study.Id), world);
    }

    private async Task<byte[]> BundleAsync(Guid study, bool replication = true)
    {
        await using var server = await database.StartServerAsync();
        var bundle = server.Services.GetRequiredService<StudyBundle>();
        using var zip = new MemoryStream();
        await (replication ? bundle.WriteReplicationAsync(study, 1, zip) : bundle.WritePreregistrationAsync(study, 1, zip));
        return zip.ToArray();
    }

    private async Task<int> CountAnswersAsync(StudyDesign design)
    {
        await using var db = database.Open();
        var shown = design.NaturalStimuli.Concat(design.PracticeStimuli).Concat(design.Metamers).ToArray();
        return await db.ModelAnswers.CountAsync(a => shown.Contains(a.StimulusId));
    }

    private static async Task<List<string>> ShownAsync(StudyDb db, Guid session) => await (
        from trial in db.Trials join stimulus in db.Stimuli on trial.StimulusId equals stimulus.Id
        where trial.SessionId == session orderby trial.Position select stimulus.Sha256).ToListAsync();

    private static string Text(ZipArchive zip, string name)
    {
        using var reader = new StreamReader(zip.GetEntry(name)!.Open());
        return reader.ReadToEnd();
    }

    private static byte[] Zip(params (string Name, byte[] Content)[] files)
    {
        using var zip = new MemoryStream();
        using (var archive = new ZipArchive(zip, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in files)
            {
                using var entry = archive.CreateEntry(name).Open();
                entry.Write(content);
            }
        }
        return zip.ToArray();
    }

    private static byte[] Changed(byte[] bundle, string name, Func<byte[], byte[]?> change) => Changed(bundle, n => n == name, change);

    /// <summary>The same zip with the first such file changed, or without it.</summary>
    private static byte[] Changed(byte[] bundle, Func<string, bool> which, Func<byte[], byte[]?> change)
    {
        using var zip = new ZipArchive(new MemoryStream(bundle));
        var first = zip.Entries.First(e => which(e.FullName)).FullName;
        return Zip([.. zip.Entries.Select(e =>
        {
            using var content = new MemoryStream();
            using (var entry = e.Open()) entry.CopyTo(content);
            return (e.FullName, Content: e.FullName == first ? change(content.ToArray()) : content.ToArray());
        }).Where(f => f.Content is not null).Select(f => (f.FullName, f.Content!))]);
    }
}

public sealed class StudyBundleOnSqliteTests(SqliteDatabase database) : StudyBundleTests(database, () => new SqliteDatabase()), IClassFixture<SqliteDatabase>;

public sealed class StudyBundleOnPostgresTests(PostgresDatabase database) : StudyBundleTests(database, () => new SqliteDatabase()), IClassFixture<PostgresDatabase>;

using System.CommandLine;
using System.IO.Compression;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PerceptionStudy.Server.Analysis;
using PerceptionStudy.Server.Analysis.Digests;
using PerceptionStudy.Server.Commands;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Export;
using PerceptionStudy.Server.Participation;
using PerceptionStudy.Server.Studies;
using PerceptionStudy.Server.Tests.Data;
using PerceptionStudy.Server.Tests.Studies;
using PerceptionStudy.Shared.Trials;

namespace PerceptionStudy.Server.Tests.Participation;

/// <summary>A researcher goes through a draft as a participant: nothing of it is counted anywhere, and only files of previews hold it.</summary>
public abstract partial class PreviewTests(TestDatabase database)
{
    private readonly TestDatabase database = database.Need();

    [Fact]
    public async Task A_draft_is_tried_as_a_participant_and_counted_nowhere()
    {
        await using var server = await database.StartServerAsync();
        var drafts = server.Services.GetRequiredService<StudyDrafts>();
        var study = await DraftAsync(drafts);
        var client = await server.SignInAsync();
        var door = (await client.GetAsync($"/admin/studies/{study.Id}/try")).Headers.Location!.ToString();
        Assert.Equal(door, (await client.GetAsync($"/admin/studies/{study.Id}/try")).Headers.Location!.ToString());
        var page = await client.GetStringAsync(door);
        Assert.Contains("Your answers are marked as a preview", page, StringComparison.Ordinal);

        var fields = Hidden().Matches(page).ToDictionary(m => m.Groups["name"].Value, m => WebUtility.HtmlDecode(m.Groups["value"].Value));
        var run = (await client.PostAsync($"{door}/start", new FormUrlEncodedContent(fields))).Headers.Location!.ToString();
        var session = Guid.Parse(run.Split('/')[2]);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(run)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync($"/api/sessions/{session}")).StatusCode);

        await using var db = server.OpenDatabase();
        var trials = await db.Trials.Where(t => t.SessionId == session).Select(t => new { t.Id, t.CorrectCategory }).ToListAsync();
        await server.Services.GetRequiredService<ReceiveResponse>().ReceiveAsync(session, trials.Select(t => Answers.Of(t.Id, t.CorrectCategory)).ToList());
        var stored = await db.Sessions.SingleAsync(s => s.Id == session);
        Assert.Equal((ObserverType.Preview, SessionState.Completed), (stored.ObserverType, stored.State));
        var end = await client.GetStringAsync($"/end/{session}");
        Assert.Contains("completion-code", end, StringComparison.Ordinal);
        Assert.Contains($"/admin/studies/{study.Id}/export/trials.csv?preview=true", end, StringComparison.Ordinal);

        // Not before publication, and not after.
        await server.Services.GetRequiredService<SessionDigests>().StoreMissingAsync();
        for (var time = 0; time < 2; time++)
        {
            Assert.Equal(time, await db.StudyVersions.CountAsync(v => v.StudyId == study.Id));
            Assert.Equal(0, await Places.CountTakenAsync(db, study.Id));
            Assert.Empty(await StudyMonitor.SessionsAsync(db, study.Id));
            foreach (var observers in (ObserverType[])[ObserverType.Human, ObserverType.Synthetic])
                Assert.Empty(await server.Services.GetRequiredService<TrialQuery>().ReadAsync(study.Id, new TrialFilter(observers, IncludeIncomplete: true)).ToListAsync());
            await CheckFilesAsync(client, study, trials.Count);
            if (time == 0) await CheckAnalysisAsync(study);
            await Publishing.PublisherOf(server.Services).PublishAsync(study.Id);
        }
        Assert.Equal(1, (await db.StudyVersions.SingleAsync(v => v.StudyId == study.Id)).Number);
    }

    /// <summary>Files of previews hold the try of the draft and say so everywhere; files of people hold nothing of it.</summary>
    private static async Task CheckFilesAsync(HttpClient client, Study study, int trials)
    {
        var files = $"/admin/studies/{study.Id}/export/";
        var reply = await client.GetAsync(files + "trials.csv?preview=true&version=-1");
        Assert.Equal("a-draft-draft1-preview-trials.csv", reply.Content.Headers.ContentDisposition!.FileName!.Trim('"'));
        var own = TrialTable.Read(new StringReader(await reply.Content.ReadAsStringAsync())).Where(t => t.Observer != ObserverKind.Model).ToList();
        Assert.Equal(trials, own.Count);
        Assert.All(own, t => Assert.Equal((ObserverKind.Preview, ObserverKind.Preview, "T1", -1), (t.Observer, t.SessionObserver, t.ObserverId, t.StudyVersion)));
        Assert.All(own.Where(t => t.Kind == ResponseKind.Choice), t => Assert.True(t.Correct));

        using var zip = new ZipArchive(new MemoryStream(await client.GetByteArrayAsync(files + "study.zip?preview=true")));
        Assert.StartsWith("# PREVIEW: A draft", Text("README.md"), StringComparison.Ordinal);
        Assert.Contains("no data of participants", Text("README.md"), StringComparison.Ordinal);
        Assert.Contains("\r\n-1,1,T1,preview,completed,true,", Text("participants.csv"), StringComparison.Ordinal);
        Assert.Contains(",draft_frozen,-1,", Text("audit.csv"), StringComparison.Ordinal);
        Assert.Contains("PREVIEW: A draft,", Text("stage-accuracy.csv"), StringComparison.Ordinal);
        Assert.Equal("preview", ExportTrailer.Parse(Text("trailer.json")).Observers);

        Assert.Single((await client.GetStringAsync(files + "trials.csv?incomplete=true")).TrimEnd().Split('\n'));
        Assert.Contains("ask for one of them", await (await client.GetAsync(files + "trials.csv?preview=true&synthetic=true")).Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal("No draft -2 was tried: there is only -1.", await (await client.GetAsync(files + "trials.csv?preview=true&version=-2")).Content.ReadAsStringAsync());

        string Text(string entry)
        {
            using var reader = new StreamReader(zip.GetEntry(entry)!.Open());
            return reader.ReadToEnd();
        }
    }

    /// <summary>The command line takes tries of a draft by their option alone, and says what they are.</summary>
    private async Task CheckAnalysisAsync(Study study)
    {
        var (code, output) = await AnalyzeAsync("curves", "--preview", "--json");
        Assert.Equal(0, code);
        using (var json = JsonDocument.Parse(output)) Assert.Equal("preview", json.RootElement.EnumerateObject().First(p => p.Name == "observers").Value.GetString());
        (code, output) = await AnalyzeAsync("agreement", "--preview", "--study-version=-1");
        Assert.Equal(0, code);
        Assert.StartsWith("PREVIEW: answers of researchers who tried a draft, no data of participants.", output, StringComparison.Ordinal);

        async Task<(int, string)> AnalyzeAsync(string what, params string[] options)
        {
            using StringWriter written = new(), error = new();
            string[] settings = [.. database.Settings.Select(s => $"--{s.Key}={s.Value}")];
            var exit = await AnalyzeCommands.Create().Parse([what, "--study", study.LinkKey, .. options, .. settings]).InvokeAsync(new InvocationConfiguration { Output = written, Error = error });
            return (exit, written.ToString());
        }
    }

    [Fact]
    public async Task Only_researchers_try_drafts_and_a_bad_draft_says_why_not()
    {
        await using var server = await database.StartServerAsync();
        var drafts = server.Services.GetRequiredService<StudyDrafts>();
        var study = await DraftAsync(drafts);
        foreach (var stranger in (string[])[$"/admin/studies/{study.Id}/try", $"/try/{Guid.NewGuid()}"])
            Assert.Contains("/sign-in", (await server.Client.GetAsync(stranger)).Headers.Location!.ToString(), StringComparison.Ordinal);

        var client = await server.SignInAsync();
        await drafts.SaveAsync(study.Id, study.Name, study.Draft with { Consent = "" }, null, false);
        var reply = await client.GetAsync($"/admin/studies/{study.Id}/try");
        Assert.Equal(HttpStatusCode.Conflict, reply.StatusCode);
        Assert.Equal("The consent text is empty: write what participants agree to.", await reply.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync($"/try/{Guid.NewGuid()}")).StatusCode);
    }

    [Fact]
    public async Task A_draft_that_was_tried_can_still_be_deleted()
    {
        await using var server = await database.StartServerAsync();
        var drafts = server.Services.GetRequiredService<StudyDrafts>();
        var study = await DraftAsync(drafts);
        var version = await Publishing.PublisherOf(server.Services).FreezePreviewAsync(study.Id);
        var started = await server.Services.GetRequiredService<SessionStart>().StartPreviewAsync(version.Id, "test");
        await drafts.DeleteAsync(study.Id);
        await using var db = server.OpenDatabase();
        Assert.False(await db.Sessions.AnyAsync(s => s.Id == started.SessionId));
        Assert.False(await db.StudyVersions.IgnoreQueryFilters().AnyAsync(v => v.StudyId == study.Id));
    }

    private async Task<Study> DraftAsync(StudyDrafts drafts)
    {
        await using var db = database.Open();
        var world = await StudyWorld.Create(suffix: " " + Guid.CreateVersion7()).SaveAsync(db);
        return await drafts.CreateAsync("A draft", world.MetamerSets, mainTrials: 8);
    }

    [GeneratedRegex("""<input type="hidden" name="(?<name>[^"]+)" value="(?<value>[^"]*)""")]
    private static partial Regex Hidden();
}

public sealed class PreviewOnSqliteTests(SqliteDatabase database) : PreviewTests(database), IClassFixture<SqliteDatabase>;

public sealed class PreviewOnPostgresTests(PostgresDatabase database) : PreviewTests(database), IClassFixture<PostgresDatabase>;

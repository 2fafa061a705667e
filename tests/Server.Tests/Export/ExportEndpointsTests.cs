using System.CommandLine;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PerceptionStudy.Server.Analysis;
using PerceptionStudy.Server.Analysis.Digests;
using PerceptionStudy.Server.Analysis.Results;
using PerceptionStudy.Server.Analysis.Simulation;
using PerceptionStudy.Server.Analysis.Statistics;
using PerceptionStudy.Server.Commands;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Export;
using PerceptionStudy.Server.Participation;
using PerceptionStudy.Server.Studies;
using PerceptionStudy.Server.Tests.Analysis;
using PerceptionStudy.Server.Tests.Data;
using PerceptionStudy.Server.Tests.Studies;
using PerceptionStudy.Shared.Trials;

namespace PerceptionStudy.Server.Tests.Export;

public abstract class ExportEndpointsTests(TestDatabase database)
{
    private readonly TestDatabase database = database.Need();

    [Fact]
    public async Task The_files_go_through_the_analyze_command_to_the_figures_of_the_page()
    {
        await using var server = await database.UseServerAsync();
        var study = await PublishAsync(server.Services);
        await Participants.TakePartAsync(server.Services, study, 5);
        await Participants.TakePartAsync(server.Services, study, 1, trials: 3);
        await server.Services.GetRequiredService<StudySimulation>().RunAsync(study.Id, 3, new ObserverProfile(), seed: 1);
        var client = await server.SignInAsync();
        var query = server.Services.GetRequiredService<TrialQuery>();
        var digested = server.Services.GetRequiredService<DigestedStudy>();

        foreach (var filter in (TrialFilter[])[new(), new(IncludeIncomplete: true), new(ObserverType.Synthetic), new(Version: 1)])
        {
            var page = StudySummary.Of(await digested.ReadAsync(study.Id, filter), "E");
            Assert.Equal(2, page.Panels.Count);
            Assert.Equal(FiguresOf(StudySummary.Of(ResultsSource.Of(await query.ReadAsync(study.Id, filter).ToListAsync()), "E")), FiguresOf(page));
            var address = $"/admin/studies/{study.Id}/export/{{0}}.csv?{filter.Query}";
            foreach (var table in (string[])["trials", "stage-accuracy"])
            {
                var reply = await client.GetAsync(string.Format(address, table));
                Assert.Equal("text/csv; charset=utf-8", reply.Content.Headers.ContentType!.ToString());
                Assert.EndsWith($"-{table}.csv", reply.Content.Headers.ContentDisposition!.FileName!.Trim('"'), StringComparison.Ordinal);
                Assert.Equal(filter.Observers == ObserverType.Synthetic, reply.Content.Headers.ContentDisposition.FileName!.Contains("-synthetic-", StringComparison.Ordinal));
                Assert.Equal(FiguresOf(page), await AnalyzeAsync(await reply.Content.ReadAsStringAsync()));
            }
        }
    }

    [Fact]
    public async Task A_part_as_the_page_filters_it_is_exported_whole_and_every_file_says_which_part()
    {
        await using var server = await database.UseServerAsync();
        var study = await PublishAsync(server.Services);
        await server.Services.GetRequiredService<StudyDrafts>().SaveAsync(study.Id, study.Name, study.Draft with { Exclusion = new ExclusionRules { MedianReactionTimeMsAtLeast = 300 } }, null, false);
        await server.Services.GetRequiredService<StudyPublisher>().PublishAsync(study.Id);
        // Every third trial was disturbed, and the last person is too fast.
        TrialResponse Disturbed(Trial trial, TrialResponse answer) => trial.Position % 3 == 0 ? answer with { Timing = answer.Timing with { Disturbed = true } } : answer;
        var sessions = await Participants.TakePartAsync(server.Services, study, 4, changed: Disturbed);
        await Participants.TakePartAsync(server.Services, study, 1, changed: (trial, answer) => Disturbed(trial, answer with { ReactionTimeMs = 120 }));
        await using (var db = server.OpenDatabase())
        {
            db.Recruits.AddRange(sessions[..2].Select(s => new Recruit { SessionId = s, StudyId = study.Id, Recruiter = "Prolific (EU)", IdSha256 = $"{s}", ParticipantId = "abc" }));
            await db.SaveChangesAsync();
        }
        var client = await server.SignInAsync();
        var files = $"/admin/studies/{study.Id}/export/";
        var rows = new Dictionary<string, int>();
        foreach (var filter in (TrialFilter[])[new(), new(WorstTiming: TimingVerdict.OffByOne), new(IgnoreExclusions: true), new(Recruiter: "Prolific (EU)"), new(Version: 2, IgnoreExclusions: true, WorstTiming: TimingVerdict.Exact, Recruiter: "Prolific (EU)")])
        {
            var page = await server.Services.GetRequiredService<DigestedStudy>().ReadAsync(study.Id, filter);
            var reply = await client.GetAsync($"{files}trials.csv?{filter.Query}");
            var text = await reply.Content.ReadAsStringAsync();
            var trials = TrialTable.Read(new StringReader(text));
            // The same rows, and the same figures from them.
            Assert.Equal(page.Trials.Select(t => (t.ObserverId, t.Session, t.Stimulus, t.Counts)), trials.Where(t => !t.IsPractice).Select(t => (t.ObserverId, t.Session, t.Stimulus, t.Counts)));
            Assert.Equal(FiguresOf(StudySummary.Of(page, "E")), await AnalyzeAsync(text));
            rows[reply.Content.Headers.ContentDisposition!.FileName!.Trim('"')] = trials.Count(t => t.Counts && t.Observer == ObserverKind.Human);

            using var zip = new System.IO.Compression.ZipArchive(new MemoryStream(await client.GetByteArrayAsync($"{files}study.zip?{filter.Query}")));
            Assert.Contains($"Which trials: {filter.InWords}.", Text("README.md"), StringComparison.Ordinal);
            using var design = JsonDocument.Parse(Text("design.json"));
            Assert.Equal($"human, {filter.InWords}", design.RootElement.GetProperty("exported").GetString());
            var trailer = ExportTrailer.Parse(Text("trailer.json"));
            Assert.Equal((!filter.IgnoreExclusions, filter.Recruiter, filter.WorstTiming is { } worst ? Words.Of(worst) : null), (trailer.ExclusionRules, trailer.Recruiter, trailer.WorstTiming));
            Assert.Equal(filter.Recruiter is null ? 5 : 2, Text("participants.csv").TrimEnd().Split("\r\n").Length - 1);

            string Text(string entry)
            {
                using var reader = new StreamReader(zip.GetEntry(entry)!.Open());
                return reader.ReadToEnd();
            }
        }
        Assert.Equal(["", "timing-off-by-one-", "no-exclusions-", "prolific--eu-", "v2-prolific--eu-timing-exact-no-exclusions-"], rows.Keys.Select(name => name["study-of--metamers-".Length..^"trials.csv".Length]));
        var counts = rows.Values.ToList();
        Assert.True(counts[1] < counts[0] && counts[2] * 4 == counts[0] * 5 && counts[3] * 2 == counts[0] && counts[4] > 0 && counts[4] < counts[3], string.Join(", ", counts));

        foreach (var (query, sentence) in ((string, string)[])[("recruiter=SONA", "Nobody came to this study by 'SONA': its recruiters are Prolific (EU)."), ("timing=good", "'good' is no verdict on timing: say exact or off_by_one, or nothing for all trials.")])
        {
            var refused = await client.GetAsync($"{files}trials.csv?{query}");
            Assert.Equal((HttpStatusCode.NotFound, sentence), (refused.StatusCode, await refused.Content.ReadAsStringAsync()));
        }
    }

    [Fact]
    public async Task People_and_synthetic_observers_never_stand_in_one_file()
    {
        await using var server = await database.UseServerAsync();
        var study = await PublishAsync(server.Services);
        await Participants.TakePartAsync(server.Services, study, 2);
        await server.Services.GetRequiredService<StudySimulation>().RunAsync(study.Id, 2, new ObserverProfile(), seed: 1);
        var client = await server.SignInAsync();

        var people = TrialTable.Read(new StringReader(await client.GetStringAsync($"/admin/studies/{study.Id}/export/trials.csv?incomplete=true")));
        Assert.Equal([ObserverKind.Human], people.Select(t => t.SessionObserver).Distinct());
        Assert.Equal(["P1", "P2"], people.Where(t => t.Observer != ObserverKind.Model).Select(t => t.ObserverId).Distinct());
        var synthetic = TrialTable.Read(new StringReader(await client.GetStringAsync($"/admin/studies/{study.Id}/export/trials.csv?synthetic=true")));
        Assert.Equal([ObserverKind.Synthetic], synthetic.Select(t => t.SessionObserver).Distinct());
        Assert.Equal(["S3", "S4"], synthetic.Where(t => t.Observer != ObserverKind.Model).Select(t => t.ObserverId).Distinct());
    }

    [Fact]
    public async Task Nobody_without_an_account_gets_data()
    {
        await using var server = await database.UseServerAsync();
        var study = await PublishAsync(server.Services);
        foreach (var file in (string[])["trials.csv", "trials.csv.trailer.json", "trials.parquet", "study.zip", "psych-ds.zip", "stage-accuracy.csv", "codebook.md"])
        {
            var reply = await server.Client.GetAsync($"/admin/studies/{study.Id}/export/{file}");
            Assert.Equal(HttpStatusCode.Found, reply.StatusCode);
            Assert.Contains("/sign-in", reply.Headers.Location!.ToString(), StringComparison.Ordinal);
        }
        Assert.Equal(HttpStatusCode.NotFound, (await (await server.SignInAsync()).GetAsync($"/admin/studies/{Guid.NewGuid()}/export/trials.csv")).StatusCode);
    }

    [Fact]
    public async Task A_broken_download_goes_on_with_the_same_snapshot_though_data_came_in()
    {
        await using var server = await database.UseServerAsync();
        var study = await PublishAsync(server.Services);
        await Participants.TakePartAsync(server.Services, study, 2);
        var client = await server.SignInAsync();
        var address = $"/admin/studies/{study.Id}/export/trials.csv";

        var whole = await client.GetAsync(address);
        var bytes = await whole.Content.ReadAsByteArrayAsync();
        Assert.Equal("bytes", whole.Headers.AcceptRanges.Single());
        Assert.Equal(Encoding.UTF8.GetString(bytes).Split("\r\n").Length - 2, int.Parse(whole.Headers.GetValues("X-Row-Count").Single()));
        Assert.Equal($"sha-256=:{Convert.ToBase64String(SHA256.HashData(bytes))}:", whole.Headers.GetValues("Repr-Digest").Single());

        await Participants.TakePartAsync(server.Services, study, 1);
        using var rest = new HttpRequestMessage(HttpMethod.Get, address);
        rest.Headers.Range = new RangeHeaderValue(1000, null);
        rest.Headers.IfRange = new RangeConditionHeaderValue(whole.Headers.ETag!);
        var part = await client.SendAsync(rest);
        Assert.Equal(HttpStatusCode.PartialContent, part.StatusCode);
        Assert.Equal(bytes[1000..], await part.Content.ReadAsByteArrayAsync());

        var fresh = await client.GetAsync(address);
        Assert.NotEqual(whole.Headers.ETag, fresh.Headers.ETag);
        Assert.True((await fresh.Content.ReadAsByteArrayAsync()).Length > bytes.Length);
        var trailer = ExportTrailer.Parse(await client.GetStringAsync(address + ".trailer.json"));
        Assert.Equal((int.Parse(fresh.Headers.GetValues("X-Row-Count").Single()), "human"), ((int)trailer.Files.Single().Rows!, trailer.Observers));
    }

    [Fact]
    public async Task Of_who_withdrew_no_file_is_left()
    {
        await using var server = await database.UseServerAsync();
        var study = await PublishAsync(server.Services);
        await Participants.TakePartAsync(server.Services, study, 1);
        var leaving = (await Participants.TakePartAsync(server.Services, study, 1, trials: 3)).Single();
        var client = await server.SignInAsync();
        var address = $"/admin/studies/{study.Id}/export/trials.csv?incomplete=true";
        var before = await client.GetAsync(address);
        await using (var db = server.OpenDatabase()) await SessionEnd.WithdrawAsync(db, leaving, TimeProvider.System);

        Assert.DoesNotContain(",P2,", await client.GetStringAsync(address), StringComparison.Ordinal);
        using var rest = new HttpRequestMessage(HttpMethod.Get, address);
        rest.Headers.Range = new RangeHeaderValue(0, null);
        rest.Headers.IfRange = new RangeConditionHeaderValue(before.Headers.ETag!);
        var answer = await client.SendAsync(rest);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.DoesNotContain(",P2,", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private sealed record Figure(string Model, string Stage, int N, double People, double PeopleSem, double Network, double NetworkSem);

    private static List<Figure> FiguresOf(StudySummary page) =>
    [
        .. from panel in page.Panels
           from point in panel.Lines.Single(l => l.Observer != ObserverKind.Model).Points
           let network = panel.Lines.Single(l => l.Generating).Points.Single(p => p.Stage == point.Stage)
           select new Figure(panel.GeneratingModel, point.Stage, point.Value.N, Rounded(point.Value.Mean), Rounded(point.Value.Sem), Rounded(network.Value.Mean), Rounded(network.Value.Sem))
    ];

    private static async Task<List<Figure>> AnalyzeAsync(string csv)
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, csv);
            using var output = new StringWriter();
            var code = await AnalyzeCommands.Create().Parse(["curves", file, "--json"]).InvokeAsync(new InvocationConfiguration { Output = output });
            Assert.Equal(0, code);
            using var json = JsonDocument.Parse(output.ToString());
            return [.. json.RootElement.GetProperty("curves").EnumerateArray().Select(c => new Figure(
                c.GetProperty("model").GetString()!, c.GetProperty("stage").GetString()!, c.GetProperty("n").GetInt32(), Of(c, "human", "mean"), Of(c, "human", "sem"), Of(c, "network", "mean"), Of(c, "network", "sem")))];
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static double Of(JsonElement curve, string who, string what) => Rounded(curve.GetProperty(who).GetProperty(what).GetDouble());

    // Sums in another order may differ in the last bits.
    private static double Rounded(double value) => Math.Round(value, 12);

    internal static async Task<Study> PublishAsync(IServiceProvider services)
    {
        var databases = services.GetRequiredService<IDbContextFactory<StudyDb>>();
        await using var db = await databases.CreateDbContextAsync();
        var world = await StudyWorld.Create(suffix: " " + Guid.CreateVersion7()).SaveAsync(db);
        await world.AnswerAsync(db, (model, stimulus) => (stimulus.Name.Length + model.Name.Length) % 3 != 0);
        var study = await new StudyDrafts(databases, TimeProvider.System).CreateAsync("=Study of \"metamers\"", world.MetamerSets, mainTrials: 8);
        await Publishing.PublisherOf(services).PublishAsync(study.Id);
        return study;
    }
}

public sealed class ExportEndpointsOnSqliteTests(SqliteDatabase database) : ExportEndpointsTests(database), IClassFixture<SqliteDatabase>;

public sealed class ExportEndpointsOnPostgresTests(PostgresDatabase database) : ExportEndpointsTests(database), IClassFixture<PostgresDatabase>;

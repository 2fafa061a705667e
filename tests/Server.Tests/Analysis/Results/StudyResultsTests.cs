using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PerceptionStudy.Server.Analysis;
using PerceptionStudy.Server.Analysis.Digests;
using PerceptionStudy.Server.Analysis.Results;
using PerceptionStudy.Server.Analysis.Statistics;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Participation;
using PerceptionStudy.Server.Studies;
using PerceptionStudy.Server.Tests.Data;
using PerceptionStudy.Server.Tests.Export;

namespace PerceptionStudy.Server.Tests.Analysis.Results;

public abstract class StudyResultsTests(TestDatabase database)
{
    private readonly TestDatabase database = database.Need();

    [Fact]
    public async Task Digests_hold_what_the_rows_hold_and_go_when_the_answers_go()
    {
        await using var server = await database.UseServerAsync();
        var study = await ExportEndpointsTests.PublishAsync(server.Services);
        await Participants.TakePartAsync(server.Services, study, 3);
        var unfinished = (await Participants.TakePartAsync(server.Services, study, 1, trials: 6)).Single();
        var filter = new TrialFilter(IncludeIncomplete: true);
        var digested = server.Services.GetRequiredService<DigestedStudy>();
        // Made now, and then read from where they were stored.
        for (var time = 0; time < 2; time++)
        {
            var rows = await server.Services.GetRequiredService<TrialQuery>().ReadAsync(study.Id, filter).Where(t => !t.IsPractice).ToListAsync();
            var digests = (await digested.ReadAsync(study.Id, filter)).Trials.ToList();
            Assert.Equal(rows.Select(Known), digests.Select(Known));
        }
        await using var db = server.OpenDatabase();
        Assert.Equal(3, await db.SessionDigests.CountAsync(d => db.Sessions.Any(s => s.Id == d.SessionId && db.StudyVersions.Any(v => v.Id == s.StudyVersionId && v.StudyId == study.Id))));
        await SessionEnd.WithdrawAsync(db, unfinished, TimeProvider.System);
        Assert.False(await db.SessionDigests.AnyAsync(d => d.SessionId == unfinished));
        Assert.Equal(3, (await digested.ReadAsync(study.Id, filter)).Participants);
    }

    [Fact]
    public async Task A_blind_study_shows_and_gives_nothing_of_people_before_it_is_closed()
    {
        await using var server = await database.UseServerAsync();
        var study = await ExportEndpointsTests.PublishAsync(server.Services);
        var publisher = server.Services.GetRequiredService<StudyPublisher>();
        await server.Services.GetRequiredService<StudyDrafts>().SaveAsync(study.Id, study.Name, study.Draft with { BlindUntilClosed = true }, null, false);
        await publisher.PublishAsync(study.Id);
        await Participants.TakePartAsync(server.Services, study, 1);
        var client = await server.SignInAsync();
        string[] addresses = [$"/admin/studies/{study.Id}/report.html", $"/admin/studies/{study.Id}/export/trials.csv", $"/admin/studies/{study.Id}/export/study.zip"];
        foreach (var address in addresses)
        {
            var answer = await client.GetAsync(address);
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
            Assert.Contains("blind", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
        // What is left to see: how it runs, without a word of who was right.
        var trials = await server.Services.GetRequiredService<TrialQuery>().ReadAsync(study.Id, new TrialFilter()).Where(t => t.Observer == ObserverKind.Human && !t.IsPractice).ToListAsync();
        var balance = await server.Services.GetRequiredService<DigestedStudy>().BalanceAsync(study.Id, new TrialFilter());
        Assert.Equal((1, trials.Count(t => t.Condition != ConditionKind.Catch)), (balance.Participants, balance.MainTrials));
        Assert.Equal(trials.Where(t => t.Condition != ConditionKind.Catch).CountBy(t => (t.GeneratingModel, t.Stage ?? "natural")).ToDictionary(), balance.Conditions.ToDictionary(c => (c.Model, c.Stage), c => c.Trials));
        Assert.Equal(trials.Count, balance.Verdicts.Values.Sum());
        await publisher.CloseAsync(study.Id);
        foreach (var address in addresses) Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(address)).StatusCode);
    }

    [Fact]
    public async Task A_rule_of_the_design_leaves_out_whom_it_names_on_the_page_and_in_the_files_and_can_be_set_aside()
    {
        await using var server = await database.UseServerAsync();
        var study = await ExportEndpointsTests.PublishAsync(server.Services);
        // Synthetic answers take half a second and more: one person of three answers at once, and is too fast.
        await server.Services.GetRequiredService<StudyDrafts>().SaveAsync(study.Id, study.Name, study.Draft with { Exclusion = new ExclusionRules { MedianReactionTimeMsAtLeast = 300 } }, null, false);
        await server.Services.GetRequiredService<StudyPublisher>().PublishAsync(study.Id);
        await Participants.TakePartAsync(server.Services, study, 1);
        await Participants.TakePartAsync(server.Services, study, 1, changed: (_, answer) => answer with { ReactionTimeMs = 120 });
        await Participants.TakePartAsync(server.Services, study, 1);

        var loader = server.Services.GetRequiredService<ResultsLoader>();
        var with = (await loader.LoadAsync(study.Id, new TrialFilter())).Summary;
        var without = (await loader.LoadAsync(study.Id, new TrialFilter(IgnoreExclusions: true))).Summary;
        Assert.Equal((2, 1, 3, 0), (with.Participants, with.Excluded, without.Participants, without.Excluded));
        Assert.Equal(without.Trials, with.Trials * 3 / 2);

        var rows = await server.Services.GetRequiredService<TrialQuery>().ReadAsync(study.Id, new TrialFilter()).ToListAsync();
        Assert.Equal(ChartCsv.Curve(RecognitionCurve.Of(rows).Panels(0)[0]), ChartCsv.Curve(with.Panels[0]));
        Assert.All(rows, r => Assert.Equal(r.Session == 2 ? ExclusionReason.TooFast : null, r.ExcludedBecause));
        var client = await server.SignInAsync();
        using var zip = new System.IO.Compression.ZipArchive(new MemoryStream(await client.GetByteArrayAsync($"/admin/studies/{study.Id}/export/study.zip")));
        using var exclusions = new StreamReader(zip.GetEntry("exclusions.csv")!.Open());
        Assert.Contains(",P2,session,too_fast,", await exclusions.ReadToEndAsync(), StringComparison.Ordinal);
        var again = TrialTable.Read(new StringReader(await client.GetStringAsync($"/admin/studies/{study.Id}/export/trials.csv")));
        Assert.Equal(rows.Count(r => r.Counts), again.Count(r => r.Counts));
        Assert.Contains("1 further participant was left out", WebUtility.HtmlDecode(await client.GetStringAsync($"/admin/studies/{study.Id}/report.html")), StringComparison.Ordinal);
        Assert.DoesNotContain("left out.", WebUtility.HtmlDecode(await client.GetStringAsync($"/admin/studies/{study.Id}/report.html?exclusions=off")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Results_can_be_those_of_one_recruiters_participants()
    {
        await using var server = await database.UseServerAsync();
        var study = await ExportEndpointsTests.PublishAsync(server.Services);
        var sessions = await Participants.TakePartAsync(server.Services, study, 3);
        await using var db = server.OpenDatabase();
        db.Recruits.Add(new Recruit { SessionId = sessions[1], StudyId = study.Id, Recruiter = "Prolific", IdSha256 = "hash", ParticipantId = "abc" });
        await db.SaveChangesAsync();
        var digested = server.Services.GetRequiredService<DigestedStudy>();
        Assert.Equal(3, (await digested.ReadAsync(study.Id, TrialFilter.Of(recruiter: ""))).Participants);
        Assert.Equal([2], (await digested.ReadAsync(study.Id, TrialFilter.Of(recruiter: "Prolific"))).Trials.Select(t => t.Session).Distinct());
        Assert.Equal(0, (await digested.ReadAsync(study.Id, new TrialFilter(Recruiter: "SONA"))).Participants);
    }

    [Fact]
    public async Task Looks_are_counted_while_the_study_is_open_and_the_data_are_new()
    {
        await using var server = await database.UseServerAsync();
        var study = await ExportEndpointsTests.PublishAsync(server.Services);
        var loader = server.Services.GetRequiredService<ResultsLoader>();
        var people = new TrialFilter();
        Assert.Empty((await loader.LoadAsync(study.Id, people)).Looks);
        await Participants.TakePartAsync(server.Services, study, 2);
        Assert.Equal([2], (await loader.LoadAsync(study.Id, people)).Looks.Select(l => l.Participants));
        Assert.Single((await loader.LoadAsync(study.Id, people)).Looks);
        // The same data through a filter are no new look, and where nothing was seen there was none.
        Assert.Single((await loader.LoadAsync(study.Id, people with { IgnoreExclusions = true, IncludeIncomplete = true })).Looks);
        Assert.Single((await loader.LoadAsync(study.Id, people with { Recruiter = "SONA" })).Looks);
        await Participants.TakePartAsync(server.Services, study, 1);
        Assert.Equal([2, 3], (await loader.LoadAsync(study.Id, people)).Looks.Select(l => l.Participants));
        await server.Services.GetRequiredService<StudyPublisher>().CloseAsync(study.Id);
        Assert.Equal(2, (await loader.LoadAsync(study.Id, people)).Looks.Count);
    }

    [Fact]
    public async Task The_report_stands_alone_and_has_the_numbers_of_the_page()
    {
        await using var server = await database.UseServerAsync();
        var study = await ExportEndpointsTests.PublishAsync(server.Services);
        await Participants.TakePartAsync(server.Services, study, 6);
        var html = await (await server.SignInAsync()).GetStringAsync($"/admin/studies/{study.Id}/report.html");
        Assert.StartsWith("<!DOCTYPE html>", html, StringComparison.Ordinal);
        foreach (var reference in (string[])["src=", "href=", "url(", "@import", "<script"]) Assert.DoesNotContain(reference, html, StringComparison.OrdinalIgnoreCase);
        var summary = (await server.Services.GetRequiredService<ResultsLoader>().LoadAsync(study.Id, new TrialFilter())).Summary;
        foreach (var line in summary.Panels.SelectMany(p => p.Lines))
            Assert.Contains($"{line.Points[0].Value.Mean:0.000} ± {line.Points[0].Value.Sem:0.000}", WebUtility.HtmlDecode(html), StringComparison.Ordinal);
        await using var db = server.OpenDatabase();
        Assert.Contains((await db.StudyVersions.FirstAsync(v => v.StudyId == study.Id)).DesignSha256, html, StringComparison.Ordinal);
    }

    private static object Known(TrialRecord t) => (
        t.StudyVersion, t.Observer, t.ObserverId, t.Session, t.Condition, t.GeneratingModel, (t.Stage, t.StageIndex, t.Swapped, t.NaturalStimulus, t.Stimulus, t.StimulusSha256),
        t.Category, t.Choices, t.Response, t.Correct, t.ReactionTimeMs, t.ExcludedBecause);
}

public sealed class StudyResultsOnSqliteTests(SqliteDatabase database) : StudyResultsTests(database), IClassFixture<SqliteDatabase>;

public sealed class StudyResultsOnPostgresTests(PostgresDatabase database) : StudyResultsTests(database), IClassFixture<PostgresDatabase>;

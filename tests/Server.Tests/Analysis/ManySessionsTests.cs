using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PerceptionStudy.Server.Accounts.Auditing;
using PerceptionStudy.Server.Analysis;
using PerceptionStudy.Server.Analysis.Digests;
using PerceptionStudy.Server.Analysis.Monitoring;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Operation;
using PerceptionStudy.Server.Participation;
using PerceptionStudy.Server.Studies;
using PerceptionStudy.Server.Tests.Data;
using PerceptionStudy.Server.Tests.Export;

namespace PerceptionStudy.Server.Tests.Analysis;

/// <summary>
/// What a researcher waits for in a study that many have taken part in. A small one by default; docs/evidence.md has the figures of
/// <c>MANY_SESSIONS=100000 tests/Server.Tests/bin/Debug/net10.0/PerceptionStudy.Server.Tests -showLiveOutput -class '*ManySessionsTests'</c>.
/// </summary>
public sealed class ManySessionsTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    [Fact]
    public async Task The_pages_of_a_large_study()
    {
        database.Need();
        var many = int.TryParse(Environment.GetEnvironmentVariable("MANY_SESSIONS"), out var asked) ? asked : 1000;
        await using var server = await database.StartServerAsync();
        var study = await ExportEndpointsTests.PublishAsync(server.Services);
        var source = (await Participants.TakePartAsync(server.Services, study, 1)).Single();
        await using var db = server.OpenDatabase();
        // With a limit, so that places are counted too.
        await db.Studies.Where(s => s.Id == study.Id).Unaudited("a test").ExecuteUpdateAsync(s => s.SetProperty(x => x.Places, 10_000_000));
        var (few, _) = await StartsAsync(server.Services, study);
        db.Database.SetCommandTimeout(TimeSpan.FromMinutes(20));
        // At once, so that nothing sees sessions without their answers.
        await using var transaction = await db.Database.BeginTransactionAsync();
        await CloneAsync(db, "Sessions", $"\"Id\" = '{source}'", many, ("Id", "md5(t.\"Id\"::text || n)::uuid"), ("Number", "10000 + n"), ("TokenSha256", "'token ' || n"), ("WithdrawCode", "'W' || n"), ("CellsTallied", "FALSE"));
        await CloneAsync(db, "Trials", $"\"SessionId\" = '{source}'", many, ("Id", "md5(t.\"Id\"::text || n)::uuid"), ("SessionId", "md5(t.\"SessionId\"::text || n)::uuid"), ("StimulusKey", "md5(t.\"StimulusKey\" || n)"));
        await CloneAsync(db, "Responses", $"\"TrialId\" IN (SELECT \"Id\" FROM \"Trials\" WHERE \"SessionId\" = '{source}')", many, ("TrialId", "md5(t.\"TrialId\"::text || n)::uuid"));
        await db.Database.ExecuteSqlRawAsync("ANALYZE");
        await transaction.CommitAsync();
        // Those who began, and the one whom the others are copies of.
        var all = many + Starts + 1;
        Assert.Equal(all, await db.Sessions.CountAsync());

        var watch = server.Services.CreateScope().ServiceProvider.GetRequiredService<StudyWatch>();
        // A page of finished sessions: those who have just begun come before them.
        const int page = 1 + Starts / StudyWatch.PageRows;
        var first = await TimeAsync("participants' page, first look", () => watch.LookAsync(study.Id, page));
        Assert.Equal((all, StudyWatch.PageRows), (first!.Funnel.Consented, first.Sessions.Count));
        Assert.All(first.Sessions, s => Assert.True(s.Judged));
        var strips = await TimeAsync("fifty participants of it, trial by trial", () => watch.StripsAsync(first.Sessions));
        Assert.All(strips.Values, s => Assert.Equal(s.Cells.Count, s.Answered));
        var again = await TimeAsync("participants' page, every look after", () => watch.LookAsync(study.Id, page));
        Assert.Equal(many + 1, again!.Funnel.Finished);
        Assert.Equal(many + 1, (await TimeAsync("list of studies", () => StudyMonitor.CountAsync(db, ObserverType.Human)))[study.Id].Completed);
        // As it is done in the background after each completion, here for all at once.
        await TimeAsync("digests of all sessions", async () =>
        {
            await server.Services.GetRequiredService<SessionDigests>().StoreMissingAsync();
            return true;
        }, TimeSpan.FromMinutes(20));
        var judged = await TimeAsync("participants' page, first look when all digests are there", () => watch.LookAsync(study.Id, page));
        Assert.Equal((0, many + 1), (judged!.Funnel.NotJudged, judged.Funnel.Finished));
        await TimeAsync("participants' page, another page", () => watch.LookAsync(study.Id, 1 + many / 2 / StudyWatch.PageRows));
        var digested = server.Services.GetRequiredService<DigestedStudy>();
        Assert.Equal(many + 1, (await TimeAsync("results", () => digested.ReadAsync(study.Id, new TrialFilter()))).Participants);
        var (now, begun) = await StartsAsync(server.Services, study);
        TestContext.Current.TestOutputHelper?.WriteLine($"participants begin: {few:0} a second at first, {now:0} a second after {many:N0} sessions; the first of these, which tallies them all, took {begun:0.00} s");
        await TimeAsync("system page", async () =>
        {
            await server.Services.GetRequiredService<SystemVitals>().LookAsync();
            return true;
        });
    }

    private const int Starts = 100;

    /// <summary>Sessions begun a second, one after the other, after a first one, which may have to tally what others left; and how long that took in seconds.</summary>
    private static async Task<(double PerSecond, double FirstSeconds)> StartsAsync(IServiceProvider services, Study study)
    {
        await using var db = await services.GetRequiredService<IDbContextFactory<StudyDb>>().CreateDbContextAsync();
        var version = await db.StudyVersions.Where(v => v.StudyId == study.Id).Select(v => v.Id).SingleAsync();
        var start = services.GetRequiredService<SessionStart>();
        var watch = Stopwatch.StartNew();
        await start.StartAsync(study.LinkKey, version, "test");
        var first = watch.Elapsed.TotalSeconds;
        watch.Restart();
        for (var n = 1; n < Starts; n++) await start.StartAsync(study.LinkKey, version, "test");
        return ((Starts - 1) / watch.Elapsed.TotalSeconds, first);
    }

    private static async Task<T> TimeAsync<T>(string what, Func<Task<T>> work, TimeSpan? most = null)
    {
        var watch = Stopwatch.StartNew();
        var result = await work();
        TestContext.Current.TestOutputHelper?.WriteLine($"{what}: {watch.Elapsed.TotalSeconds:0.00} s");
        Assert.True(watch.Elapsed < (most ?? TimeSpan.FromMinutes(2)), what);
        return result;
    }

    // Copies rows with other keys, and all else as it is.
    private static async Task CloneAsync(StudyDb db, string table, string which, int many, params (string Column, string Value)[] changed)
    {
        var columns = await db.Database.SqlQuery<string>($"SELECT column_name AS \"Value\" FROM information_schema.columns WHERE table_name = {table} AND table_schema = 'public' AND is_generated = 'NEVER'").ToListAsync();
        var values = columns.Select(c => changed.FirstOrDefault(x => x.Column == c).Value ?? $"t.\"{c}\"");
        var sql = $"INSERT INTO \"{table}\" ({string.Join(", ", columns.Select(c => $"\"{c}\""))}) SELECT {string.Join(", ", values)} FROM \"{table}\" t, generate_series(1, {many}) n WHERE t.{which}";
        await db.Database.ExecuteSqlRawAsync(sql);
    }
}

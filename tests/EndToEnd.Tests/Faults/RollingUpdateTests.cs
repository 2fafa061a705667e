using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Participation;
using PerceptionStudy.Server.Tests.Data;

namespace PerceptionStudy.EndToEnd.Tests.Faults;

/// <summary>Two server processes on one database and data folder, one after the other behind one address: participants notice nothing.</summary>
public sealed class RollingUpdateTests(PostgresServerProcess server) : IClassFixture<PostgresServerProcess>
{
    private const int Trials = 40;

    [Fact]
    public async Task Participants_go_on_while_the_server_is_replaced()
    {
        Assert.SkipWhen(PostgresCluster.Absent is not null, PostgresCluster.Absent ?? "");
        var study = await server.PublishAsync(categories: ["bear", "boat", "cat", "dog"], each: Trials / 4, practice: 0, mainTrials: Trials, catchTrials: 0);
        await using var proxy = await FaultProxy.StartAsync(server.Address, seed: 4);
        var start = new SessionStart(server.Services.GetRequiredService<IDbContextFactory<StudyDb>>(), TimeProvider.System);
        var (people, over) = (new List<ProtocolParticipant>(), false);
        async Task OneAfterTheOtherAsync(int seed)
        {
            while (!Volatile.Read(ref over))
            {
                var begun = await start.StartAsync(study.LinkKey, study.Version.Id, null);
                var person = new ProtocolParticipant(proxy.Address, begun.SessionId, begun.Token, seed);
                lock (people) people.Add(person);
                await person.TakePartAsync();
            }
        }

        var taking = Enumerable.Range(0, 6).Select(OneAfterTheOtherAsync).ToList();
        var next = server.Beside();
        await next.StartAsync();
        (proxy.Server, var stopped) = (next.Address, await server.StopAsync());
        Assert.Equal(0, stopped);
        await server.StartAsync();
        (proxy.Server, stopped) = (server.Address, await next.StopAsync());
        Assert.Equal(0, stopped);
        Volatile.Write(ref over, true);
        await Task.WhenAll(taking);

        await using var db = server.OpenDatabase();
        var stored = await (
            from s in db.Sessions where s.StudyVersionId == study.Version.Id
            from t in s.Trials select new { s.State, t.Id, Choice = t.Response == null ? null : t.Response.Choice }).ToListAsync();
        Assert.Equal(people.Count * Trials, stored.Count);
        Assert.All(stored, trial => Assert.Equal(SessionState.Completed, trial.State));
        var given = people.SelectMany(p => p.Given).ToDictionary(g => g.Key, g => g.Value);
        Assert.DoesNotContain(stored, trial => trial.Choice != given[trial.Id]);
        TestContext.Current.TestOutputHelper?.WriteLine($"{stored.Count} trials of {people.Count} sessions over two replacements: 0 lost, 0 double. {proxy.Tally}");
    }
}

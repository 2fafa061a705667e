using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PerceptionStudy.Server.Analysis.Simulation;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Participation;
using PerceptionStudy.Server.Studies;
using PerceptionStudy.Shared.Trials;

namespace PerceptionStudy.Server.Tests.Analysis;

/// <summary>People who take part as the player would: sessions with a place, answers with receipts.</summary>
public static class Participants
{
    /// <summary>Sends them through the latest version; each answers <paramref name="trials"/> trials, all by default, right as often as <paramref name="recognised"/> says, and as <paramref name="changed"/> makes it. Returns the sessions.</summary>
    public static async Task<List<Guid>> TakePartAsync(IServiceProvider services, Study study, int people, int? trials = null, Func<Trial, double>? recognised = null, Func<Trial, TrialResponse, TrialResponse>? changed = null)
    {
        var databases = services.GetRequiredService<IDbContextFactory<StudyDb>>();
        var start = new SessionStart(databases, TimeProvider.System);
        var receive = new ReceiveResponse(databases, new PublishedDesigns(), TimeProvider.System);
        await using var db = await databases.CreateDbContextAsync();
        var version = await db.StudyVersions.AsNoTracking().Where(v => v.StudyId == study.Id).OrderByDescending(v => v.Number).FirstAsync();
        var sessions = new List<Guid>();
        for (var n = 0; n < people; n++)
        {
            var session = (await start.StartAsync(study.LinkKey, version.Id, "test")).SessionId;
            var person = new SyntheticObserver(n + 1);
            foreach (var trial in await db.Trials.AsNoTracking().Where(t => t.SessionId == session).OrderBy(t => t.Position).Take(trials ?? int.MaxValue).ToListAsync())
            {
                var answer = person.Answer(trial, recognised?.Invoke(trial) ?? 0.6, version.Design);
                await receive.ReceiveAsync(session, changed?.Invoke(trial, answer) ?? answer);
            }
            sessions.Add(session);
        }
        return sessions;
    }
}

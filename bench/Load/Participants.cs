using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Participation;
using PerceptionStudy.Server.Tests.Participation;

namespace PerceptionStudy.Bench.Load;

/// <summary>A session that has begun, its key, and the trials that are not answered yet.</summary>
internal sealed record Person(Guid Session, string Token, Queue<Guid> Trials);

/// <summary>Lets people begin, by the code that serves them.</summary>
internal static class Participants
{
    // A study for each hundred, as on a server with several studies.
    private const int PerStudy = 100;

    public static async Task<List<Person>> BeginAsync(IServiceProvider services, int people, int trials)
    {
        var databases = services.GetRequiredService<IDbContextFactory<StudyDb>>();
        var start = new SessionStart(databases, TimeProvider.System);
        var begun = new List<Person>();
        TestStudy? study = null;
        for (var n = 0; n < people; n++)
        {
            await using var db = await databases.CreateDbContextAsync();
            if (n % PerStudy == 0)
                study = await TestStudy.PublishAsync(db, services.GetRequiredService<BlobStore>(), categories: ["bear", "boat", "cat", "dog"], each: (trials + 3) / 4, practice: 0, mainTrials: trials, catchTrials: 0);
            var session = await start.StartAsync(study!.LinkKey, study.Version.Id, "load");
            begun.Add(new Person(session.SessionId, session.Token, new Queue<Guid>(
                await db.Trials.Where(t => t.SessionId == session.SessionId).OrderBy(t => t.Position).Select(t => t.Id).ToListAsync())));
        }
        return begun;
    }
}

using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Accounts.Auditing;
using PerceptionStudy.Server.Data;

namespace PerceptionStudy.Server.Participation;

/// <summary>
/// Counts how often the first page of a study is opened. It counts in memory and writes every few seconds, so that nobody who opens the page waits
/// for a row that a crowd wants to write; a crash loses the last seconds of a count, nothing else.
/// </summary>
public sealed class DoorCounter(IDbContextFactory<StudyDb> databases, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, int> opened = new();

    /// <param name="linkKey">The key in the address of a study that is open.</param>
    public void Count(string linkKey) => opened.AddOrUpdate(linkKey, 1, (_, before) => before + 1);

    /// <summary>Writes what was counted.</summary>
    public async Task FlushAsync(CancellationToken cancel = default)
    {
        foreach (var linkKey in opened.Keys)
        {
            if (!opened.TryRemove(linkKey, out var more)) continue;
            try
            {
                await using var db = await databases.CreateDbContextAsync(cancel);
                await db.Studies.Where(s => s.LinkKey == linkKey).Unaudited("page loads are counted, nobody changes anything").ExecuteUpdateAsync(study => study.SetProperty(s => s.Opened, s => s.Opened + more), cancel);
            }
            catch (Exception problem) when (Rounds.IsOfDatabase(problem))
            {
                // The database is busy or away: the next round writes it.
                opened.AddOrUpdate(linkKey, more, (_, meanwhile) => meanwhile + more);
            }
        }
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Rounds.RunAsync(Pause, time, FlushAsync, stoppingToken);

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await FlushAsync(cancellationToken);
    }
}

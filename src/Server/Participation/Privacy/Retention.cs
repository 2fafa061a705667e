using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Accounts.Auditing;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Participation.Inviting;
using PerceptionStudy.Server.Studies;

namespace PerceptionStudy.Server.Participation.Privacy;

/// <summary>What a round deleted.</summary>
/// <param name="Ids">Sessions whose recruiter's ids went.</param>
/// <param name="Sessions">Sessions that went with their answers.</param>
public sealed record Deleted(int Ids, int Sessions);

/// <summary>
/// Deletes, every hour, what the time that a study promised has run out for. A clock that is wrong must not delete anything: where it has gone otherwise than the
/// time since the start of this process, nothing is deleted until the next start.
/// </summary>
public sealed partial class Retention(IDbContextFactory<StudyDb> databases, TimeProvider time, ILogger<Retention> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromHours(1);
    private static readonly TimeSpan MostDrift = TimeSpan.FromHours(1);

    private readonly DateTimeOffset startedAt = time.GetUtcNow();
    private readonly long started = time.GetTimestamp();

    /// <summary>Deletes what is due now.</summary>
    public async Task<Deleted> RunAsync(CancellationToken cancel = default)
    {
        var now = time.GetUtcNow();
        if ((now - startedAt - time.GetElapsedTime(started)).Duration() > MostDrift)
        {
            LogClock();
            return new Deleted(0, 0);
        }
        await using var db = await databases.CreateDbContextAsync(cancel);
        var (ids, sessions) = (0, 0);
        foreach (var version in await db.StudyVersions.AsNoTracking().ToListAsync(cancel))
        {
            var privacy = version.Design.Privacy;
            if (privacy.AnswersKeptDays is { } answers) sessions += await DeleteSessionsAsync(db, version, now.AddDays(-answers), cancel);
            if (privacy.IdsKeptDays is { } days) ids += await CutTiesAsync(db, version, now.AddDays(-days), cancel);
        }
        if (ids + sessions > 0) LogDeleted(ids, sessions);
        return new Deleted(ids, sessions);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Rounds.RunAsync(Pause, time, RunAsync, stoppingToken);

    private static async Task<int> DeleteSessionsAsync(StudyDb db, StudyVersion version, DateTimeOffset before, CancellationToken cancel)
    {
        var due = db.Sessions.Where(s => s.StudyVersionId == version.Id && s.LastSeenAt < before);
        if (!await due.AnyAsync(cancel)) return 0;
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        await Places.LockAsync(db.Studies.Where(s => s.Id == version.StudyId), cancel);
        await CellTallies.ForgetAsync(db, version.Id, cancel);
        var deleted = await due.ExecuteDeleteAsync(cancel);
        await transaction.CommitAsync(cancel);
        return deleted;
    }

    private static async Task<int> CutTiesAsync(StudyDb db, StudyVersion version, DateTimeOffset before, CancellationToken cancel)
    {
        var due = db.Sessions.Where(s => s.StudyVersionId == version.Id && s.LastSeenAt < before);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var recruits = db.Recruits.Where(r => due.Any(s => s.Id == r.SessionId) && (r.ParticipantId != null || r.SubmissionId != null));
        var codes = (await recruits.Where(r => r.Recruiter == RecruiterLink.Personal).Select(r => r.ParticipantId).ToListAsync(cancel)).Select(db.RecruiterIds.Open).OfType<string>().ToArray();
        await db.PersonalLinks.Where(l => l.StudyId == version.StudyId && codes.Contains(l.Code)).Unaudited("the time for which the note was kept is over").ExecuteUpdateAsync(link => link.SetProperty(l => l.Note, (string?)null), cancel);
        await db.SessionQuestionnaires.Where(q => q.Comments != null && due.Any(s => s.Id == q.SessionId)).ExecuteUpdateAsync(q => q.SetProperty(x => x.Comments, (string?)null), cancel);
        await due.Where(s => s.UserAgent != null).ExecuteUpdateAsync(session => session.SetProperty(s => s.UserAgent, (string?)null), cancel);
        var cut = await recruits.ExecuteUpdateAsync(recruit => recruit.SetProperty(r => r.ParticipantId, (string?)null).SetProperty(r => r.SubmissionId, (string?)null), cancel);
        await transaction.CommitAsync(cancel);
        return cut;
    }

    [LoggerMessage(LogLevel.Information, "The time that studies promised was over: the ties of {Ids} sessions to people were deleted, and {Sessions} whole sessions.")]
    private partial void LogDeleted(int ids, int sessions);

    [LoggerMessage(LogLevel.Warning, "The clock of this machine has jumped since the start: nothing is deleted by the time that studies promised before the server is started again.")]
    private partial void LogClock();
}

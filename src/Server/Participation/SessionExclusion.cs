using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Studies;

namespace PerceptionStudy.Server.Participation;

/// <summary>A researcher leaves a completed session out of the results, with a reason, or takes it in again. The answers are kept.</summary>
public sealed class SessionExclusion(IDbContextFactory<StudyDb> databases, TimeProvider time)
{
    /// <summary>The place and its cells of the design are given back.</summary>
    /// <exception cref="RefusedException">No reason, or the session is not completed.</exception>
    public async Task ExcludeAsync(Guid sessionId, string because, CancellationToken cancel = default)
    {
        if (string.IsNullOrWhiteSpace(because)) throw new RefusedException("Say why the session is left out: the reason is exported with the data.");
        await MoveAsync(sessionId, SessionState.Completed, SessionState.Excluded, SessionEventKind.Excluded, because.Trim(), "Only a completed session can be left out.", cancel);
    }

    /// <exception cref="RefusedException">The session is not left out.</exception>
    public Task RestoreAsync(Guid sessionId, CancellationToken cancel = default) =>
        MoveAsync(sessionId, SessionState.Excluded, SessionState.Completed, SessionEventKind.Restored, null, "This session is not left out.", cancel);

    private async Task MoveAsync(Guid sessionId, SessionState from, SessionState to, SessionEventKind kind, string? detail, string refusal, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var studyId = await db.Sessions.Where(s => s.Id == sessionId).Join(db.StudyVersions, s => s.StudyVersionId, v => v.Id, (_, version) => version.StudyId).FirstOrDefaultAsync(cancel);
        await db.DemandAsync(studyId, StudyRight.Exclude, cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var moved = await db.Sessions.Where(s => s.Id == sessionId && s.State == from).ExecuteUpdateAsync(session => session.SetProperty(s => s.State, to), cancel);
        if (moved == 0) throw new RefusedException(refusal);
        db.Note(sessionId, kind, time.GetUtcNow(), detail, studyId);
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
    }
}

using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Shared.Sessions;

namespace PerceptionStudy.Server.Participation;

/// <summary>The two ways in which a session ends: every planned response is stored, or the participant leaves.</summary>
public static class SessionEnd
{
    /// <summary>
    /// Completes the session if every planned response is stored; otherwise says how many are missing. Asked again, it gives the same code.
    /// </summary>
    public static async Task<SessionCompletion> CompleteAsync(StudyDb db, Guid sessionId, TimeProvider time, CancellationToken cancel = default)
    {
        var missing = await db.Trials.CountAsync(t => t.SessionId == sessionId && t.Response == null, cancel);
        if (missing > 0) return new SessionCompletion { Missing = missing };
        var now = time.GetUtcNow();
        var code = RandomNumberGenerator.GetString("ABCDEFGHJKLMNPQRSTUVWXYZ23456789", 8);
        await db.Sessions.Where(s => s.Id == sessionId && s.State == SessionState.Active)
            .ExecuteUpdateAsync(session => session
                .SetProperty(s => s.State, SessionState.Completed)
                .SetProperty(s => s.CompletedAt, now)
                .SetProperty(s => s.CompletionCode, code), cancel);
        return new SessionCompletion { Code = await db.Sessions.Where(s => s.Id == sessionId).Select(s => s.CompletionCode).FirstAsync(cancel) };
    }

    /// <summary>The participant leaves: the answers are deleted, the place is free again. Asked again, it changes nothing.</summary>
    /// <exception cref="ParticipantRefusedException">The session is complete already.</exception>
    public static async Task WithdrawAsync(StudyDb db, Guid sessionId, TimeProvider time, CancellationToken cancel = default)
    {
        var now = time.GetUtcNow();
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        // First the state: a response that arrives meanwhile waits for this row and then finds the session ended.
        await db.Sessions.Where(s => s.Id == sessionId && s.State == SessionState.Active)
            .ExecuteUpdateAsync(session => session.SetProperty(s => s.State, SessionState.Withdrawn).SetProperty(s => s.LastSeenAt, now), cancel);
        if (await db.Sessions.Where(s => s.Id == sessionId).Select(s => s.State).FirstAsync(cancel) == SessionState.Completed)
            throw new ParticipantRefusedException(StatusCodes.Status409Conflict, "You have completed this session: to have your answers deleted, write to the researchers and tell them your completion code.");
        await db.Responses.Where(r => db.Trials.Any(t => t.Id == r.TrialId && t.SessionId == sessionId)).ExecuteDeleteAsync(cancel);
        await db.SessionQuestionnaires.Where(q => q.SessionId == sessionId).ExecuteDeleteAsync(cancel);
        await db.SessionDigests.Where(d => d.SessionId == sessionId).ExecuteDeleteAsync(cancel);
        await transaction.CommitAsync(cancel);
    }
}

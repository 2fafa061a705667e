using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Studies;
using PerceptionStudy.Shared.Sessions;

namespace PerceptionStudy.Server.Participation;

/// <summary>The ways in which a session ends that the participant decides: every planned response is stored, or the participant stops or withdraws.</summary>
public static class SessionEnd
{
    private const int CompletionCodeLetters = 8;

    /// <summary>
    /// Completes the session if every planned response is stored; otherwise says how many are missing. A session whose place was given back
    /// completes too: who has answered everything has earned it. Asked again, it gives the same code.
    /// </summary>
    public static async Task<SessionCompletion> CompleteAsync(StudyDb db, PublishedDesigns designs, Guid sessionId, TimeProvider time, CancellationToken cancel = default)
    {
        var missing = await db.Trials.CountAsync(t => t.SessionId == sessionId && t.Response == null, cancel);
        if (missing > 0) return new SessionCompletion { Missing = missing };
        var open = await db.Sessions.AsNoTracking().FirstAsync(s => s.Id == sessionId, cancel);
        if (open.State is SessionState.Active or SessionState.Expired)
        {
            var now = time.GetUtcNow();
            var design = await designs.OfAsync(db, open.StudyVersionId, cancel);
            var code = design.Ends.Completed.Code ?? Codes.New(CompletionCodeLetters);
            var completed = await db.Sessions.Where(s => s.Id == sessionId && (s.State == SessionState.Active || s.State == SessionState.Expired))
                .ExecuteUpdateAsync(session => session
                    .SetProperty(s => s.State, SessionState.Completed)
                    .SetProperty(s => s.CompletedAt, now)
                    .SetProperty(s => s.CompletionCode, code), cancel);
            if (completed == 1) Telemetry.Session("completed");
        }
        return new SessionCompletion { Code = await db.Sessions.Where(s => s.Id == sessionId).Select(s => s.CompletionCode).FirstAsync(cancel) };
    }

    /// <summary>The participant stops: the answers are kept, the place is free again. A session that has ended stays as it is.</summary>
    public static async Task LeaveAsync(StudyDb db, Guid sessionId, TimeProvider time, CancellationToken cancel = default)
    {
        var now = time.GetUtcNow();
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        if (await EndAsync(db, sessionId, SessionState.Left, now, cancel)) db.Note(sessionId, SessionEventKind.Left, now);
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
    }

    /// <summary>
    /// The participant withdraws, now or long after the end. By the policy of the version that was agreed to, the answers are deleted, or stay
    /// without anything that ties them to the person. Asked again, it changes nothing.
    /// </summary>
    /// <returns>What became of the answers.</returns>
    public static async Task<WithdrawalPolicy> WithdrawAsync(StudyDb db, Guid sessionId, TimeProvider time, CancellationToken cancel = default)
    {
        var now = time.GetUtcNow();
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var policy = (await (
            from session in db.Sessions join version in db.StudyVersions.AsNoTracking() on session.StudyVersionId equals version.Id
            where session.Id == sessionId select version).IgnoreQueryFilters().FirstAsync(cancel)).Design.Withdrawal;
        if (policy == WithdrawalPolicy.Delete)
        {
            // First the state: a response that arrives meanwhile waits for this row and then finds the session ended.
            var first = await db.Sessions.Where(s => s.Id == sessionId && s.State != SessionState.Withdrawn)
                .ExecuteUpdateAsync(session => session.SetProperty(s => s.State, SessionState.Withdrawn).SetProperty(s => s.LastSeenAt, now).SetProperty(s => s.UserAgent, (string?)null), cancel);
            await db.Responses.Where(r => db.Trials.Any(t => t.Id == r.TrialId && t.SessionId == sessionId)).ExecuteDeleteAsync(cancel);
            // Which stages a closed loop chose would tell the answers.
            var loop = db.Trials.Where(t => t.SessionId == sessionId && db.AdaptiveDecisions.Any(d => d.TrialId == t.Id));
            await loop.ExecuteUpdateAsync(trial => trial.SetProperty(t => t.StageId, (Guid?)null).SetProperty(t => t.LossLevel, 0).SetProperty(t => t.StimulusId, (Guid?)null).SetProperty(t => t.SynthesisJobId, (Guid?)null), cancel);
            await db.AdaptiveDecisions.Where(d => db.Trials.Any(t => t.Id == d.TrialId && t.SessionId == sessionId)).ExecuteDeleteAsync(cancel);
            await db.SessionQuestionnaires.Where(q => q.SessionId == sessionId).ExecuteDeleteAsync(cancel);
            await db.SessionHeadphones.Where(h => h.SessionId == sessionId).ExecuteDeleteAsync(cancel);
            await db.SessionDigests.Where(d => d.SessionId == sessionId).ExecuteDeleteAsync(cancel);
            if (first == 1) db.Note(sessionId, SessionEventKind.Withdrawn, now, "answers deleted");
        }
        else
        {
            await EndAsync(db, sessionId, SessionState.Left, now, cancel);
            if (!await db.SessionEvents.AnyAsync(e => e.SessionId == sessionId && e.Kind == SessionEventKind.Withdrawn, cancel))
                db.Note(sessionId, SessionEventKind.Withdrawn, now, "answers kept");
        }
        await db.Recruits.Where(r => r.SessionId == sessionId).ExecuteUpdateAsync(recruit => recruit
            .SetProperty(r => r.ParticipantId, (string?)null).SetProperty(r => r.SubmissionId, (string?)null).SetProperty(r => r.ProjectId, (string?)null), cancel);
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return policy;
    }

    private static async Task<bool> EndAsync(StudyDb db, Guid sessionId, SessionState state, DateTimeOffset now, CancellationToken cancel) =>
        await db.Sessions.Where(s => s.Id == sessionId && (s.State == SessionState.Active || s.State == SessionState.Expired))
            .ExecuteUpdateAsync(session => session.SetProperty(s => s.State, state).SetProperty(s => s.LastSeenAt, now), cancel) == 1;
}

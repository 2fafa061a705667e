using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Shared;
using PerceptionStudy.Shared.Trials;

namespace PerceptionStudy.Server.Participation;

/// <summary>
/// Stores answers once each: one transaction for a batch, one row under each trial's key, commit, then the receipts. The same answer again, or
/// another answer to the same trial, gets the receipt of what is stored; so a browser may send as often as it likes. Correctness is judged here.
/// </summary>
public sealed class ReceiveResponse(IDbContextFactory<StudyDb> databases, PublishedDesigns designs, TimeProvider time)
{
    /// <summary>Stores one answer.</summary>
    /// <exception cref="ParticipantRefusedException">Not a trial of this session, not a choice of this study, or the session has ended.</exception>
    public async Task<ResponseReceipt> ReceiveAsync(Guid sessionId, TrialResponse answer, CancellationToken cancel = default)
    {
        var batch = await StoreAsync(sessionId, [answer], cancel);
        return batch.Refused is [var (_, refusal)] ? throw refusal : batch.Receipts[0];
    }

    /// <summary>Stores what can be stored of a batch, and says of each answer what became of it.</summary>
    public async Task<BatchReceipt> ReceiveAsync(Guid sessionId, IReadOnlyList<TrialResponse> answers, CancellationToken cancel = default)
    {
        var (receipts, refused) = await StoreAsync(sessionId, answers, cancel);
        return new BatchReceipt { Receipts = [.. receipts], Refused = [.. refused.Select(r => new RefusedResponse(r.TrialId, r.Refusal.Message))] };
    }

    private async Task<(List<ResponseReceipt> Receipts, List<(Guid TrialId, ParticipantRefusedException Refusal)> Refused)> StoreAsync(
        Guid sessionId, IReadOnlyList<TrialResponse> answers, CancellationToken cancel)
    {
        var now = time.GetStoredUtcNow();
        await using var db = await databases.CreateDbContextAsync(cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        // Writing the session's row first lets the answers of one session come one after the other, however they arrive. Answers are taken also
        // from who stopped early or failed the gate, since they were on their way, and from who was silent until the place was given back.
        var open = await db.Sessions
            .Where(s => s.Id == sessionId && (s.State == SessionState.Active || s.State == SessionState.Expired || s.State == SessionState.Left || s.State == SessionState.FailedGate))
            .ExecuteUpdateAsync(session => session.SetProperty(s => s.LastSeenAt, now), cancel) == 1;
        var trials = await AskedAsync(db, sessionId, [.. answers.Select(a => a.TrialId).Distinct()], cancel);

        var receipts = new List<ResponseReceipt>();
        var refused = new List<(Guid TrialId, ParticipantRefusedException Refusal)>();
        var fresh = new List<(AskedTrial Trial, TrialResponse Answer)>();
        foreach (var answer in answers)
        {
            var trial = trials.GetValueOrDefault(answer.TrialId);
            if (trial?.Stored is null && await WhyNotAsync(db, trial, answer, open, cancel) is { } refusal)
            {
                refused.Add((answer.TrialId, refusal));
                continue;
            }
            if (trial!.Stored is null)
            {
                db.Responses.Add(trial.Stored = RowOf(trial, answer, now));
                fresh.Add((trial, answer));
            }
            receipts.Add(ReceiptOf(trial, trial.Stored));
        }
        await SessionTroubles.NoteRefusedAsync(db, sessionId, [.. refused.Select(r => r.Refusal)], now, cancel);
        await db.SaveChangesAsync(cancel);
        await FollowAsync(db, sessionId, fresh, cancel);
        await transaction.CommitAsync(cancel);
        if (fresh.Count > 0) await SessionEnd.CompleteAsync(db, designs, sessionId, time, cancel);
        return (receipts, refused);
    }

    /// <summary>What follows from answers that have just been stored: trials that are shown again, and the judgement of the practice.</summary>
    private async Task FollowAsync(StudyDb db, Guid sessionId, List<(AskedTrial Trial, TrialResponse Answer)> fresh, CancellationToken cancel)
    {
        if (fresh.Count == 0) return;
        var design = await designs.OfAsync(db, fresh[0].Trial.StudyVersionId, cancel);
        foreach (var (trial, answer) in fresh.Where(f => f.Trial.Phase == TrialPhase.Main)) await BadTrialRepeat.AddAsync(db, design, trial.Id, answer.Timing, cancel);
        if (fresh.Any(f => f.Trial.Phase == TrialPhase.Practice)) await PracticeGate.JudgeAsync(db, design, sessionId, cancel);
    }

    private static async Task<Dictionary<Guid, AskedTrial>> AskedAsync(StudyDb db, Guid sessionId, Guid[] ids, CancellationToken cancel) => await (
        from t in db.Trials.AsNoTracking()
        join s in db.Sessions on t.SessionId equals s.Id
        where ids.Contains(t.Id) && t.SessionId == sessionId
        select new AskedTrial(t.Id, t.Phase, t.CorrectCategory, s.StudyVersionId) { Stored = t.Response }).ToDictionaryAsync(t => t.Id, cancel);

    /// <summary>Why an answer to a trial that has none is not stored, or null.</summary>
    private async Task<ParticipantRefusedException?> WhyNotAsync(StudyDb db, AskedTrial? trial, TrialResponse answer, bool open, CancellationToken cancel) =>
        trial is null ? new(StatusCodes.Status404NotFound, "This trial is not part of your session, so the answer was not stored.")
        : !open ? new(StatusCodes.Status409Conflict, "This session has ended, so the answer was not stored.")
        : ResponseRules.WhyNot(await designs.OfAsync(db, trial.StudyVersionId, cancel), answer) is { } problem ? new(StatusCodes.Status400BadRequest, problem)
        : null;

    private static Response RowOf(AskedTrial trial, TrialResponse answer, DateTimeOffset now) => new()
    {
        TrialId = trial.Id,
        Kind = answer.Kind,
        Choice = answer.Choice,
        Correct = answer.Choice == trial.CorrectCategory,
        ReactionTimeMs = answer.ReactionTimeMs,
        Confidence = answer.Confidence,
        ConfidenceTimeMs = answer.ConfidenceTimeMs,
        TimingJson = JsonSerializer.Serialize(answer.Timing, WireJson.Default.TrialTiming),
        ReceivedAt = now,
    };

    private static ResponseReceipt ReceiptOf(AskedTrial trial, Response stored) => new()
    {
        TrialId = trial.Id,
        Choice = stored.Choice,
        ReceivedAt = stored.ReceivedAt,
        CorrectChoice = trial.Phase == TrialPhase.Practice ? trial.CorrectCategory : null,
    };

    private sealed record AskedTrial(Guid Id, TrialPhase Phase, string CorrectCategory, Guid StudyVersionId)
    {
        /// <summary>The answer that is stored, or about to be.</summary>
        public Response? Stored { get; set; }
    }
}

using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Studies;
using PerceptionStudy.Shared;
using PerceptionStudy.Shared.Trials;

namespace PerceptionStudy.Server.Participation;

/// <summary>
/// Stores an answer once: one insert under the trial's key, commit, then the receipt. The same answer again, or another answer to the same
/// trial, gets the receipt of what is stored; so a browser may send as often as it likes. Correctness is judged here.
/// </summary>
public sealed class ReceiveResponse(IDbContextFactory<StudyDb> databases, PublishedDesigns designs, TimeProvider time)
{
    /// <exception cref="ParticipantRefusedException">Not a trial of this session, not a choice of this study, or the session has ended.</exception>
    public async Task<ResponseReceipt> ReceiveAsync(Guid sessionId, TrialResponse answer, CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var trial = await (
            from t in db.Trials
            join s in db.Sessions on t.SessionId equals s.Id
            where t.Id == answer.TrialId && t.SessionId == sessionId
            select new AskedTrial(t.Id, t.Phase, t.CorrectCategory, s.StudyVersionId)).FirstOrDefaultAsync(cancel)
            ?? throw new ParticipantRefusedException(StatusCodes.Status404NotFound, "This trial is not part of your session, so the answer was not stored.");
        if (await FindReceiptAsync(db, trial, cancel) is { } stored) return stored;

        var design = await designs.OfAsync(db, trial.StudyVersionId, cancel);
        if (ResponseRules.WhyNot(design, answer) is { } sentence) throw new ParticipantRefusedException(StatusCodes.Status400BadRequest, sentence);

        if (await InsertAsync(db, design, sessionId, trial, answer, cancel) is not { } receipt)
        {
            // Somebody else stored the answer first, or the session has ended.
            await using var fresh = await databases.CreateDbContextAsync(cancel);
            return await FindReceiptAsync(fresh, trial, cancel)
                ?? throw new ParticipantRefusedException(StatusCodes.Status409Conflict, "This session has ended, so the answer was not stored.");
        }
        await SessionEnd.CompleteAsync(db, sessionId, time, cancel);
        return receipt;
    }

    private async Task<ResponseReceipt?> InsertAsync(StudyDb db, StudyDesign design, Guid sessionId, AskedTrial trial, TrialResponse answer, CancellationToken cancel)
    {
        // PostgreSQL keeps microseconds: a repeated receipt has to say the same as the first.
        var now = time.GetUtcNow();
        now = now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond));
        var response = new Response
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

        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var active = await db.Sessions.Where(s => s.Id == sessionId && s.State == SessionState.Active)
            .ExecuteUpdateAsync(session => session.SetProperty(s => s.LastSeenAt, now), cancel);
        if (active == 0) return null;
        db.Responses.Add(response);
        try
        {
            await db.SaveChangesAsync(cancel);
            if (trial.Phase == TrialPhase.Main) await BadTrialRepeat.AddAsync(db, design, trial.Id, answer.Timing, cancel);
            else await PracticeGate.JudgeAsync(db, design, sessionId, cancel);
            await db.SaveChangesAsync(cancel);
        }
        catch (DbUpdateException) when (!cancel.IsCancellationRequested)
        {
            await transaction.RollbackAsync(cancel);
            if (await db.Responses.AsNoTracking().AnyAsync(r => r.TrialId == trial.Id, cancel)) return null;
            throw;
        }
        await transaction.CommitAsync(cancel);
        return ReceiptOf(trial, response);
    }

    private static async Task<ResponseReceipt?> FindReceiptAsync(StudyDb db, AskedTrial trial, CancellationToken cancel) =>
        await db.Responses.AsNoTracking().FirstOrDefaultAsync(r => r.TrialId == trial.Id, cancel) is { } stored ? ReceiptOf(trial, stored) : null;

    private static ResponseReceipt ReceiptOf(AskedTrial trial, Response stored) => new()
    {
        TrialId = trial.Id,
        Choice = stored.Choice,
        ReceivedAt = stored.ReceivedAt,
        CorrectChoice = trial.Phase == TrialPhase.Practice ? trial.CorrectCategory : null,
    };

    private sealed record AskedTrial(Guid Id, TrialPhase Phase, string CorrectCategory, Guid StudyVersionId);
}

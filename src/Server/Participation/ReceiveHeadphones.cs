using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Stimuli;
using PerceptionStudy.Shared.Sessions;

namespace PerceptionStudy.Server.Participation;

/// <summary>Stores and judges a headphone check, once; sent again, it gets the receipt of what is stored. Who does not pass has no more to do.</summary>
public static class ReceiveHeadphones
{
    /// <exception cref="ParticipantRefusedException">Not asked, not possible, or the session has ended.</exception>
    public static async Task<HeadphoneReceipt> ReceiveAsync(StudyDb db, PublishedDesigns designs, Session session, HeadphoneAnswers answers, TimeProvider time, CancellationToken cancel = default)
    {
        if (await FindAsync(db, session.Id, cancel) is { } stored) return stored;
        var design = await designs.OfAsync(db, session.StudyVersionId, cancel);
        if (design.Medium != StimulusMedium.Sound || !design.Sound.HeadphoneCheck || HeadphoneCheck.Score(session.Seed, answers.Quietest) is not { } correct)
            throw new ParticipantRefusedException(StatusCodes.Status400BadRequest, texts => texts.HeadphoneAnswersWrong);

        var (now, passed) = (time.GetStoredUtcNow(), correct >= design.Sound.PassMark);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        // Writing the row of the session keeps a withdrawal waiting until this is over.
        var there = await db.Sessions.Where(s => s.Id == session.Id && (s.State == SessionState.Active || s.State == SessionState.Expired))
            .ExecuteUpdateAsync(row => row.SetProperty(s => s.LastSeenAt, now).SetProperty(s => s.State, s => passed ? s.State : SessionState.FailedHeadphones), cancel);
        if (there == 0) throw new ParticipantRefusedException(StatusCodes.Status409Conflict, texts => texts.AlreadyLeft);
        db.SessionHeadphones.Add(new SessionHeadphones { SessionId = session.Id, Quietest = answers.Quietest, Correct = correct, Passed = passed, ReceivedAt = now });
        if (!passed) db.Note(session.Id, SessionEventKind.FailedHeadphones, now, $"{correct} of {answers.Quietest.Length} rounds");
        try
        {
            await db.SaveChangesAsync(cancel);
        }
        catch (DbUpdateException) when (!cancel.IsCancellationRequested)
        {
            await transaction.RollbackAsync(cancel);
            // Somebody else stored it first.
            if (await FindAsync(db, session.Id, cancel) is { } first) return first;
            throw;
        }
        await transaction.CommitAsync(cancel);
        return new HeadphoneReceipt(now);
    }

    private static async Task<HeadphoneReceipt?> FindAsync(StudyDb db, Guid sessionId, CancellationToken cancel) =>
        await db.SessionHeadphones.AsNoTracking().FirstOrDefaultAsync(h => h.SessionId == sessionId, cancel) is { } stored ? new HeadphoneReceipt(stored.ReceivedAt) : null;
}

using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Studies;
using PerceptionStudy.Shared.Sessions;
using PerceptionStudy.Shared.Texts;

namespace PerceptionStudy.Server.Participation;

/// <summary>Stores what a participant said about themselves, once; sent again, it gets the receipt of what is stored.</summary>
public static class ReceiveQuestionnaire
{
    /// <exception cref="ParticipantRefusedException">Not asked, not possible, or the participant has left.</exception>
    public static async Task<QuestionnaireReceipt> ReceiveAsync(
        StudyDb db, PublishedDesigns designs, Session session, QuestionnaireAnswers answers, TimeProvider time, CancellationToken cancel = default)
    {
        if (await FindAsync(db, session.Id, cancel) is { } stored) return stored;
        if (WhyNot((await designs.OfAsync(db, session.StudyVersionId, cancel)).Questionnaire, answers) is { } sentence)
            throw new ParticipantRefusedException(StatusCodes.Status400BadRequest, sentence);

        var now = time.GetStoredUtcNow();
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        // Writing the row of the session keeps a withdrawal waiting until this is over.
        var there = await db.Sessions.Where(s => s.Id == session.Id && s.State != SessionState.Withdrawn)
            .ExecuteUpdateAsync(row => row.SetProperty(s => s.LastSeenAt, now), cancel);
        if (there == 0) throw new ParticipantRefusedException(StatusCodes.Status409Conflict, texts => texts.AlreadyLeft);
        db.SessionQuestionnaires.Add(new SessionQuestionnaire
        {
            SessionId = session.Id, AgeYears = answers.AgeYears, Sex = answers.Sex, Vision = answers.Vision, Comments = answers.Comments, ReceivedAt = now,
        });
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
        return new QuestionnaireReceipt(now);
    }

    private static async Task<QuestionnaireReceipt?> FindAsync(StudyDb db, Guid sessionId, CancellationToken cancel) =>
        await db.SessionQuestionnaires.AsNoTracking().FirstOrDefaultAsync(q => q.SessionId == sessionId, cancel) is { } stored ? new QuestionnaireReceipt(stored.ReceivedAt) : null;

    private static Func<ParticipantTexts, string>? WhyNot(QuestionnaireSettings asked, QuestionnaireAnswers answers) =>
        answers.AgeYears is not null && !asked.Age || answers.Sex is not null && !asked.Sex || answers.Vision is not null && !asked.Vision || answers.Comments is not null && !asked.Comments
            ? texts => texts.NotAsked
        : answers.AgeYears is < 1 or > QuestionnaireAnswers.OldestYears ? texts => string.Format(texts.AgeImpossible, QuestionnaireAnswers.OldestYears)
        : answers.Comments?.Length > QuestionnaireAnswers.LongestComment ? texts => string.Format(texts.CommentTooLong, QuestionnaireAnswers.LongestComment)
        : null;
}

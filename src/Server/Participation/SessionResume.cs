using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Studies;
using PerceptionStudy.Shared.Texts;

namespace PerceptionStudy.Server.Participation;

/// <summary>Lets an interrupted session go on, within the time and the places of the study, and marks it.</summary>
public static class SessionResume
{
    /// <exception cref="ParticipantRefusedException">Too late, or the place was given on; the session is expired then.</exception>
    public static async Task ResumeAsync(StudyDb db, Guid sessionId, TimeProvider time, CancellationToken cancel = default)
    {
        var now = time.GetUtcNow();
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var study = await (
            from s in db.Sessions join v in db.StudyVersions on s.StudyVersionId equals v.Id join of in db.Studies on v.StudyId equals of.Id
            where s.Id == sessionId select of).IgnoreQueryFilters().AsNoTracking().FirstAsync(cancel);
        await Places.LockAsync(db, study.LinkKey, cancel);
        var session = await db.Sessions.AsNoTracking().FirstAsync(s => s.Id == sessionId, cancel);
        if (session.State is not (SessionState.Active or SessionState.Expired)) return;
        var design = (await db.StudyVersions.IgnoreQueryFilters().AsNoTracking().FirstAsync(v => v.Id == session.StudyVersionId, cancel)).Design;

        var late = design.Resume.WithinHours is { } hours && session.LastSeenAt < now.AddHours(-hours);
        Func<ParticipantTexts, string>? refusal = late ? texts => texts.ResumeTooLate
            : session.State == SessionState.Expired && !await Places.AreFreeAsync(db, study, cancel) ? texts => texts.PlaceGone : null;
        if (refusal is null)
        {
            await SetAsync(SessionState.Active, now, 1);
            db.Note(sessionId, SessionEventKind.Resumed, now);
        }
        else if (session.State == SessionState.Active)
        {
            await SetAsync(SessionState.Expired, session.LastSeenAt, 0);
            db.Note(sessionId, SessionEventKind.Expired, now);
        }
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        if (refusal is not null) throw new ParticipantRefusedException(StatusCodes.Status409Conflict, refusal);

        Task SetAsync(SessionState state, DateTimeOffset seen, int more) =>
            db.Sessions.Where(s => s.Id == sessionId).ExecuteUpdateAsync(s => s
                .SetProperty(x => x.State, state).SetProperty(x => x.LastSeenAt, seen).SetProperty(x => x.Resumptions, x => x.Resumptions + more), cancel);
    }
}

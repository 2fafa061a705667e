using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Accounts.Auditing;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Studies;

namespace PerceptionStudy.Server.Participation;

/// <summary>The places of a study: people whose session is under way or completed hold one, unless a rule left them out and the study gives such places on; all others have given it back.</summary>
public static class Places
{
    /// <summary>
    /// Writing a value onto itself locks the study's row on both databases: who starts now comes after who started before,
    /// so that the last place is given once, and the numbers and counts have no gaps. Call it first in the transaction.
    /// </summary>
    public static Task LockAsync(StudyDb db, string linkKey, CancellationToken cancel = default) =>
        LockAsync(db.Studies.Where(s => s.LinkKey == linkKey), cancel);

    /// <summary>The same for studies found otherwise.</summary>
    internal static Task LockAsync(IQueryable<Study> studies, CancellationToken cancel) =>
        studies.Unaudited("a value is written onto itself").ExecuteUpdateAsync(study => study.SetProperty(s => s.Places, s => s.Places), cancel);

    /// <summary>Places in use, in all versions of a study.</summary>
    /// <param name="silentSince">Sessions silent since before this moment do not count; null counts all.</param>
    public static Task<int> CountTakenAsync(StudyDb db, Guid studyId, DateTimeOffset? silentSince = null, CancellationToken cancel = default) =>
        People(db, studyId).CountAsync(s => (s.State == SessionState.Completed && s.PlaceGivenBack != true) || (s.State == SessionState.Active && (silentSince == null || s.LastSeenAt >= silentSince)), cancel);

    public static async Task<bool> AreFreeAsync(StudyDb db, Study study, CancellationToken cancel = default) =>
        study.Places is not { } places || await CountTakenAsync(db, study.Id, cancel: cancel) < places;

    /// <summary>Ends sessions that have been silent since before a moment. Call it within the transaction that holds the study's lock.</summary>
    public static async Task GiveBackSilentAsync(StudyDb db, Guid studyId, DateTimeOffset? silentSince, DateTimeOffset now, CancellationToken cancel = default)
    {
        if (silentSince is not { } moment) return;
        var silent = await People(db, studyId).Where(s => s.State == SessionState.Active && s.LastSeenAt < moment).Select(s => s.Id).ToListAsync(cancel);
        foreach (var id in silent)
        {
            // An answer may have arrived meanwhile.
            var ended = await db.Sessions.Where(s => s.Id == id && s.State == SessionState.Active && s.LastSeenAt < moment)
                .ExecuteUpdateAsync(session => session.SetProperty(s => s.State, SessionState.Expired), cancel);
            if (ended == 1) db.Note(id, SessionEventKind.Expired, now);
        }
    }

    private static IQueryable<Session> People(StudyDb db, Guid studyId) =>
        from session in db.Sessions
        join version in db.StudyVersions on session.StudyVersionId equals version.Id
        where version.StudyId == studyId && session.ObserverType == ObserverType.Human
        select session;
}

using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Participation.Inviting;
using PerceptionStudy.Server.Studies;

namespace PerceptionStudy.Server.Participation;

/// <summary>What a study's link leads to.</summary>
public enum DoorState
{
    NotFound,
    Closed,
    Full,

    /// <summary>The link holds no recruiter's id, and the study wants one.</summary>
    IdMissing,

    /// <summary>Somebody with the id in the link has begun, in another browser.</summary>
    IdTaken,

    /// <summary>A recruiter shows the page before the task is accepted.</summary>
    Preview,

    Open,
}

/// <summary>What the first page has to say: about the study, and about the sessions that this browser has in it already.</summary>
public sealed record StudyDoor(DoorState State, StudyDesign? Design, Guid VersionId, Session? Mine, RecruiterLink? Recruiter)
{
    /// <summary>Rough length of a session in minutes.</summary>
    public int Minutes => Design is null ? 0 : SessionLength.Minutes(Design);

    /// <summary>Pictures or sounds of a session.</summary>
    public int Trials => Design is null ? 0 : SessionLength.Trials(Design);

    /// <param name="db">The database.</param>
    /// <param name="linkKey">The key in the address.</param>
    /// <param name="query">The link's parameters.</param>
    /// <param name="tokensSha256">Hashes of the tokens that the browser holds.</param>
    /// <param name="now">The time, for places that have expired.</param>
    public static async Task<StudyDoor> FindAsync(
        StudyDb db, string linkKey, IQueryCollection query, string[] tokensSha256, DateTimeOffset now, CancellationToken cancel = default)
    {
        var study = await db.Studies.AsNoTracking().FirstOrDefaultAsync(s => s.LinkKey == linkKey, cancel);
        var version = study is null ? null : await db.StudyVersions.AsNoTracking().Where(v => v.StudyId == study.Id).OrderByDescending(v => v.Number).FirstOrDefaultAsync(cancel);
        if (study is null || version is null) return new StudyDoor(DoorState.NotFound, null, Guid.Empty, null, null);

        var design = version.Design;
        var recruiter = RecruiterLink.Read(query, design.Recruitment.IdParameter);
        var mine = await (
            from session in db.Sessions.AsNoTracking()
            join own in db.StudyVersions on session.StudyVersionId equals own.Id
            where own.StudyId == study.Id && tokensSha256.Contains(session.TokenSha256)
            select session).ToListAsync(cancel);
        // On a computer that several people use, the id in the link says whose session is meant.
        if (recruiter?.IdSha256(db, study.Id) is { } hash)
        {
            var ids = mine.Select(session => session.Id).ToArray();
            var others = await db.Recruits.Where(r => ids.Contains(r.SessionId) && r.IdSha256 != hash).Select(r => r.SessionId).ToListAsync(cancel);
            mine.RemoveAll(session => others.Contains(session.Id));
        }
        return new StudyDoor(await StateAsync(db, study, design.Recruitment, recruiter, now, cancel), design, version.Id, mine.MaxBy(session => session.StartedAt), recruiter);
    }

    private static async Task<DoorState> StateAsync(
        StudyDb db, Study study, RecruitmentSettings recruitment, RecruiterLink? recruiter, DateTimeOffset now, CancellationToken cancel)
    {
        if (study.State != StudyState.Open) return DoorState.Closed;
        if (recruiter is { IsPreview: true }) return DoorState.Preview;
        if (recruiter is null && recruitment.OnlyWithId || !await PersonalLinks.AreValidAsync(db, study.Id, recruiter, cancel)) return DoorState.IdMissing;
        if (recruiter is not null && !recruiter.MayRepeat(recruitment))
        {
            var hash = recruiter.IdSha256(db, study.Id);
            if (await db.Recruits.AnyAsync(r => r.StudyId == study.Id && r.IdSha256 == hash, cancel)) return DoorState.IdTaken;
        }
        var taken = study.Places is null ? 0 : await Places.CountTakenAsync(db, study.Id, recruitment.SilentSince(now), cancel);
        return taken >= study.Places ? DoorState.Full : DoorState.Open;
    }
}

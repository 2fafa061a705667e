using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Accounts.Api;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Studies;

namespace PerceptionStudy.Server.Participation.Inviting;

/// <summary>A personal link as the researchers' page lists it.</summary>
/// <param name="Participant">P1, P2, … once it is used; null before.</param>
public sealed record PersonalLinkLine(string Code, string? Note, DateTimeOffset CreatedAt, string? Participant, SessionState? State);

/// <summary>Makes personal links and tells which are used.</summary>
public sealed class PersonalLinks(IDbContextFactory<StudyDb> databases, TimeProvider time)
{
    public const int MostAtOnce = 1000;

    /// <summary>Makes one link for each note; a note may be empty.</summary>
    /// <exception cref="RefusedException">None, too many, or too long a note.</exception>
    public async Task MakeAsync(Guid studyId, IReadOnlyList<string?> notes, CancellationToken cancel = default)
    {
        if (notes.Count is 0 or > MostAtOnce) throw new RefusedException($"Make from 1 to {MostAtOnce} links at a time.");
        if (notes.FirstOrDefault(n => n?.Trim().Length > 200) is { } longOne) throw new RefusedException($"The note '{longOne[..40]}…' is longer than 200 characters: shorten it.");
        var now = time.GetUtcNow();
        await using var db = await databases.CreateDbContextAsync(cancel);
        await db.DemandAsync(studyId, StudyRight.Recruit, cancel);
        db.AddRange(notes.Select(note => new PersonalLink
        {
            Id = Guid.CreateVersion7(now), StudyId = studyId, Code = StudyPublisher.NewLinkKey(), Note = string.IsNullOrWhiteSpace(note) ? null : note.Trim(), CreatedAt = now,
        }));
        await db.SaveChangesAsync(cancel);
    }

    /// <summary>All links of a study, the newest first.</summary>
    public async Task<List<PersonalLinkLine>> ListAsync(Guid studyId, CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await db.DemandAsync(studyId, StudyRight.Recruit, cancel);
        return await LinesAsync(db, studyId, await db.PersonalLinks.AsNoTracking().Where(l => l.StudyId == studyId).OrderByDescending(l => l.Id).ToListAsync(cancel), cancel);
    }

    /// <summary>A page of a study's links, in the order in which they were made.</summary>
    public async Task<Page<PersonalLinkLine>> PageAsync(Guid studyId, PageQuery page, CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await db.DemandAsync(studyId, StudyRight.Recruit, cancel);
        var links = await db.PersonalLinks.AsNoTracking().Where(l => l.StudyId == studyId).PageAsync(page, cancel);
        return new Page<PersonalLinkLine>(await LinesAsync(db, studyId, links.Items, cancel), links.Next);
    }

    private static async Task<List<PersonalLinkLine>> LinesAsync(StudyDb db, Guid studyId, IReadOnlyList<PersonalLink> links, CancellationToken cancel)
    {
        var used = await (
            from recruit in db.Recruits
            join session in db.Sessions on recruit.SessionId equals session.Id
            where recruit.StudyId == studyId && recruit.Recruiter == RecruiterLink.Personal
            select new { recruit.IdSha256, session.Number, session.State }).ToDictionaryAsync(u => u.IdSha256, cancel);
        return [.. links.Select(l => used.GetValueOrDefault(new RecruiterLink(RecruiterLink.Personal, l.Code, null, null).IdSha256(db, studyId)) is { } by
            ? new PersonalLinkLine(l.Code, l.Note, l.CreatedAt, $"P{by.Number}", by.State)
            : new PersonalLinkLine(l.Code, l.Note, l.CreatedAt, null, null))];
    }

    /// <summary>Takes back a link that nobody has used.</summary>
    /// <exception cref="RefusedException">It is used.</exception>
    public async Task TakeBackAsync(Guid studyId, string code, CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await db.DemandAsync(studyId, StudyRight.Recruit, cancel);
        var hash = new RecruiterLink(RecruiterLink.Personal, code, null, null).IdSha256(db, studyId);
        if (await db.Recruits.AnyAsync(r => r.StudyId == studyId && r.IdSha256 == hash, cancel)) throw new RefusedException("Somebody has begun with this link, so it stays.");
        db.PersonalLinks.RemoveRange(await db.PersonalLinks.Where(l => l.StudyId == studyId && l.Code == code).ToListAsync(cancel));
        await db.SaveChangesAsync(cancel);
    }

    /// <summary>Whether an invitation may be used: any that is no personal link, and a personal link that was made here.</summary>
    internal static async Task<bool> AreValidAsync(StudyDb db, Guid studyId, RecruiterLink? link, CancellationToken cancel) =>
        link is not { Recruiter: RecruiterLink.Personal } || await db.PersonalLinks.AnyAsync(l => l.StudyId == studyId && l.Code == link.ParticipantId, cancel);
}

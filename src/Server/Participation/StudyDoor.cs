using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Studies;

namespace PerceptionStudy.Server.Participation;

/// <summary>What a study's link leads to.</summary>
public enum DoorState { NotFound, Closed, Full, Open }

/// <summary>What the first page has to say: about the study, and about the sessions that this browser has in it already.</summary>
public sealed record StudyDoor(DoorState State, StudyDesign? Design, Guid VersionId, Session? Mine)
{
    /// <summary>Rough length of a session in minutes: the phases, and two seconds for each answer.</summary>
    public int Minutes => Design is null ? 0 : (int)Math.Ceiling(
        Pictures * (Design.Durations.BlankMs + Design.Durations.FixationMs + Design.Durations.StimulusMs + Design.Durations.MaskMs + 2000) / 60_000.0);

    public int Pictures => Design is null ? 0 : Design.PracticeStimuli.Length + Design.MainTrials + Design.CatchTrials;

    /// <param name="db">The database.</param>
    /// <param name="linkKey">The key in the address.</param>
    /// <param name="tokensSha256">Hashes of the tokens that the browser holds.</param>
    public static async Task<StudyDoor> FindAsync(StudyDb db, string linkKey, string[] tokensSha256, CancellationToken cancel = default)
    {
        var study = await db.Studies.AsNoTracking().FirstOrDefaultAsync(s => s.LinkKey == linkKey, cancel);
        var version = study is null ? null : await db.StudyVersions.AsNoTracking().Where(v => v.StudyId == study.Id).OrderByDescending(v => v.Number).FirstOrDefaultAsync(cancel);
        if (study is null || version is null) return new StudyDoor(DoorState.NotFound, null, Guid.Empty, null);

        var mine = await (
            from session in db.Sessions.AsNoTracking()
            join own in db.StudyVersions on session.StudyVersionId equals own.Id
            where own.StudyId == study.Id && tokensSha256.Contains(session.TokenSha256) && session.State != SessionState.Withdrawn
            select session).ToListAsync(cancel);
        var state = study.State != StudyState.Open ? DoorState.Closed
            : study.Places is { } places && await SessionStart.TakenPlacesAsync(db, study.Id, cancel) >= places ? DoorState.Full
            : DoorState.Open;
        return new StudyDoor(state, version.Design, version.Id, mine.MaxBy(session => session.StartedAt));
    }
}

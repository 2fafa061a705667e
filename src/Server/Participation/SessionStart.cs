using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Studies;

namespace PerceptionStudy.Server.Participation;

/// <summary>A session that has just begun, and the token for the browser; it is not stored anywhere else.</summary>
public sealed record StartedSession(Guid SessionId, string Token);

/// <summary>Begins sessions: finds a free place, draws the trials, stores both in one transaction.</summary>
public sealed class SessionStart(IDbContextFactory<StudyDb> databases, TimeProvider time)
{
    /// <summary>Begins the session of a person who agreed to the consent text of <paramref name="readVersionId"/>.</summary>
    /// <exception cref="ParticipantRefusedException">No such study, not open, changed since it was read, or full.</exception>
    public async Task<StartedSession> StartAsync(string linkKey, Guid readVersionId, string? userAgent, CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        // Writing a value onto itself locks the study's row on both databases: who starts now comes after who started before,
        // so that the last place is given once and the numbers and counts have no gaps.
        await db.Studies.Where(s => s.LinkKey == linkKey).ExecuteUpdateAsync(study => study.SetProperty(s => s.Places, s => s.Places), cancel);

        var study = await db.Studies.AsNoTracking().FirstOrDefaultAsync(s => s.LinkKey == linkKey, cancel)
            ?? throw new ParticipantRefusedException(StatusCodes.Status404NotFound, "There is no study at this address: check the link that you were given.");
        if (study.State != StudyState.Open)
            throw new ParticipantRefusedException(StatusCodes.Status409Conflict, "This study is not open: nobody can take part at the moment.");
        var version = await db.StudyVersions.AsNoTracking().Where(v => v.StudyId == study.Id).OrderByDescending(v => v.Number).FirstAsync(cancel);
        if (version.Id != readVersionId)
            throw new ParticipantRefusedException(StatusCodes.Status409Conflict, "The study was changed while you were reading: please read this page again.");
        if (study.Places is { } places && await TakenPlacesAsync(db, study.Id, cancel) >= places)
            throw new ParticipantRefusedException(StatusCodes.Status409Conflict, "All places of this study are taken: thank you for your interest.");

        var token = ParticipantToken.New();
        var session = await DrawAsync(db, version, ObserverType.Human, RandomNumberGenerator.GetInt32(int.MaxValue), ParticipantToken.Sha256(token), cancel);
        session.UserAgent = userAgent is { Length: > 512 } ? userAgent[..512] : userAgent;
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return new StartedSession(session.Id, token);
    }

    /// <summary>Begins the session of a simulated observer: same sequence, same rows, but it takes no place and no browser can enter it.</summary>
    public async Task<Guid> StartSyntheticAsync(Guid versionId, int seed, CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var version = await db.StudyVersions.AsNoTracking().FirstAsync(v => v.Id == versionId, cancel);
        await db.Studies.Where(s => s.Id == version.StudyId).ExecuteUpdateAsync(study => study.SetProperty(s => s.Places, s => s.Places), cancel);
        var session = await DrawAsync(db, version, ObserverType.Synthetic, seed, ParticipantToken.Sha256(ParticipantToken.New()), cancel);
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return session.Id;
    }

    /// <summary>Places in use: people whose session is active or completed, in all versions of a study.</summary>
    public static Task<int> TakenPlacesAsync(StudyDb db, Guid studyId, CancellationToken cancel = default) =>
        (from session in db.Sessions
         join version in db.StudyVersions on session.StudyVersionId equals version.Id
         where version.StudyId == studyId && session.ObserverType == ObserverType.Human && session.State != SessionState.Withdrawn
         select session.Id).CountAsync(cancel);

    private async Task<Session> DrawAsync(StudyDb db, StudyVersion version, ObserverType observer, int seed, string tokenSha256, CancellationToken cancel)
    {
        var design = version.Design;
        var stimuli = await TrialStimuli.LoadAsync(db, design, cancel);
        var soFar = await TrialStimuli.CountCellsAsync(db, version.Id, observer, cancel);
        var lastNumber = await db.Sessions.Where(s => s.StudyVersionId == version.Id).MaxAsync(s => (int?)s.Number, cancel) ?? 0;
        var now = time.GetUtcNow();
        var session = new Session
        {
            Id = Guid.CreateVersion7(now),
            StudyVersionId = version.Id,
            Number = lastNumber + 1,
            ObserverType = observer,
            State = SessionState.Active,
            TokenSha256 = tokenSha256,
            Seed = seed,
            ConsentSha256 = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(design.Consent))),
            StartedAt = now,
            LastSeenAt = now,
        };
        session.Trials.AddRange(TrialSequence.Draw(design, stimuli, soFar, seed).Select((planned, position) => RowOf(planned, position, session.Id)));
        db.Sessions.Add(session);
        return session;
    }

    private static Trial RowOf(PlannedTrial planned, int position, Guid sessionId) => new()
    {
        // Random, not in order of time: neither the key of a trial nor the address of its picture tells anything.
        Id = Guid.NewGuid(),
        StimulusKey = RandomNumberGenerator.GetHexString(32, lowercase: true),
        SessionId = sessionId,
        Position = position,
        Phase = planned.Phase,
        IsCatch = planned.IsCatch,
        StimulusId = planned.StimulusId,
        NaturalStimulusId = planned.NaturalStimulusId,
        ModelId = planned.Condition.ModelId,
        StageId = planned.Condition.StageId,
        Swapped = planned.Swapped,
        CorrectCategory = planned.CorrectCategory,
        MaskSeed = planned.MaskSeed,
    };
}

using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Participation.Inviting;
using PerceptionStudy.Server.Studies;

namespace PerceptionStudy.Server.Participation;

/// <summary>A session that has just begun, and the token for the browser; it is not stored anywhere else.</summary>
public sealed record StartedSession(Guid SessionId, string Token);

/// <summary>Somebody who wants to begin.</summary>
/// <param name="ReadVersionId">The version whose consent text was read.</param>
public sealed record Arrival(string LinkKey, Guid ReadVersionId)
{
    public string? UserAgent { get; init; }

    /// <summary>What the recruiter put into the link, or null.</summary>
    public RecruiterLink? Recruiter { get; init; }

    /// <summary>Whether every statement of the screening is true.</summary>
    public bool PassesScreening { get; init; } = true;
}

/// <summary>Begins sessions: finds a free place, draws the trials, stores both in one transaction.</summary>
public sealed class SessionStart(IDbContextFactory<StudyDb> databases, TimeProvider time) : IDisposable
{
    // The study's lock lets one begin at a time anyway. Those who wait here hold no connection, so a crowd does not use them all up.
    private readonly SemaphoreSlim oneAtATime = new(1);

    /// <summary>Begins the session of a person who agreed to the consent text. Who is screened out gets a session that has ended.</summary>
    /// <exception cref="ParticipantRefusedException">No such study, not open, changed since it was read, full, or the id has taken part.</exception>
    public async Task<StartedSession> StartAsync(Arrival arrival, CancellationToken cancel = default)
    {
        await oneAtATime.WaitAsync(cancel);
        try
        {
            return await BeginAsync(arrival, cancel);
        }
        finally
        {
            oneAtATime.Release();
        }
    }

    private async Task<StartedSession> BeginAsync(Arrival arrival, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        await Places.LockAsync(db, arrival.LinkKey, cancel);
        var study = await db.Studies.AsNoTracking().FirstOrDefaultAsync(s => s.LinkKey == arrival.LinkKey, cancel)
            ?? throw new ParticipantRefusedException(StatusCodes.Status404NotFound, texts => texts.NoStudyWhy);
        if (study.State != StudyState.Open)
            throw new ParticipantRefusedException(StatusCodes.Status409Conflict, texts => texts.NotOpen);
        var version = await db.StudyVersions.AsNoTracking().Where(v => v.StudyId == study.Id).OrderByDescending(v => v.Number).FirstAsync(cancel);
        if (version.Id != arrival.ReadVersionId)
            throw new ParticipantRefusedException(StatusCodes.Status409Conflict, texts => texts.ReadAgain);
        var design = version.Design;
        var now = time.GetUtcNow();
        await Places.GiveBackSilentAsync(db, study.Id, design.Recruitment.SilentSince(now), now, cancel);
        var free = await Places.AreFreeAsync(db, study, cancel);
        if (arrival.PassesScreening && !free)
            throw new ParticipantRefusedException(StatusCodes.Status409Conflict, texts => texts.Full);

        var token = ParticipantToken.New();
        var session = await NewSessionAsync(db, version, ObserverType.Human, null, token, cancel);
        session.UserAgent = Short(arrival.UserAgent);
        await RegisterAsync(db, study, design.Recruitment, session.Id, arrival.Recruiter, cancel);
        if (arrival.PassesScreening)
        {
            await DrawAsync(db, session, version, design, cancel);
        }
        else
        {
            session.State = SessionState.ScreenedOut;
            db.Note(session.Id, SessionEventKind.ScreenedOut, now);
        }
        db.Sessions.Add(session);
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        Telemetry.Session("began");
        return new StartedSession(session.Id, token);
    }

    /// <summary>The same for somebody who came by the plain link.</summary>
    public Task<StartedSession> StartAsync(string linkKey, Guid readVersionId, string? userAgent, CancellationToken cancel = default) =>
        StartAsync(new Arrival(linkKey, readVersionId) { UserAgent = userAgent }, cancel);

    /// <summary>Begins the session of a simulated observer of a version or a frozen draft: same sequence, same rows, but it takes no place and no browser can enter it.</summary>
    public async Task<Guid> StartSyntheticAsync(Guid versionId, int seed, CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var version = await db.StudyVersions.IgnoreQueryFilters().AsNoTracking().FirstAsync(v => v.Id == versionId, cancel);
        await Places.LockAsync(db.Studies.Where(s => s.Id == version.StudyId), cancel);
        var session = await NewSessionAsync(db, version, ObserverType.Synthetic, seed, ParticipantToken.New(), cancel);
        await DrawAsync(db, session, version, version.Design, cancel);
        db.Sessions.Add(session);
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return session.Id;
    }

    /// <summary>Begins the session of a researcher who tries a frozen draft: as a participant's, but it takes no place and is counted nowhere.</summary>
    public async Task<StartedSession> StartPreviewAsync(Guid versionId, string? userAgent, CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var version = await db.StudyVersions.IgnoreQueryFilters().AsNoTracking().FirstOrDefaultAsync(v => v.Id == versionId && v.Number < 0, cancel)
            ?? throw new ParticipantRefusedException(StatusCodes.Status404NotFound, texts => texts.NoStudyWhy);
        await Places.LockAsync(db.Studies.Where(s => s.Id == version.StudyId), cancel);
        var token = ParticipantToken.New();
        var session = await NewSessionAsync(db, version, ObserverType.Preview, RandomNumberGenerator.GetInt32(int.MaxValue), token, cancel);
        session.UserAgent = Short(userAgent);
        await DrawAsync(db, session, version, version.Design, cancel);
        db.Sessions.Add(session);
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return new StartedSession(session.Id, token);
    }

    public void Dispose() => oneAtATime.Dispose();

    private static string? Short(string? userAgent) => userAgent is { Length: > 512 } longOne ? longOne[..512] : userAgent;

    private async Task<Session> NewSessionAsync(StudyDb db, StudyVersion version, ObserverType observer, int? seed, string token, CancellationToken cancel)
    {
        var lastNumber = await db.Sessions.Where(s => s.StudyVersionId == version.Id).MaxAsync(s => (int?)s.Number, cancel) ?? 0;
        var now = time.GetUtcNow();
        return new Session
        {
            Id = Guid.CreateVersion7(now),
            StudyVersionId = version.Id,
            Number = lastNumber + 1,
            ObserverType = observer,
            State = SessionState.Active,
            TokenSha256 = ParticipantToken.Sha256(token),
            WithdrawCode = Codes.New(10),
            Seed = seed ?? SeedOf(version, lastNumber + 1),
            ConsentSha256 = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(version.Design.Consent))),
            StartedAt = now,
            LastSeenAt = now,
        };
    }

    /// <summary>The seed of a session from that of its version and its number: the same on every installation, and another for every session.</summary>
    public static int SeedOf(StudyVersion version, int number) =>
        BinaryPrimitives.ReadInt32LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"{version.Seed}:{number}"))) & int.MaxValue;

    private static async Task RegisterAsync(StudyDb db, Study study, RecruitmentSettings settings, Guid sessionId, RecruiterLink? link, CancellationToken cancel)
    {
        if (link is null or { IsPreview: true })
        {
            if (settings.OnlyWithId)
                throw new ParticipantRefusedException(StatusCodes.Status403Forbidden, texts => texts.IdMissing);
            return;
        }
        if (!await PersonalLinks.AreValidAsync(db, study.Id, link, cancel))
            throw new ParticipantRefusedException(StatusCodes.Status403Forbidden, texts => texts.IdMissing);
        var hash = link.IdSha256(db, study.Id);
        var before = await db.Recruits.CountAsync(r => r.StudyId == study.Id && r.IdSha256 == hash, cancel);
        if (before > 0 && !link.MayRepeat(settings))
            throw new ParticipantRefusedException(StatusCodes.Status409Conflict, texts => texts.IdTaken);
        db.Recruits.Add(new Recruit
        {
            SessionId = sessionId, StudyId = study.Id, Recruiter = link.Recruiter, IdSha256 = hash, Repeat = before,
            ParticipantId = db.RecruiterIds.Seal(link.ParticipantId), SubmissionId = db.RecruiterIds.Seal(link.SubmissionId), ProjectId = link.ProjectId,
        });
    }

    private async Task DrawAsync(StudyDb db, Session session, StudyVersion version, StudyDesign design, CancellationToken cancel)
    {
        var stimuli = await TrialStimuli.LoadAsync(db, design, cancel);
        // The trials of a closed loop change their conditions while it runs.
        var soFar = session.ObserverType == ObserverType.Human && !design.Adaptive.Any
            ? await CellTallies.TallyAsync(db, version.Id, cancel)
            : await CellTallies.CountAsync(db, version.Id, session.ObserverType, cancel);
        var planned = TrialSequence.Draw(design, stimuli, soFar, session.Seed);
        // A simulated observer sees nothing: nothing is made for it, and nothing waits.
        var late = design.SettlesLate && session.ObserverType != ObserverType.Synthetic;
        session.Trials.AddRange(planned.Select((trial, position) => RowOf(trial, position, session.Id, late)));

        var now = time.GetUtcNow();
        if (planned.Count(t => t.Swapped) is > 0 and var replaced)
            db.Note(session.Id, SessionEventKind.MetamersReplaced, now, $"{replaced} trials show the natural stimulus");
        if (design.MainTrials - planned.Count(t => t.Phase == TrialPhase.Main && !t.IsCatch) is > 0 and var leftOut)
            db.Note(session.Id, SessionEventKind.TrialsLeftOut, now, $"{leftOut} of {design.MainTrials} main trials");
    }

    private static Trial RowOf(PlannedTrial planned, int position, Guid sessionId, bool late) => new()
    {
        // Random, not in order of time: neither the key of a trial nor the address of its picture tells anything.
        Id = Guid.NewGuid(),
        StimulusKey = RandomNumberGenerator.GetHexString(32, lowercase: true),
        SessionId = sessionId,
        Position = position,
        Phase = planned.Phase,
        IsCatch = planned.IsCatch,
        IsScored = planned.IsScored,
        StimulusId = planned.StimulusId,
        NaturalStimulusId = planned.NaturalStimulusId,
        ModelId = planned.Condition.ModelId,
        StageId = planned.Condition.StageId,
        LossLevel = planned.Condition.LossLevel,
        Swapped = planned.Swapped,
        IsOpen = late && planned.Phase == TrialPhase.Main,
        OnDemand = planned.OnDemand,
        CorrectCategory = planned.CorrectCategory,
        MaskSeed = planned.MaskSeed,
        Choices = planned.Choices,
    };
}

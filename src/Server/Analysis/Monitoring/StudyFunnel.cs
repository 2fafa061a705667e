using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Analysis.Digests;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Participation;
using PerceptionStudy.Server.Studies;
using PerceptionStudy.Shared.Trials;

namespace PerceptionStudy.Server.Analysis.Monitoring;

/// <summary>How many people came how far, and where the others went.</summary>
/// <param name="Opened">Loads of the first page while the study was open: not people, for somebody may load it twice.</param>
/// <param name="Consented">Pressed the button.</param>
/// <param name="PassedChecks">Were neither screened out nor failed the gate, and answered a main trial.</param>
/// <param name="Finished">Every planned answer is stored.</param>
/// <param name="Counted">Of these, the ones that no rule and no researcher leaves out.</param>
public sealed record StudyFunnel(long Opened, int Consented, int PassedChecks, int Finished, int Counted)
{
    public int InProgress { get; init; }

    /// <summary>Began, and have been silent for a while; they can go on.</summary>
    public int Interrupted { get; init; }

    public int ScreenedOut { get; init; }
    public int FailedHeadphones { get; init; }
    public int FailedGate { get; init; }
    public int StoppedEarly { get; init; }
    public int Withdrawn { get; init; }
    public int TimedOut { get; init; }
    public int ExcludedByRule { get; init; }
    public int LeftOut { get; init; }

    /// <summary>Sessions that hold a place.</summary>
    [JsonIgnore]
    public int PlacesTaken { get; init; }

    /// <summary>Completed sessions to which the rules of the design were applied.</summary>
    [JsonIgnore]
    public int Judged { get; init; }

    /// <summary>Of these, the ones whose timing is bad (<see cref="StudyAlarms.BadSessionFrom"/>).</summary>
    [JsonIgnore]
    public int BadTiming { get; init; }

    /// <summary>Completed sessions to which the rules have still to be applied: there are many, and their trials are read in the background.</summary>
    [JsonIgnore]
    public int NotJudged { get; init; }

    /// <summary>Counted by the database, so that it takes about as long for a hundred thousand people as for ten.</summary>
    public static async Task<StudyFunnel> LoadAsync(StudyDb db, Study study, DateTimeOffset now, CancellationToken cancel = default)
    {
        var sessions =
            from session in db.Sessions
            join version in db.StudyVersions on session.StudyVersionId equals version.Id
            where version.StudyId == study.Id && session.ObserverType == ObserverType.Human
            select session;
        var silentSince = now - SessionLine.Patience;
        var counts = await sessions.GroupBy(s => s.State).Select(s => new { State = s.Key, Count = s.Count(), Silent = s.Count(x => x.LastSeenAt < silentSince) })
            .ToDictionaryAsync(s => s.State, cancel);
        // Most sessions of a large study are complete: nobody looks at their trials for that.
        var reached = await sessions.CountAsync(s => s.State != SessionState.Completed && s.State != SessionState.Excluded && s.Trials.Any(t => t.Phase == TrialPhase.Main && t.Response != null), cancel);
        var judged = await (
            from session in sessions
            join digest in db.SessionDigests on session.Id equals digest.SessionId
            where session.State == SessionState.Completed && digest.Format == TrialDigest.Format
            group digest by 1 into all
            select new { Count = all.Count(), Excluded = all.Count(d => d.ExcludedBecause != null), Bad = all.Count(d => d.BadTrials >= StudyAlarms.BadSessionFrom) }).SingleOrDefaultAsync(cancel);
        int Count(SessionState state) => counts.GetValueOrDefault(state)?.Count ?? 0;
        var (completed, interrupted) = (Count(SessionState.Completed), counts.GetValueOrDefault(SessionState.Active)?.Silent ?? 0);
        var finished = completed + Count(SessionState.Excluded);
        return new StudyFunnel(study.Opened, counts.Values.Sum(c => c.Count), finished + reached, finished, completed - (judged?.Excluded ?? 0))
        {
            InProgress = Count(SessionState.Active) - interrupted,
            Interrupted = interrupted,
            ScreenedOut = Count(SessionState.ScreenedOut),
            FailedHeadphones = Count(SessionState.FailedHeadphones),
            FailedGate = Count(SessionState.FailedGate),
            StoppedEarly = Count(SessionState.Left),
            Withdrawn = Count(SessionState.Withdrawn),
            TimedOut = Count(SessionState.Expired),
            ExcludedByRule = judged?.Excluded ?? 0,
            LeftOut = Count(SessionState.Excluded),
            PlacesTaken = await Places.CountTakenAsync(db, study.Id, cancel: cancel),
            Judged = judged?.Count ?? 0,
            BadTiming = judged?.Bad ?? 0,
            NotJudged = completed - (judged?.Count ?? 0),
        };
    }
}

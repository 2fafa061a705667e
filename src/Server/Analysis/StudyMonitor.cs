using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Analysis.Digests;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Participation;
using PerceptionStudy.Server.Studies;

namespace PerceptionStudy.Server.Analysis;

/// <summary>How a study stands: sessions of one kind of observer.</summary>
/// <param name="GivenBack">Completed ones that a rule leaves out and whose place the study gives on.</param>
public sealed record StudyProgress(int Active, int Completed, int Withdrawn, DateTimeOffset? LastSeenAt, int GivenBack = 0)
{
    public static readonly StudyProgress None = new(0, 0, 0, null);
}

/// <summary>Counts sessions for the researchers' pages.</summary>
public static class StudyMonitor
{
    /// <summary>Progress by study; a study without sessions of that kind is absent.</summary>
    /// <param name="drafts">Sessions of frozen drafts instead of those of published versions.</param>
    public static async Task<Dictionary<Guid, StudyProgress>> CountAsync(StudyDb db, ObserverType observers, bool drafts = false, CancellationToken cancel = default)
    {
        var counts = await (
            from session in db.Sessions
            join version in db.StudyVersions.IgnoreQueryFilters() on session.StudyVersionId equals version.Id
            where session.ObserverType == observers && version.Number < 0 == drafts
            group session by new { version.StudyId, session.State } into sessions
            select new { sessions.Key.StudyId, sessions.Key.State, Count = sessions.Count(), GivenBack = sessions.Count(s => s.PlaceGivenBack == true), LastSeenAt = sessions.Max(s => s.LastSeenAt) }).ToListAsync(cancel);
        return counts.GroupBy(c => c.StudyId).ToDictionary(study => study.Key, study =>
        {
            int Count(SessionState state) => study.FirstOrDefault(c => c.State == state)?.Count ?? 0;
            return new StudyProgress(Count(SessionState.Active), Count(SessionState.Completed), study.Where(c => c.State is not (SessionState.Active or SessionState.Completed)).Sum(c => c.Count), study.Max(c => c.LastSeenAt), study.Sum(c => c.State == SessionState.Completed ? c.GivenBack : 0));
        });
    }

    /// <summary>Some of the sessions of people in all versions of a study, the latest first.</summary>
    /// <param name="skip">So many later ones are left out.</param>
    /// <param name="most">At most so many are read.</param>
    public static async Task<List<SessionLine>> SessionsAsync(StudyDb db, Guid studyId, int skip = 0, int most = int.MaxValue, CancellationToken cancel = default)
    {
        var lines = await (
            from session in db.Sessions
            join version in db.StudyVersions on session.StudyVersionId equals version.Id
            where version.StudyId == studyId && session.ObserverType == ObserverType.Human
            orderby session.StartedAt descending, session.Id
            select new
            {
                session.Id, Version = version.Number, session.Number, session.State, session.StartedAt, session.LastSeenAt, session.CompletionCode, session.UserAgent,
                Recruiter = db.Recruits.Where(r => r.SessionId == session.Id).Select(r => r.Recruiter).FirstOrDefault(),
                Digest = db.SessionDigests.Where(d => d.SessionId == session.Id && d.Format == TrialDigest.Format).Select(d => new { d.ExcludedBecause }).FirstOrDefault(),
            }).Skip(skip).Take(most).ToListAsync(cancel);
        return [.. lines.Select(l => new SessionLine(l.Id, l.Version, l.Number, l.State, l.StartedAt, l.LastSeenAt, l.CompletionCode)
        {
            UserAgent = l.UserAgent, Recruiter = l.Recruiter, Judged = l.Digest is not null,
            ExcludedBecause = l is { State: SessionState.Completed, Digest.ExcludedBecause: { } rule } ? Enum.Parse<ExclusionReason>(rule) : null,
        })];
    }

    /// <summary>How long ago, in words.</summary>
    public static string Ago(DateTimeOffset seen, DateTimeOffset now) => (now - seen) switch
    {
        { TotalMinutes: < 1 } => "just now",
        { TotalHours: < 1 } ago => $"{ago.TotalMinutes:0} min ago",
        { TotalDays: < 1 } ago => $"{ago.TotalHours:0} h ago",
        _ => $"on {seen.UtcDateTime:d MMM yyyy}",
    };

    /// <summary>One line for a page: done, not finished, left, last seen.</summary>
    public static string Line(StudyProgress progress, DateTimeOffset now)
    {
        if (progress.LastSeenAt is not { } seen) return "nobody yet";
        var parts = new List<string> { $"{progress.Completed} done", $"{progress.Active} not finished" };
        if (progress.Withdrawn > 0) parts.Add($"{progress.Withdrawn} left");
        parts.Add($"last seen {Ago(seen, now)}");
        return string.Join(", ", parts);
    }

    /// <summary>How many answers of recognising models the latest version still waits for.</summary>
    public static async Task<int> MissingModelAnswersAsync(StudyDb db, Guid studyId, CancellationToken cancel = default)
    {
        var latest = await db.StudyVersions.AsNoTracking().Where(v => v.StudyId == studyId).OrderByDescending(v => v.Number).FirstOrDefaultAsync(cancel);
        return latest is null ? 0 : await StudyAnswers.CountMissingAsync(db, latest.Design, cancel);
    }
}

using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Analysis.Digests;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Participation;
using PerceptionStudy.Server.Studies;

namespace PerceptionStudy.Server.Analysis.Monitoring;

/// <summary>Whom exclusion rules would leave out of the finished sessions that there are.</summary>
/// <param name="Finished">Finished sessions of people that no researcher left out.</param>
/// <param name="Hit">Participants by the first rule that they break.</param>
public sealed record ExclusionTry(int Finished, IReadOnlyDictionary<ExclusionReason, IReadOnlyList<string>> Hit)
{
    public int LeftOut => Hit.Values.Sum(h => h.Count);

    public static async Task<ExclusionTry> OfAsync(StudyDb db, SessionDigests digests, Guid studyId, ExclusionRules rules, CancellationToken cancel = default)
    {
        var sessions = await (
            from session in db.Sessions
            join version in db.StudyVersions on session.StudyVersionId equals version.Id
            where version.StudyId == studyId && session.ObserverType == ObserverType.Human && session.State == SessionState.Completed
            orderby version.Number, session.Number
            select new { session.Id, session.Number, Version = version.Number }).ToListAsync(cancel);
        Guid[] ids = [.. sessions.Select(s => s.Id)];
        var trials = await digests.OfAsync(ids, cancel);
        var facts = rules.NeedsFacts ? await SessionFacts.LoadAsync(db, ids, cancel) : [];
        var versions = sessions.Select(s => s.Version).Distinct().Count();
        return new ExclusionTry(sessions.Count, sessions
            .Select(s => (Reason: SessionExclusions.Of(rules, trials[s.Id], facts.GetValueOrDefault(s.Id)), Name: versions > 1 ? $"v{s.Version}-P{s.Number}" : $"P{s.Number}"))
            .Where(s => s.Reason is not null).GroupBy(s => s.Reason!.Value, s => s.Name).ToDictionary(g => g.Key, g => (IReadOnlyList<string>)[.. g]));
    }
}

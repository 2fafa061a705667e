using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Analysis.Results;
using PerceptionStudy.Server.Analysis.Statistics;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Participation;

namespace PerceptionStudy.Server.Analysis.Digests;

/// <summary>Makes results out of digests: what <see cref="TrialQuery"/> would give, without reading a trial's row.</summary>
public sealed class DigestedStudy(IDbContextFactory<StudyDb> databases, SessionDigests digests)
{
    /// <summary>Balance and quality of all sessions that the filter lets through, whatever rules say.</summary>
    public async Task<StudyBalance> BalanceAsync(Guid studyId, TrialFilter filter, CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var context = await StudyContext.LoadAsync(db, studyId, filter, cancel);
        return StudyBalance.Of(await digests.ReadAsync(studyId, filter, cancel), (session, trial) => context.Condition(session.Version, trial.Condition));
    }

    public async Task<ResultsSource> ReadAsync(Guid studyId, TrialFilter filter, CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        // Names and answers by one connection while the sessions come by another.
        var reading = Task.Run(() => digests.ReadAsync(studyId, filter, cancel), cancel);
        var loading = StudyContext.LoadAsync(db, studyId, filter, cancel);
        await Task.WhenAll(loading, reading);
        var (context, sessions) = (await loading, await reading);
        // Rules look at all trials of a session; what else is filtered comes after them.
        if (!filter.IgnoreExclusions)
        {
            var asked = sessions.Where(s => context.Designs[s.Version].Exclusion.NeedsFacts).Select(s => s.Id).ToArray();
            var facts = asked.Length == 0 ? [] : await SessionFacts.LoadAsync(db, asked, cancel);
            sessions = [.. sessions.Select(s => s with { ExcludedBecause = SessionExclusions.Of(context.Designs[s.Version].Exclusion, s.Trials, facts.GetValueOrDefault(s.Id)) })];
        }
        if (filter.WorstTiming is { } worst) sessions = [.. sessions.Select(s => s with { Trials = [.. s.Trials.Where(t => t.Verdict <= worst)] })];
        var versions = sessions.Select(s => s.Version).Distinct().ToDictionary(v => v, v => new DigestedVersion(v, context));
        var kind = ObserverKinds.Of(filter.Observers);
        var last = sessions.LastOrDefault(s => s.Trials.Length > 0);
        var included = sessions.Where(s => s.ExcludedBecause is null).ToList();
        var trials = included.SelectMany(s => s.Trials);
        return new ResultsSource
        {
            Counts = [.. included.SelectMany(s => versions[s.Version].Counts(s, kind))],
            Participants = included.Count(s => s.Trials.Length > 0),
            Excluded = sessions.Count - included.Count,
            Swapped = trials.Count(t => t.Swapped),
            CatchTrials = trials.Count(t => t.IsCatch),
            CatchCorrect = trials.Count(t => t.IsCatch && t.Correct),
            Medium = last is null ? default : context.Designs[last.Version].Medium,
            Choices = last is null ? null : versions[last.Version].Choices,
            Trials = sessions.SelectMany(s => versions[s.Version].Trials(s, kind)),
        };
    }
}

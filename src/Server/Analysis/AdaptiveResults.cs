using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Participation;
using PerceptionStudy.Server.Participation.Adaptive;
using PerceptionStudy.Server.Studies;

namespace PerceptionStudy.Server.Analysis;

/// <summary>A decision of the closed loop with the answer that followed.</summary>
/// <param name="Correct">Null while it is not answered.</param>
public sealed record AdaptiveStep(Guid SessionId, int Version, int Session, int Position, AdaptiveDecision Decision, bool? Correct);

/// <summary>What the closed loop of a session came to.</summary>
/// <param name="Levels">Names of the levels, the easiest first: stages, or loss levels of one.</param>
/// <param name="Losses">Their loss levels, 0 of finished metamers; empty where the levels are stages.</param>
/// <param name="Estimate">The level at which recognition falls to the criterion; null while too little was answered.</param>
public sealed record AdaptiveResult(IReadOnlyList<string> Levels, IReadOnlyList<double> Losses, IReadOnlyList<AdaptiveStep> Steps, double Criterion, LevelEstimate? Estimate)
{
    /// <summary>The loss, as a fraction of that at the start, at a level between two: on the straight line between their losses. Null outside the levels, and where they are stages.</summary>
    public double? LossAt(double? level)
    {
        if (level is not { } at || at < 1 || at > Losses.Count) return null;
        var below = Math.Min((int)at, Losses.Count - 1);
        return Losses[below - 1] + (at - below) * (Losses[below] - Losses[below - 1]);
    }
}

/// <summary>Reads the closed loops of studies.</summary>
public static class AdaptiveResults
{
    /// <summary>By session; sessions whose design has no loop, and those that were withdrawn, are absent.</summary>
    public static async Task<Dictionary<Guid, AdaptiveResult>> LoadAsync(StudyDb db, IEnumerable<StudyVersion> versions, ObserverType observers, CancellationToken cancel = default)
    {
        var results = new Dictionary<Guid, AdaptiveResult>();
        foreach (var version in versions.Where(v => v.Design.Adaptive.Any))
        {
            var levels = await LoopState.LevelsAsync(db, version.Design, cancel);
            double[] losses = version.Design.Adaptive.LossStageId is null ? [] : [.. levels.Select(l => l.LossLevel)];
            var names = await db.Stages.Where(s => s.ModelId == version.Design.Adaptive.ModelId).ToDictionaryAsync(s => s.Id, s => s.Name, cancel);
            var steps = await (
                from decision in db.AdaptiveDecisions.AsNoTracking()
                join trial in db.Trials on decision.TrialId equals trial.Id
                join session in db.Sessions on trial.SessionId equals session.Id
                where session.StudyVersionId == version.Id && session.ObserverType == observers && session.State != SessionState.Withdrawn
                orderby session.Number, decision.Number
                select new AdaptiveStep(session.Id, version.Number, session.Number, trial.Position, decision, trial.Response == null ? null : trial.Response.Correct)).ToListAsync(cancel);
            foreach (var session in steps.GroupBy(s => s.SessionId))
            {
                LevelAnswer[] answers = [.. session.Where(s => s is { Correct: not null, Decision.ShownLevel: not null }).Select(s => new LevelAnswer(s.Decision.ShownLevel!.Value, s.Correct!.Value))];
                results[session.Key] = new AdaptiveResult([.. levels.Select(l => l.Label(names[l.StageId!.Value]))], losses, [.. session], version.Design.Adaptive.CriterionOfMethod, ClosedLoop.Estimate(version.Design, levels.Count, answers));
            }
        }
        return results;
    }
}

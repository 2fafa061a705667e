using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Participation;
using PerceptionStudy.Shared;
using PerceptionStudy.Shared.Trials;

namespace PerceptionStudy.Server.Analysis.Monitoring;

/// <summary>One trial on a session's strip: how its timing was, or that it still waits.</summary>
/// <param name="Verdict">Null while it is not answered.</param>
public readonly record struct StripCell(TimingVerdict? Verdict, bool IsPractice, bool IsCatch, bool TimedOut);

/// <summary>A session's trials in order, without a word of what was shown or answered.</summary>
public sealed record SessionStrip(IReadOnlyList<StripCell> Cells, int CatchTrials, int CatchCorrect)
{
    public int Count(TimingVerdict verdict) => Cells.Count(c => c.Verdict == verdict);

    public int Answered => Cells.Count(c => c.Verdict is not null);

    /// <summary>The strips of some sessions; those that have no trials have none.</summary>
    public static async Task<Dictionary<Guid, SessionStrip>> LoadAsync(StudyDb db, Guid[] sessions, CancellationToken cancel = default)
    {
        var trials = await db.Trials.AsNoTracking().Where(t => sessions.Contains(t.SessionId)).OrderBy(t => t.Phase == TrialPhase.Main).ThenBy(t => t.Position)
            .Select(t => new { t.SessionId, t.Phase, t.IsCatch, Correct = t.Response != null && t.Response.Correct, TimedOut = t.Response != null && t.Response.Kind == ResponseKind.TimedOut, Timing = t.Response == null ? null : t.Response.TimingJson })
            .ToListAsync(cancel);
        return trials.GroupBy(t => t.SessionId).ToDictionary(s => s.Key, s => new SessionStrip(
            [.. s.Select(t => new StripCell(t.Timing is null ? null : TimingVerdicts.Of(JsonSerializer.Deserialize(t.Timing, WireJson.Default.TrialTiming)!), t.Phase == TrialPhase.Practice, t.IsCatch, t.TimedOut))],
            s.Count(t => t.IsCatch && t.Timing is not null), s.Count(t => t.IsCatch && t.Correct)));
    }
}

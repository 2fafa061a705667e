using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Participation;
using PerceptionStudy.Shared.Sessions;

namespace PerceptionStudy.Server.Analysis;

/// <summary>What exclusion rules ask of a session besides its main trials.</summary>
/// <param name="PracticeCorrect">Proportion of the answered practice trials that were right; null without any.</param>
/// <param name="IsRepeat">Somebody with the same recruiter's id took part before.</param>
/// <param name="Vision">As the participant said; null if not.</param>
/// <param name="AgeYears">As the participant said; null if not.</param>
public sealed record SessionFacts(double? PracticeCorrect, bool IsRepeat, VisionAnswer? Vision, int? AgeYears)
{
    /// <summary>Of many sessions at once; every one of them is in the result.</summary>
    internal static async Task<Dictionary<Guid, SessionFacts>> LoadAsync(StudyDb db, Guid[] sessions, CancellationToken cancel = default)
    {
        var practice = await db.Trials.Where(t => sessions.Contains(t.SessionId) && t.Phase == TrialPhase.Practice && t.Response != null)
            .GroupBy(t => t.SessionId).Select(s => new { s.Key, Answered = s.Count(), Correct = s.Count(t => t.Response!.Correct) }).ToDictionaryAsync(s => s.Key, cancel);
        var repeats = (await db.Recruits.Where(r => sessions.Contains(r.SessionId) && r.Repeat > 0).Select(r => r.SessionId).ToListAsync(cancel)).ToHashSet();
        var said = await db.SessionQuestionnaires.AsNoTracking().Where(q => sessions.Contains(q.SessionId)).ToDictionaryAsync(q => q.SessionId, cancel);
        return sessions.ToDictionary(id => id, id => new SessionFacts(
            practice.TryGetValue(id, out var score) ? (double)score.Correct / score.Answered : null, repeats.Contains(id), said.GetValueOrDefault(id)?.Vision, said.GetValueOrDefault(id)?.AgeYears));
    }
}

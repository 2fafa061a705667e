using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Studies;

namespace PerceptionStudy.Server.Participation;

/// <summary>
/// Judges the practice as soon as its last answer is stored: who has enough right goes on, who has not does it again, and after the last attempt
/// the session ends. Called in the transaction that stores the answer, after the session's row was written.
/// </summary>
public static class PracticeGate
{
    public static async Task JudgeAsync(StudyDb db, StudyDesign design, Guid sessionId, CancellationToken cancel = default)
    {
        if (design.Practice.RequiredProportion is not { } required) return;
        var practice = await db.Trials.Include(t => t.Response).Where(t => t.SessionId == sessionId && t.Phase == TrialPhase.Practice)
            .OrderBy(t => t.Position).ToListAsync(cancel);
        if (practice.Count == 0 || practice.Any(t => t.Response is null)) return;

        var perAttempt = design.PracticeStimuli.Length;
        var latest = practice.TakeLast(perAttempt).ToList();
        var counted = design.Practice.ScoredTrials > 0 ? latest.Where(t => t.IsScored).ToList() : latest;
        if (counted.Count(t => t.Response!.Correct) >= required * counted.Count - 1e-9) return;
        if (practice.Count / perAttempt >= design.Practice.Attempts)
        {
            await db.Sessions.Where(s => s.Id == sessionId && s.State == SessionState.Active)
                .ExecuteUpdateAsync(session => session.SetProperty(s => s.State, SessionState.FailedGate), cancel);
            return;
        }
        var last = await db.Trials.Where(t => t.SessionId == sessionId).MaxAsync(t => t.Position, cancel);
        db.Trials.AddRange(latest.Select((t, n) => t.ShownAgain(last + 1 + n)));
        await db.SaveChangesAsync(cancel);
    }
}

using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Studies;
using PerceptionStudy.Shared.Sessions;
using PerceptionStudy.Shared.Trials;

namespace PerceptionStudy.Server.Participation;

/// <summary>Tells a browser what to do, and nothing that it should not know.</summary>
public static class SessionPlans
{
    public static async Task<SessionPlan> OfAsync(StudyDb db, PublishedDesigns designs, Session session, CancellationToken cancel = default)
    {
        var design = await designs.OfAsync(db, session.StudyVersionId, cancel);
        var trials = await db.Trials.Where(t => t.SessionId == session.Id).OrderBy(t => t.Position)
            .Select(t => new { t.Id, t.Phase, t.StimulusKey, t.MaskSeed, Answered = t.Response != null }).ToListAsync(cancel);
        return new SessionPlan
        {
            SessionId = session.Id,
            Progress = session.State switch
            {
                SessionState.Active => SessionProgress.Active,
                SessionState.Expired => SessionProgress.Expired,
                SessionState.Completed => SessionProgress.Completed,
                _ => SessionProgress.Ended,
            },
            Title = design.Title,
            Instructions = design.Instructions,
            Choices = design.Categories,
            PictureCssPx = design.DisplaySizeCssPx,
            Durations = new PhaseDurations
            {
                BlankMs = design.Durations.BlankMs,
                FixationMs = design.Durations.FixationMs,
                StimulusMs = design.Durations.StimulusMs,
                MaskMs = design.Durations.MaskMs,
            },
            ShowInstructionsAgain = design.Resume.ShowInstructions,
            WithdrawalDeletes = design.Withdrawal == WithdrawalPolicy.Delete,
            Trials = [.. trials.Select(t => new TrialPresentation
            {
                TrialId = t.Id,
                IsPractice = t.Phase == TrialPhase.Practice,
                StimulusAddress = $"stimuli/{t.StimulusKey}",
                MaskSeed = t.MaskSeed,
            })],
            Answered = [.. trials.Where(t => t.Answered).Select(t => t.Id)],
        };
    }
}

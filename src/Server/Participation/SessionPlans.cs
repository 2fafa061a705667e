using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Stimuli;
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
            .Select(t => new { t.Id, t.Phase, t.IsScored, t.StimulusKey, t.MaskSeed, t.Choices, Answered = t.Response != null }).ToListAsync(cancel);
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
            Instructions = ParticipantMarkdown.Html(design.Instructions),
            Choices = Choices(design, session.Seed),
            Display = Display(design),
            Sound = design.Medium == StimulusMedium.Sound ? await SoundAsync(db, design, session, cancel) : null,
            Answers = Answers(design.Response),
            Durations = new PhaseDurations
            {
                BlankMs = design.Durations.BlankMs,
                FixationMs = design.Durations.FixationMs,
                StimulusMs = design.Durations.StimulusMs,
                MaskMs = design.Medium == StimulusMedium.Sound ? 0 : design.Durations.MaskMs,
            },
            HasGate = design.Practice.RequiredProportion is not null,
            BreakEveryTrials = design.BreakEveryTrials,
            Questionnaire = Questions(design.Questionnaire, await db.SessionQuestionnaires.AnyAsync(q => q.SessionId == session.Id, cancel)),
            Language = design.Language,
            ShowInstructionsAgain = design.Resume.ShowInstructions,
            ShowInterruptedAgain = design.Resume.RepeatInterrupted,
            PicturesAhead = design.Adaptive.Any ? 1 : design.OnDemand.Any ? 2 : null,
            WithdrawalDeletes = design.Withdrawal == WithdrawalPolicy.Delete,
            // A practice that is done again is numbered last, and comes first nevertheless.
            Trials = [.. trials.OrderBy(t => t.Phase).Select(t => new TrialPresentation
            {
                TrialId = t.Id,
                IsPractice = t.Phase == TrialPhase.Practice,
                WithFeedback = t is { Phase: TrialPhase.Practice, IsScored: false },
                StimulusAddress = $"stimuli/{t.StimulusKey}",
                MaskSeed = t.MaskSeed,
                Choices = t.Choices,
            })],
            Answered = [.. trials.Where(t => t.Answered).Select(t => t.Id)],
        };
    }

    /// <summary>The choices as this participant sees them; the seed of the session decides an order of its own. Empty where each trial has its own.</summary>
    public static string[] Choices(StudyDesign design, int seed) =>
        design.Response.ChoicesPerTrial is not null ? []
        : design.Response.Format == AnswerFormat.Word ? [.. design.Vocabulary.Order(StringComparer.OrdinalIgnoreCase)]
        : design.Response.OrderPerParticipant ? new SequenceRandom(~seed).Shuffled(design.Categories)
        : design.Categories;

    private static QuestionnairePlan? Questions(QuestionnaireSettings asked, bool answered) =>
        asked is { Age: false, Sex: false, Vision: false, Comments: false } ? null : new QuestionnairePlan
        {
            Before = asked.Before, Age = asked.Age, Sex = asked.Sex, Vision = asked.Vision, Comments = asked.Comments, Answered = answered,
        };

    /// <summary>All sounds of a version have one rate, so any of them tells it. A check that is stored already is not asked for again.</summary>
    private static async Task<SoundPlan> SoundAsync(StudyDb db, StudyDesign design, Session session, CancellationToken cancel)
    {
        var any = design.NaturalStimuli[0];
        var check = design.Sound.HeadphoneCheck && !await db.SessionHeadphones.AnyAsync(h => h.SessionId == session.Id, cancel);
        return new SoundPlan
        {
            RateHz = await db.Stimuli.Where(s => s.Id == any).Select(s => s.Sound!.RateHz).FirstAsync(cancel),
            AdjustLevel = design.Sound.AdjustLevel,
            NoiseRms = design.Sound.CheckRms,
            HeadphoneCheck = check ? HeadphoneCheck.Plan(session.Seed, design.Sound.CheckRms) : null,
        };
    }

    private static DisplayPlan Display(StudyDesign design) => new()
    {
        PictureCssPx = design.DisplaySizeCssPx,
        PictureDegrees = design.Medium == StimulusMedium.Sound ? null : design.Display.SizeDegrees,
        MaySkipCalibration = design.Display.MaySkipCalibration,
        SquarePixels = design.Display.SquarePixels,
        Mask = design.Display.Mask,
        AllowTouch = design.Display.AllowTouch,
    };

    private static AnswerPlan Answers(ResponseSettings response) => new()
    {
        Format = response.Format,
        Icons = response.Icons,
        Keys = response.Keys.Length > 0 ? response.Keys : null,
        DontKnow = response.DontKnow,
        TimeLimitMs = response.TimeLimitMs,
        ConfidenceLevels = response.ConfidenceLevels,
    };
}

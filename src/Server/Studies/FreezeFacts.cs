using PerceptionStudy.Server.Campaigns;
using PerceptionStudy.Server.Stimuli;
using PerceptionStudy.Shared.Sessions;

namespace PerceptionStudy.Server.Studies;

/// <summary>What a freeze says, in words.</summary>
internal static class FreezeFacts
{
    public static IEnumerable<(string What, string Value)> Of(StudyFreeze freeze)
    {
        var d = freeze.Design;
        yield return ("Task", d.Response.Format switch
        {
            AnswerFormat.Word => $"a typed word of {d.Vocabulary.Count}",
            AnswerFormat.Row => $"forced choice of {d.Categories.Length}, side by side",
            _ => $"forced choice of {d.Categories.Length} in a grid",
        } + (d.Response.DontKnow ? ", or “I don't know”" : ""));
        yield return ("Categories", string.Join(", ", d.Categories));
        yield return ("Trials of a participant", $"{d.MainTrials} main, {d.CatchTrials} catch, {d.PracticeStimuli.Length - d.Practice.ScoredTrials} practice with feedback{(d.Practice.ScoredTrials > 0 ? $", {d.Practice.ScoredTrials} without" : "")}");
        yield return ("Natural stimuli", $"{d.NaturalStimuli.Length} in the main block, each at most once in a session, in one condition");
        yield return ("One trial", string.Join(", ", TrialPhases.Of(d).Select(p => p.DurationMs is { } ms ? $"{p.Name} {ms} ms" : $"{p.Name} until answered")));
        foreach (var fact in d.Medium == StimulusMedium.Sound ? OfSounds(d) : OfPictures(d)) yield return fact;
        yield return ("Trials with bad timing", d.Display.BadTrials == BadTrials.Repeat ? "presented once more at the end; then the second answer counts" : "marked");
        yield return ("Order", d.Assignment.Order == TrialOrder.Random ? "random" : "a block for each model, one for natural");
        yield return ("Where a metamer is missing", d.Assignment.MissingMetamer == MissingMetamer.ShowNatural ? "the natural stimulus is shown, and the trial does not count" : "the trial is left out");
        if (d.OnDemand.Any)
        {
            yield return ("Made on demand", $"{string.Join("; ", d.OnDemand.Conditions.Select(c => NameOf(freeze, c)))}: preset {d.OnDemand.Preset}{(d.OnDemand.Steps is { } steps ? $", {steps} steps" : "")}, "
                + $"seeds {d.OnDemand.Seed} to {d.OnDemand.Seed + d.OnDemand.Seeds - 1} one after the other until one meets the criteria, {d.OnDemand.NullPairs} null pairs, {d.Medium.Many()} {CampaignPlan.Augmentations[d.OnDemand.NullAugmentation]}");
            yield return ("Where one is not ready", $"a later trial of the block, at most {d.OnDemand.AheadTrials} places ahead; after {d.OnDemand.PatienceMs} ms {(d.OnDemand.Fallback == OnDemandFallback.Pregenerated ? "the pregenerated metamer, where there is none the natural stimulus" : "the natural stimulus")}, marked");
        }
        if (d.Adaptive.Any)
        {
            yield return (d.Adaptive.LossStageId is null ? "Stages chosen from answers" : "Loss levels chosen from answers", (d.Adaptive.Method == AdaptiveMethod.Staircase ? $"staircase, 1 up {d.Adaptive.RightInARow} down" : "QUEST+") + $", of {freeze.Models.FirstOrDefault(m => m.Id == d.Adaptive.ModelId)?.Name}{(d.Adaptive.LossStageId is { } stage ? $", {freeze.Models.SelectMany(m => m.Stages).FirstOrDefault(s => s.Id == stage)?.Name}" : "")}, "
                + FormattableString.Invariant($"for the level of {d.Adaptive.CriterionOfMethod:0.##} correct"));
        }
        yield return ("Practice gate", d.Practice.RequiredProportion is { } share ? FormattableString.Invariant($"{100 * share:0.#} % right in one of {d.Practice.Attempts}") : "none");
        yield return ("Screening", d.Recruitment.Screening.Length == 0 ? "none" : string.Join("; ", d.Recruitment.Screening));
        yield return ("Enough when", d.StopAtHalfWidth is { } half ? FormattableString.Invariant($"every 95 % interval reaches at most ±{half}") : "no stopping rule");
        yield return ("Results while it runs", d.BlindUntilClosed ? "hidden until the study is closed" : "can be seen");
        yield return ("Withdrawn answers", d.Withdrawal == WithdrawalPolicy.Delete ? "deleted" : "kept without ties to the person");
        yield return ("Seed", FormattableString.Invariant($"{freeze.Seed}; with a session's number it decides everything that chance decides in it"));
    }

    private static IEnumerable<(string, string)> OfPictures(StudyDesign d)
    {
        yield return ("Size", d.Display.SizeDegrees is { } degrees ? FormattableString.Invariant($"{degrees}° of visual angle, by calibration with a bank card") : $"{d.DisplaySizeCssPx} CSS pixels");
        yield return ("Mask", d.Display.Mask.ToString());
    }

    private static IEnumerable<(string, string)> OfSounds(StudyDesign d)
    {
        yield return ("Level", d.Sound.Rms is { } rms ? FormattableString.Invariant($"every sound at the RMS {rms}, where full scale is 1") : "each sound as its file is");
        yield return ("Volume", d.Sound.AdjustLevel ? FormattableString.Invariant($"set by each participant to pink noise of the RMS {d.Sound.CheckRms}") : "as it is");
        yield return ("Headphone check", d.Sound.HeadphoneCheck ? $"tones in antiphase, {d.Sound.PassMark} of {SoundSettings.HeadphoneRounds} rounds to pass" : "none");
    }

    public static string NameOf(StudyFreeze freeze, StudyCondition condition)
    {
        if (condition.IsNatural) return "natural";
        var model = freeze.Models.FirstOrDefault(m => m.Id == condition.ModelId);
        return $"metamers of {model?.Name ?? "an unknown model"}, {condition.Label(model?.Stages.FirstOrDefault(s => s.Id == condition.StageId)?.Name ?? "an unknown stage")}";
    }

    /// <summary>How many stimuli a condition can show.</summary>
    public static int Stimuli(StudyFreeze freeze, StudyCondition condition) => condition.IsNatural
        ? freeze.Design.NaturalStimuli.Length
        : freeze.Stimuli.Count(s => s.ModelId == condition.ModelId && s.StageId == condition.StageId && s.LossLevel == condition.LossLevel);
}

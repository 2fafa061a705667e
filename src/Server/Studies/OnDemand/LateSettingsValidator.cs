using PerceptionStudy.Server.Campaigns;
using PerceptionStudy.Server.Stimuli;

namespace PerceptionStudy.Server.Studies.OnDemand;

/// <summary>Says in sentences what is wrong with how a design makes metamers on demand, and chooses stages from answers.</summary>
internal static class LateSettingsValidator
{
    private const int FewLoopTrials = 20;

    public static IEnumerable<DesignProblem> Validate(StudyDesign design, StudyMaterial material)
    {
        if (design.SettlesLate && design.Response.ChoicesPerTrial is not null)
            yield return Stop(DesignField.Answers, "Choices that are drawn for each trial belong to its stimulus, which is settled only during the session where metamers are made on demand or stages chosen from answers: let every trial offer all categories.");
        foreach (var problem in design.OnDemand.Any ? OnDemand(design, material) : []) yield return problem;
        foreach (var problem in design.Adaptive.Any ? Adaptive(design, material) : []) yield return problem;
    }

    private static IEnumerable<DesignProblem> OnDemand(StudyDesign design, StudyMaterial material)
    {
        var s = design.OnDemand;
        foreach (var condition in s.Conditions)
        {
            if (condition.IsNatural) yield return Stop(DesignField.OnDemand, "Natural stimuli are there already: take natural out of what is made on demand.");
            else if (condition.LossLevel is < 0 or >= 1) yield return Stop(DesignField.Adaptive, FormattableString.Invariant($"A loss level of {condition.LossLevel}: it is a fraction of the loss at the start, above 0 and below 1."));
            else if (!design.Conditions.Contains(condition)) yield return Stop(DesignField.OnDemand, $"'{material.NameOf(condition)}' is made on demand, but is no condition of the design: tick it, or take it out.");
            else if (material.Model(condition.ModelId) is { FileMissing: true } missing) yield return Stop(DesignField.OnDemand, $"The file of {missing.Name} is missing, so that nothing can be made with it: give it on the model's page, or take its stages out.");
            else if (material.Stage(condition) is { Differentiable: false }) yield return Stop(DesignField.OnDemand, $"No metamer can be made at '{material.NameOf(condition)}', because no gradient reaches it: take it out.");
            else if (material.Model(condition.ModelId) is { Categories.Length: 0 } model) yield return Stop(DesignField.OnDemand, $"{model.Name} does not know the categories yet, so that no metamer of it can meet the criteria: say on its page which of its classes belong to each.");
        }
        var rates = design.NaturalStimuli.Where(material.Naturals.ContainsKey).Select(id => material.Naturals[id].Sound?.RateHz).OfType<int>().ToHashSet();
        if (s.Conditions.Select(c => material.Model(c.ModelId)).FirstOrDefault(m => m?.RateHz is { } rate && rates.Count > 0 && !rates.Contains(rate)) is { } other)
            yield return Stop(DesignField.OnDemand, $"{other.Name} makes sounds of {other.RateHz:N0} Hz, and the study's have {rates.First():N0} Hz, so that the rate would tell what is played: prepare the natural set at the model's rate.");
        if (!CampaignPlan.Presets.ContainsKey(s.Preset)) yield return Stop(DesignField.OnDemand, $"There is no preset {s.Preset}: take {string.Join(" or ", CampaignPlan.Presets.Keys)}.");
        var augmentations = CampaignPlan.AugmentationsOf(design.Medium);
        if (!augmentations.Contains(s.NullAugmentation)) yield return Stop(DesignField.OnDemand, $"{(design.Medium == StimulusMedium.Sound ? "Sounds" : "Pictures")} cannot be varied by {s.NullAugmentation}: take {string.Join(" or ", augmentations)}.");
        if (s.Steps is < 1 or > 1_000_000) yield return Stop(DesignField.OnDemand, $"{s.Steps} steps: choose from 1 to 1,000,000, or leave it empty.");
        if (s.Seeds is < 1 or > 10) yield return Stop(DesignField.OnDemand, $"{s.Seeds} seeds are tried: choose from 1 to 10.");
        if (s.NullPairs is < 1 or > 1_000_000) yield return Stop(DesignField.OnDemand, $"{s.NullPairs} null pairs: choose from 1 to 1,000,000.");
        if (s.AheadTrials is < 1 or > 100) yield return Stop(DesignField.OnDemand, $"The look-ahead window has {s.AheadTrials} trials: choose from 1 to 100.");
        if (s.PatienceMs is < 0 or > 1800) yield return Stop(DesignField.OnDemand, $"The patience is {s.PatienceMs} ms: choose from 0 to 1,800, so that nobody waits for two seconds.");
        var accepted = material.CountAccepted(design.NaturalStimuli);
        if (s.Fallback == OnDemandFallback.Pregenerated && s.Conditions.FirstOrDefault(c => accepted.GetValueOrDefault(c) < design.NaturalStimuli.Length) is { } bare)
            yield return Note(DesignField.OnDemand, $"'{material.NameOf(bare)}' has pregenerated metamers for {accepted.GetValueOrDefault(bare)} of {design.NaturalStimuli.Length} natural stimuli: where one is missing too, the natural stimulus is shown, and the trial does not count.");
    }

    private static IEnumerable<DesignProblem> Adaptive(StudyDesign design, StudyMaterial material)
    {
        var s = design.Adaptive;
        var conditions = design.Conditions.Where(s.Chooses).OrderBy(c => c.LossLevel).ToArray();
        var levels = conditions.Length;
        if (levels < 2 && s.LossStageId is not null) yield return Stop(DesignField.Adaptive, $"A closed loop needs at least two loss levels, and there {(levels == 1 ? "is 1" : "are none")}: give more, such as 0.5, 0.25 and 0.125.");
        else if (levels < 2) yield return Stop(DesignField.Adaptive, $"A closed loop needs at least two stages of its model among the conditions, and there {(levels == 1 ? "is 1" : "are none")}: choose another model, or tick more of its stages.");
        if (s.LossStageId is not null && conditions.Zip(conditions.Skip(1)).FirstOrDefault(pair => pair.Second.LossLevel < 2 * pair.First.LossLevel) is { First: { } low, Second: { } high })
            yield return Stop(DesignField.Adaptive, FormattableString.Invariant($"The loss levels {low.LossLevel} and {high.LossLevel} are nearer than a factor of two, so that one picture could stand for both: take one out."));
        if (s.RightInARow is < 1 or > 4) yield return Stop(DesignField.Adaptive, $"{s.RightInARow} right answers in a row: choose from 1 to 4.");
        var chance = 1.0 / design.ChoicesPerTrial;
        if (s.CriterionOfMethod <= chance + 0.02 || s.CriterionOfMethod > 0.85 || s is { Method: AdaptiveMethod.QuestPlus, Criterion: > 0.8 })
            yield return Stop(DesignField.Adaptive, FormattableString.Invariant($"The criterion is {s.CriterionOfMethod:0.##}: it has to lie above chance ({chance:0.##}) and at 0.8 at most, where every participant comes by."));
        if (levels >= 2 && design.MainTrials * levels / design.Conditions.Length is < FewLoopTrials and var trials)
            yield return Note(DesignField.Adaptive, $"The closed loop has about {trials} trials of a session: the estimate will be rough. Show more trials, or fewer other conditions.");
        if (conditions.FirstOrDefault(c => !design.OnDemand.Makes(c) && material.CountAccepted(design.NaturalStimuli).GetValueOrDefault(c) < design.NaturalStimuli.Length) is { } thin)
            yield return Note(DesignField.Adaptive, $"'{material.NameOf(thin)}' is not made on demand and lacks metamers of some natural stimuli: there the nearest level is shown instead.");
    }

    private static DesignProblem Stop(DesignField field, string sentence) => new(sentence, Blocking: true, field);

    private static DesignProblem Note(DesignField field, string sentence) => new(sentence, Blocking: false, field);
}

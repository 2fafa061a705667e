using PerceptionStudy.Server.Studies.OnDemand;
using PerceptionStudy.Server.Stimuli;

namespace PerceptionStudy.Server.Studies;

/// <summary>One sentence about a design. A blocking one forbids publication; the others say what to expect.</summary>
/// <param name="Field">Where in the editor it can be mended.</param>
public sealed record DesignProblem(string Sentence, bool Blocking, DesignField Field);

/// <summary>Says in sentences what is wrong with a design, and what to do.</summary>
public static class DesignValidator
{
    public static IReadOnlyList<DesignProblem> Validate(StudyDesign design, int? places, StudyMaterial material)
    {
        var problems = new List<DesignProblem>();
        Texts(design, problems.Add);
        Numbers(design, places, problems.Add);
        CategoriesAndStimuli(design, material, problems.Add);
        Conditions(design, material, problems.Add);
        Models(design, material, problems.Add);
        problems.AddRange(SettingsValidator.Validate(design).Concat(SoundValidator.Validate(design, material)).Select(p => Stop(p.Field, p.Sentence)));
        problems.AddRange(LateSettingsValidator.Validate(design, material));
        problems.AddRange(DesignAdvice.Of(design, material).Select(p => Note(p.Field, p.Sentence)));
        return [.. problems.OrderByDescending(p => p.Blocking).ThenBy(p => p.Field)];
    }

    private static void Texts(StudyDesign design, Action<DesignProblem> report)
    {
        if (string.IsNullOrWhiteSpace(design.Title)) report(Stop(DesignField.Title, "The study has no title: write the one that participants read."));
        if (string.IsNullOrWhiteSpace(design.Consent)) report(Stop(DesignField.Consent, "The consent text is empty: write what participants agree to."));
        if (string.IsNullOrWhiteSpace(design.Instructions)) report(Stop(DesignField.Instructions, "The instructions are empty: write what participants have to do."));
    }

    private static void Numbers(StudyDesign design, int? places, Action<DesignProblem> report)
    {
        if (places < 1) report(Stop(DesignField.Places, "A study needs at least one place: raise the number, or leave it empty for no limit."));
        if (design.MainTrials < 1) report(Stop(DesignField.Trials, "The study has no main trials: ask for at least one."));
        if (design.MainTrials > design.NaturalStimuli.Length)
            report(Stop(DesignField.Trials, $"{design.MainTrials} main trials need as many natural stimuli, and there are {design.NaturalStimuli.Length}: "
                + "each is shown once in a session. Lower the number of trials or add stimuli."));
        if (design.Medium == StimulusMedium.Picture) Icons(design, report);
        if (design.MainTrials > 2047) report(Stop(DesignField.Trials, $"{design.MainTrials} main trials are too many for one session: choose at most 2,047."));
        Settings(design, report);
        Within(DesignField.Timing, design.Durations.BlankMs, 0, 5000, "The blank", "ms", report);
        Within(DesignField.Timing, design.Durations.FixationMs, 0, 5000, "The fixation", "ms", report);
        Within(DesignField.Timing, design.Durations.StimulusMs, 10, 10_000, "The stimulus", "ms", report);
        Within(DesignField.Timing, design.Durations.MaskMs, 0, 5000, "The mask", "ms", report);
        ExclusionRules.Validate(design, sentence => report(Stop(DesignField.Exclusion, sentence)));
        if (design.StopAtHalfWidth is < 0.005 or > 0.5)
            report(Stop(DesignField.Results, $"The stopping rule asks for intervals of ±{design.StopAtHalfWidth}: choose from 0.005 to 0.5, or leave it empty."));
        Within(DesignField.Display, design.DisplaySizeCssPx, 32, 1024, "The picture", "CSS pixels", report);
    }

    private static void Icons(StudyDesign design, Action<DesignProblem> report)
    {
        if (design.CatchTrials < 0 || design.CatchTrials > design.Categories.Length)
            report(Stop(DesignField.Trials, $"Catch trials show each category's icon at most once: choose a number from 0 to {design.Categories.Length}."));
        if (design.CatchTrials > 0 && design.Categories.FirstOrDefault(c => !CategoryIcons.CanShow(c)) is { } bare)
            report(Stop(DesignField.Trials, $"Catch trials show the drawing or the name of a category, and '{bare}' has neither in letters from a to z: set their number to 0."));
    }

    private static void Settings(StudyDesign design, Action<DesignProblem> report)
    {
        if (design.Assignment.MostOfACategoryInARow < 1) report(Stop(DesignField.Order, "At most 0 trials of a category in a row cannot be: choose 1 or more, or leave it empty."));
        if (design.Recruitment.PlaceExpiresAfterMinutes < 5) report(Stop(DesignField.Recruitment, "A place must wait for at least 5 minutes: raise the number, or leave it empty."));
        if (design.Resume.WithinHours < 0) report(Stop(DesignField.Resume, "A session can be gone on with for 0 hours or more: raise the number, or leave it empty."));
        foreach (var problem in PrivacySettings.Problems(design.Privacy)) report(Stop(DesignField.Privacy, problem));
        foreach (var (name, page) in design.Ends.All())
        {
            if (page.ReturnPattern is { Length: > 0 } pattern && ReturnPattern.Problem(pattern) is { } problem)
                report(Stop(DesignField.Ends, $"The way back of '{name}' {problem}: write an address like {ReturnPattern.Known["Prolific"]}."));
            if (page.Code is { Length: > 60 }) report(Stop(DesignField.Ends, $"The code of '{name}' is longer than 60 characters: shorten it."));
        }
    }

    private static void Within(DesignField field, int value, int low, int high, string what, string unit, Action<DesignProblem> report)
    {
        if (value < low || value > high) report(Stop(field, $"{what} has {value} {unit}: choose from {low} to {high}."));
    }

    private static void CategoriesAndStimuli(StudyDesign design, StudyMaterial material, Action<DesignProblem> report)
    {
        foreach (var twice in Repeated(design.Categories)) report(Stop(DesignField.Stimuli, $"The category '{twice}' is listed twice: take one out."));

        var unknown = design.NaturalStimuli.Concat(design.PracticeStimuli).Count(id => !material.Naturals.ContainsKey(id));
        if (unknown > 0)
            report(Stop(DesignField.Stimuli, $"{Many(unknown, "stimulus", "stimuli")} of the design {(unknown == 1 ? "is" : "are")} no longer in the database: choose the metamer sets anew."));
        if (Repeated(design.NaturalStimuli).Any() || Repeated(design.PracticeStimuli).Any())
            report(Stop(DesignField.Stimuli, "A natural stimulus is listed twice: each is shown at most once in a session."));

        var naturals = design.NaturalStimuli.Where(material.Naturals.ContainsKey).Select(id => material.Naturals[id]).ToList();
        var practice = design.PracticeStimuli.Where(material.Naturals.ContainsKey).Select(id => material.Naturals[id]).ToList();
        foreach (var strange in naturals.Concat(practice).Select(n => n.Category).Distinct().Except(design.Categories))
            report(Stop(DesignField.Stimuli, $"Stimuli show '{strange}', which is not among the categories: participants could not answer. Add the category or leave those stimuli out."));
        if (naturals.Count > 0)
        {
            foreach (var empty in design.Categories.Except(naturals.Select(n => n.Category)))
                report(Stop(DesignField.Stimuli, $"No natural stimulus of the main block shows '{empty}': add one, or take the category out of the design."));
        }
        foreach (var both in design.PracticeStimuli.Intersect(design.NaturalStimuli).Where(material.Naturals.ContainsKey))
            report(Stop(DesignField.Stimuli, $"'{material.Naturals[both].Name}' is in the practice and in the main block: who has seen it there would recognise its metamer. Take it out of one."));
        if (design.PracticeStimuli.Length == 0)
            report(Note(DesignField.Trials, "There is no practice: too few natural stimuli can be spared from the main block. Add a few per category to the natural set."));
    }

    private static void Conditions(StudyDesign design, StudyMaterial material, Action<DesignProblem> report)
    {
        var accepted = material.CountAccepted(design.NaturalStimuli);
        var metamers = design.Conditions.Where(c => !c.IsNatural).ToList();
        if (accepted.Count == 0 && !design.OnDemand.Any)
        {
            report(Stop(DesignField.Conditions, "This study has no accepted metamers: open Campaigns, synthesise some and look at their criteria; then make the study from their set."));
            return;
        }
        if (metamers.Count == 0) report(Stop(DesignField.Conditions, "No stage is among the conditions: tick at least one model and stage."));
        if (Repeated(design.Conditions).Any()) report(Stop(DesignField.Conditions, "A condition is listed twice: take one out."));
        if (!design.Conditions.Any(c => c.IsNatural)) report(Stop(DesignField.Conditions, "The natural condition is missing: without it the curve has no beginning. Tick it."));
        var incomplete = new List<(int Accepted, string Name)>();
        foreach (var condition in metamers)
        {
            if (material.Stage(condition) is null)
                report(Stop(DesignField.Conditions, $"The condition '{material.NameOf(condition)}' is no longer in the database: take it out."));
            else if (material.Model(condition.ModelId) is { } model && model.Medium != design.Medium)
                report(Stop(DesignField.Conditions, $"'{material.NameOf(condition)}' is of a model that takes {model.Medium.Many()}, and the study is one of {design.Medium.Many()}: take it out."));
            else if (design.OnDemand.Makes(condition))
                continue;
            else if (!accepted.TryGetValue(condition, out var count))
                report(Stop(DesignField.Conditions, $"'{material.NameOf(condition)}' has no accepted metamers: take the condition out, or synthesise more."));
            else if (count < design.NaturalStimuli.Length)
                incomplete.Add((count, material.NameOf(condition)));
        }
        foreach (var alike in incomplete.GroupBy(c => c.Accepted, c => c.Name))
            report(Note(DesignField.Conditions, $"{ConditionNames.Have([.. alike])} accepted metamers for {alike.Key} of {design.NaturalStimuli.Length} natural stimuli; "
                + "the others are drawn only where nothing else is left; then the natural stimulus is shown, and the trial is marked as swapped."));
        if (design.MainTrials >= 1 && design.MainTrials < design.Conditions.Length)
            report(Note(DesignField.Trials, $"{design.MainTrials} main trials for {design.Conditions.Length} conditions: a participant does not meet every condition."));
    }

    private static void Models(StudyDesign design, StudyMaterial material, Action<DesignProblem> report)
    {
        foreach (var id in design.RecognisingModels)
        {
            var model = material.Model(id);
            if (model is null) report(Stop(DesignField.Models, "A recognising model is no longer in the database: take it out."));
            else if (model.FileMissing)
                report(Note(DesignField.Models, $"The file of the model '{model.Name}' is missing: it answers nothing until the file is given on the model's page."));
            else if (model.Medium != design.Medium)
                report(Stop(DesignField.Models, $"The model '{model.Name}' takes {model.Medium.Many()}, and the study is one of {design.Medium.Many()}: take it out of the recognising models."));
            else if (design.Categories.Except(model.Categories).FirstOrDefault() is { } missing)
                report(Stop(DesignField.Models, $"The model '{model.Name}' cannot answer '{missing}': its pipeline names no class for it. "
                    + "Take it out of the recognising models, or register it with that category."));
        }
    }

    private static IEnumerable<T> Repeated<T>(IEnumerable<T> items) => items.GroupBy(x => x).Where(g => g.Skip(1).Any()).Select(g => g.Key);

    private static string Many(int count, string one, string several) => $"{count} {(count == 1 ? one : several)}";

    private static DesignProblem Stop(DesignField field, string sentence) => new(sentence, Blocking: true, field);

    private static DesignProblem Note(DesignField field, string sentence) => new(sentence, Blocking: false, field);
}

namespace PerceptionStudy.Server.Studies;

/// <summary>One sentence about a design. A blocking one forbids publication; the others say what to expect.</summary>
public sealed record DesignProblem(string Sentence, bool Blocking);

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
        return [.. problems.OrderByDescending(p => p.Blocking)];
    }

    private static void Texts(StudyDesign design, Action<DesignProblem> report)
    {
        if (string.IsNullOrWhiteSpace(design.Title)) report(Stop("The study has no title: write the one that participants read."));
        if (string.IsNullOrWhiteSpace(design.Consent)) report(Stop("The consent text is empty: write what participants agree to."));
        if (string.IsNullOrWhiteSpace(design.Instructions)) report(Stop("The instructions are empty: write what participants have to do."));
    }

    private static void Numbers(StudyDesign design, int? places, Action<DesignProblem> report)
    {
        if (places < 1) report(Stop("A study needs at least one place: raise the number, or leave it empty for no limit."));
        if (design.MainTrials < 1) report(Stop("The study has no main trials: ask for at least one."));
        if (design.MainTrials > design.NaturalStimuli.Length)
            report(Stop($"{design.MainTrials} main trials need as many natural stimuli, and there are {design.NaturalStimuli.Length}: "
                + "each is shown once in a session. Lower the number of trials or add stimuli."));
        if (design.CatchTrials < 0 || design.CatchTrials > design.Categories.Length)
            report(Stop($"Catch trials show each category's icon at most once: choose a number from 0 to {design.Categories.Length}."));
        Within(design.Durations.BlankMs, 0, 5000, "The blank", "ms", report);
        Within(design.Durations.FixationMs, 0, 5000, "The fixation", "ms", report);
        Within(design.Durations.StimulusMs, 10, 10_000, "The stimulus", "ms", report);
        Within(design.Durations.MaskMs, 0, 5000, "The mask", "ms", report);
        ExclusionRules.Validate(design, sentence => report(Stop(sentence)));
        if (design.StopAtHalfWidth is < 0.005 or > 0.5)
            report(Stop($"The stopping rule asks for intervals of ±{design.StopAtHalfWidth}: choose from 0.005 to 0.5, or leave it empty."));
        Within(design.DisplaySizeCssPx, 32, 1024, "The picture", "CSS pixels", report);
    }

    private static void Within(int value, int low, int high, string what, string unit, Action<DesignProblem> report)
    {
        if (value < low || value > high) report(Stop($"{what} has {value} {unit}: choose from {low} to {high}."));
    }

    private static void CategoriesAndStimuli(StudyDesign design, StudyMaterial material, Action<DesignProblem> report)
    {
        if (design.Categories.Length is < 2 or > 16)
            report(Stop($"The response grid has room for 2 to 16 categories, and the design has {design.Categories.Length}."));
        foreach (var twice in Repeated(design.Categories)) report(Stop($"The category '{twice}' is listed twice: take one out."));

        var unknown = design.NaturalStimuli.Concat(design.PracticeStimuli).Count(id => !material.Naturals.ContainsKey(id));
        if (unknown > 0)
            report(Stop($"{Many(unknown, "stimulus", "stimuli")} of the design {(unknown == 1 ? "is" : "are")} no longer in the database: choose the metamer sets anew."));
        if (Repeated(design.NaturalStimuli).Any() || Repeated(design.PracticeStimuli).Any())
            report(Stop("A natural stimulus is listed twice: each is shown at most once in a session."));

        var naturals = design.NaturalStimuli.Where(material.Naturals.ContainsKey).Select(id => material.Naturals[id]).ToList();
        var practice = design.PracticeStimuli.Where(material.Naturals.ContainsKey).Select(id => material.Naturals[id]).ToList();
        foreach (var strange in naturals.Concat(practice).Select(n => n.Category).Distinct().Except(design.Categories))
            report(Stop($"Stimuli show '{strange}', which is not among the categories: participants could not answer. Add the category or leave those stimuli out."));
        if (naturals.Count > 0)
        {
            foreach (var empty in design.Categories.Except(naturals.Select(n => n.Category)))
                report(Stop($"No natural stimulus of the main block shows '{empty}': add one, or take the category out of the design."));
        }
        foreach (var both in design.PracticeStimuli.Intersect(design.NaturalStimuli).Where(material.Naturals.ContainsKey))
            report(Stop($"'{material.Naturals[both].Name}' is in the practice and in the main block: who has seen it there would recognise its metamer. Take it out of one."));
        if (design.PracticeStimuli.Length == 0)
            report(Note("There is no practice: too few natural stimuli can be spared from the main block. Add a few per category to the natural set."));
    }

    private static void Conditions(StudyDesign design, StudyMaterial material, Action<DesignProblem> report)
    {
        var accepted = material.CountAccepted(design.NaturalStimuli);
        var metamers = design.Conditions.Where(c => !c.IsNatural).ToList();
        if (accepted.Count == 0)
        {
            report(Stop("This study has no accepted metamers: open Campaigns, synthesise some and look at their criteria; then make the study from their set."));
            return;
        }
        if (metamers.Count == 0) report(Stop("No stage is among the conditions: tick at least one model and stage."));
        if (Repeated(design.Conditions).Any()) report(Stop("A condition is listed twice: take one out."));
        if (!design.Conditions.Any(c => c.IsNatural)) report(Stop("The natural condition is missing: without it the curve has no beginning. Tick it."));
        foreach (var condition in metamers)
        {
            if (material.Stage(condition) is null)
                report(Stop($"The condition '{material.NameOf(condition)}' is no longer in the database: take it out."));
            else if (!accepted.TryGetValue(condition, out var count))
                report(Stop($"'{material.NameOf(condition)}' has no accepted metamers: take the condition out, or synthesise more."));
            else if (count < design.NaturalStimuli.Length)
                report(Note($"'{material.NameOf(condition)}' has accepted metamers for {count} of {design.NaturalStimuli.Length} natural stimuli; "
                    + "the others are drawn only where nothing else is left; then the natural stimulus is shown, and the trial is marked as swapped."));
        }
        if (design.MainTrials >= 1 && design.MainTrials < design.Conditions.Length)
            report(Note($"{design.MainTrials} main trials for {design.Conditions.Length} conditions: a participant does not meet every condition."));
    }

    private static void Models(StudyDesign design, StudyMaterial material, Action<DesignProblem> report)
    {
        foreach (var id in design.RecognisingModels)
        {
            var model = material.Model(id);
            if (model is null) report(Stop("A recognising model is no longer in the database: take it out."));
            else if (design.Categories.Except(model.Categories).FirstOrDefault() is { } missing)
                report(Stop($"The model '{model.Name}' cannot answer '{missing}': its picture pipeline names no class for it. "
                    + "Take it out of the recognising models, or register it with that category."));
        }
    }

    private static IEnumerable<T> Repeated<T>(IEnumerable<T> items) => items.GroupBy(x => x).Where(g => g.Skip(1).Any()).Select(g => g.Key);

    private static string Many(int count, string one, string several) => $"{count} {(count == 1 ? one : several)}";

    private static DesignProblem Stop(string sentence) => new(sentence, Blocking: true);

    private static DesignProblem Note(string sentence) => new(sentence, Blocking: false);
}

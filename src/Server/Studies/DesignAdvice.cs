namespace PerceptionStudy.Server.Studies;

/// <summary>Says in sentences what may be published, but is better known before: nothing here forbids it.</summary>
internal static class DesignAdvice
{
    /// <summary>A cell of condition and category is thin if fewer than this share of its natural stimuli have an accepted metamer.</summary>
    public const double ThinBelow = 0.5;

    public static IEnumerable<(DesignField Field, string Sentence)> Of(StudyDesign design, StudyMaterial material) =>
        ThinCells(design, material).Concat(Length(design)).Concat(Licences(design, material)).Concat(Icons(design)).Concat(Frames(design)).Concat(Levels(design, material));

    private static IEnumerable<(DesignField, string)> ThinCells(StudyDesign design, StudyMaterial material)
    {
        var cells = ConditionCells.Of(material, design.NaturalStimuli);
        if (cells.Total == 0) yield break;
        var thin = design.Conditions.Where(c => !c.IsNatural && !design.OnDemand.Makes(c) && cells.Accepted(c) > 0).Select(condition => (Condition: condition, Categories: Thin(condition))).Where(c => c.Categories.Length > 0);
        foreach (var alike in thin.GroupBy(c => c.Categories, c => material.NameOf(c.Condition)))
            yield return (DesignField.Conditions, $"{ConditionNames.Have([.. alike])} few accepted metamers of {alike.Key}: these categories are rare there, which shifts the proportion correct. Synthesise more of them.");

        // The categories in words; empty where none is thin.
        string Thin(StudyCondition condition)
        {
            var found = cells.Categories.Where(c => cells.Accepted(condition, c) < ThinBelow * cells.Naturals(c)).ToList();
            return string.Join(", ", found.Take(4).Select(c => $"{c} ({cells.Accepted(condition, c)} of {cells.Naturals(c)})")) + (found.Count > 4 ? $" and {found.Count - 4} more categories" : "");
        }
    }

    private static IEnumerable<(DesignField, string)> Length(StudyDesign design)
    {
        var minutes = SessionLength.Minutes(design);
        if (minutes > design.LongestMinutes)
            yield return (DesignField.Course, $"A session takes about {minutes} minutes, longer than the {design.LongestMinutes} that you allow: attention fades. Show fewer trials, or allow more.");
    }

    private static IEnumerable<(DesignField, string)> Licences(StudyDesign design, StudyMaterial material)
    {
        var shown = design.NaturalStimuli.Concat(design.PracticeStimuli).Select(id => material.Naturals.GetValueOrDefault(id)?.SetId).OfType<Guid>().ToHashSet();
        foreach (var set in material.Sets.Where(s => shown.Contains(s.Id) && s.Licence is null))
            yield return (DesignField.Sets, $"The set '{set.Name}' names no licence: write on its page by which right it is shown, or nobody can replicate the study.");
    }

    private static IEnumerable<(DesignField, string)> Icons(StudyDesign design)
    {
        if (!design.Response.Icons || design.Response.Format == Shared.Sessions.AnswerFormat.Word) yield break;
        var bare = design.Categories.Where(c => !CategoryIcons.HasDrawing(c)).ToList();
        if (bare.Count > 0 && bare.Count < design.Categories.Length)
            yield return (DesignField.Answers, $"There is no drawing of {string.Join(", ", bare)}: {(bare.Count == 1 ? "its tile shows the name" : "their tiles show the names")} while others show drawings. Turn the drawings off, so that all look alike.");
    }

    private static IEnumerable<(DesignField, string)> Frames(StudyDesign design)
    {
        if (design.Medium == Stimuli.StimulusMedium.Picture && design.Durations.StimulusMs is > 0 and < 100)
            yield return (DesignField.Timing, $"The stimulus lasts {design.Durations.StimulusMs} ms, {TrialPhases.FramesAt60Hz(design.Durations.StimulusMs)} frames of a screen of 60 Hz: one late frame is much of it. Ask for exact timing in the exclusion rules.");
    }

    private static IEnumerable<(DesignField, string)> Levels(StudyDesign design, StudyMaterial material)
    {
        if (design.Medium == Stimuli.StimulusMedium.Sound && SoundLevels.Advice(design, material) is { } sentence) yield return (DesignField.Sound, sentence);
    }
}

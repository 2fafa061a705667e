using PerceptionStudy.Server.Stimuli;

namespace PerceptionStudy.Server.Studies;

/// <summary>Says in sentences what is wrong with what a design plays.</summary>
internal static class SoundValidator
{
    public static IEnumerable<(DesignField Field, string Sentence)> Validate(StudyDesign design, StudyMaterial material)
    {
        var shown = design.NaturalStimuli.Concat(design.PracticeStimuli).Concat(design.CatchStimuli).Where(material.Naturals.ContainsKey).Select(id => material.Naturals[id]).ToList();
        if (shown.Select(n => n.Medium).Distinct().Count() > 1)
        {
            yield return (DesignField.Stimuli, "Some stimuli are pictures and some are sounds: a study shows the one or plays the other. Choose the sets anew.");
            yield break;
        }
        if (shown.Any(n => n.Medium != design.Medium))
            yield return (DesignField.Stimuli, $"The stimuli are {(design.Medium == StimulusMedium.Picture ? "sounds" : "pictures")}, and the design is made for {(design.Medium == StimulusMedium.Picture ? "pictures" : "sounds")}: choose the stimuli anew.");
        if (design.Medium == StimulusMedium.Picture) yield break;

        var naturals = design.NaturalStimuli.ToHashSet();
        var rates = shown.Select(n => n.Sound).Concat(material.Metamers.Where(m => m.Accepted && naturals.Contains(m.NaturalId)).Select(m => m.Sound)).OfType<MaterialSound>().Select(s => s.RateHz).Distinct().Order().ToList();
        if (rates.Count > 1)
            yield return (DesignField.Stimuli, $"The sounds have different sampling rates ({string.Join(", ", rates.Select(r => $"{r:N0} Hz"))}), and a rate may tell what is played: prepare all sets at one rate.");
        if (design.Sound.PassMark is < 1 or > SoundSettings.HeadphoneRounds)
            yield return (DesignField.Sound, $"The headphone check asks for {design.Sound.PassMark} right rounds of {SoundSettings.HeadphoneRounds}: choose from 1 to {SoundSettings.HeadphoneRounds}.");
        if (SoundLevels.Problem(design, material) is { } tooLoud) yield return (DesignField.Sound, tooLoud);
        foreach (var problem in ClearSounds(design, material)) yield return (DesignField.Trials, problem);
    }

    private static IEnumerable<string> ClearSounds(StudyDesign design, StudyMaterial material)
    {
        var clear = design.CatchStimuli;
        if (design.CatchTrials < 0 || design.CatchTrials > clear.Length)
            yield return $"{design.CatchTrials} catch trials need as many clear sounds, and the design has {clear.Length}: choose a set of clear sounds for them, or another number.";
        if (clear.Count(id => !material.Naturals.ContainsKey(id)) is > 0 and var gone)
            yield return $"{gone} of the clear sounds of catch trials are no longer in the database: choose their set anew.";
        if (clear.Where(material.Naturals.ContainsKey).Select(id => material.Naturals[id].Category).Except(design.Categories).FirstOrDefault() is { } strange)
            yield return $"A clear sound of the catch trials is '{strange}', which is none of the study's words: choose a set with words of the main block.";
        if (clear.Intersect(design.NaturalStimuli.Concat(design.PracticeStimuli)).Where(material.Naturals.ContainsKey).Select(id => material.Naturals[id].Name).FirstOrDefault() is { } both)
            yield return $"'{both}' is a catch trial and in the practice or the main block as well: choose a set of other recordings for the catch trials.";
    }
}

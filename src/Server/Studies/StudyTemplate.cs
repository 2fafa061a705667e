using PerceptionStudy.Shared.Sessions;

namespace PerceptionStudy.Server.Studies;

/// <summary>
/// Makes a draft from metamer sets: conditions are natural and every model and stage with accepted metamers, categories those of the stimuli,
/// each natural stimulus is shown once, in one condition. A <see cref="Protocol"/> says the rest.
/// </summary>
public static class StudyTemplate
{
    /// <summary>
    /// A draft from the material of the metamer sets. Fewer natural stimuli than main trials shorten the main block; fewer to spare than
    /// practice trials shorten the practice. Nothing of <paramref name="heldBack"/> is taken. Without accepted metamers the draft holds the natural condition alone, which the validator refuses;
    /// without any metamers every natural stimulus serves, for stages that are made on demand.
    /// </summary>
    public static StudyDesign Draft(StudyMaterial material, string title, Guid[] metamerSets, int mainTrials = 40, int practiceTrials = 4, IReadOnlyCollection<Guid>? heldBack = null)
    {
        var withMetamers = material.Metamers.Where(m => m.Accepted).Select(m => m.NaturalId).ToHashSet();
        var free = material.Naturals.Values.Where(n => heldBack?.Contains(n.Id) != true).ToList();
        var naturals = free.Where(n => material.Metamers.Count == 0 || withMetamers.Contains(n.Id)).ToList();
        var spare = free.Except(naturals).ToList();
        string[] categories = [.. naturals.Select(n => n.Category).Distinct().Order(StringComparer.Ordinal)];
        var practice = Practice(naturals, [.. spare.Where(n => categories.Contains(n.Category))], mainTrials, practiceTrials);
        var main = naturals.Where(n => !practice.Contains(n.Id)).Select(n => n.Id).ToArray();
        var accepted = material.CountAccepted(main);
        StudyCondition[] conditions = [.. material.PossibleConditions().Where(c => c.IsNatural || accepted.ContainsKey(c))];
        var sounds = material.Medium == Stimuli.StimulusMedium.Sound;
        return new StudyDesign
        {
            Title = title,
            Medium = material.Medium,
            Consent = sounds ? StudyTexts.SoundConsent : StudyTexts.Consent,
            Instructions = sounds ? StudyTexts.SoundInstructions : StudyTexts.Instructions,
            Thanks = StudyTexts.Thanks,
            AnalysisPlan = StudyTexts.AnalysisPlan,
            Categories = categories,
            Conditions = conditions,
            NaturalStimuli = main,
            PracticeStimuli = practice,
            MetamerSets = metamerSets,
            RecognisingModels = [.. conditions.Where(c => !c.IsNatural).Select(c => c.ModelId!.Value).Distinct()],
            MainTrials = Math.Min(mainTrials, main.Length),
            Durations = sounds ? Durations(material, main) : new TrialDurations(),
            Display = new DisplaySettings { BadTrials = sounds ? BadTrials.Repeat : BadTrials.Mark },
            Response = sounds ? new ResponseSettings { Format = AnswerFormat.Word, Icons = false } : new ResponseSettings(),
        };
    }

    /// <summary>Of sounds: they last as long as the longest, and nothing masks them.</summary>
    private static TrialDurations Durations(StudyMaterial material, Guid[] main) =>
        new() { StimulusMs = (int)Math.Ceiling(main.Max(id => material.Naturals[id].Sound?.Ms) ?? 0), MaskMs = 0 };

    /// <summary>
    /// Practice stimuli never enter the main block: who has seen a picture recognises its metamer. Pictures without accepted metamers
    /// serve first; then pictures are held back from the fullest categories, as long as each keeps one and the main block stays as long as asked.
    /// </summary>
    public static Guid[] Practice(IReadOnlyList<MaterialNatural> naturals, IReadOnlyList<MaterialNatural> spare, int mainTrials, int practiceTrials)
    {
        // A fixed seed: the same material gives the same draft.
        var draw = new Random(2023);
        var spares = spare.ToArray();
        draw.Shuffle(spares);
        var chosen = spares.GroupBy(n => n.Category).SelectMany(c => c.Select((n, turn) => (n, turn))).OrderBy(x => x.turn)
            .Select(x => x.n).Take(practiceTrials).ToList();

        var left = naturals.GroupBy(n => n.Category).Select(c => c.ToList()).ToArray();
        draw.Shuffle(left);
        var remaining = naturals.Count;
        while (chosen.Count < practiceTrials && remaining > mainTrials)
        {
            var fullest = left.MaxBy(category => category.Count)!;
            if (fullest.Count < 2) break;
            var index = draw.Next(fullest.Count);
            chosen.Add(fullest[index]);
            fullest.RemoveAt(index);
            remaining--;
        }
        return [.. chosen.Select(n => n.Id)];
    }
}

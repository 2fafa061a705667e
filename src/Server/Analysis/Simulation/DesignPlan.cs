using PerceptionStudy.Server.Participation;
using PerceptionStudy.Server.Studies;

namespace PerceptionStudy.Server.Analysis.Simulation;

/// <summary>What a design would give its participants, drawn by the code that serves them: how many trials of each condition count.</summary>
/// <param name="Conditions">Names, natural first, then as in the design.</param>
/// <param name="Expected">Proportion correct of a middle participant.</param>
/// <param name="Trials">[participant][condition] main trials that count; swapped ones do not.</param>
public sealed record DesignPlan(IReadOnlyList<string> Conditions, double[] Expected, IReadOnlyList<int[]> Trials)
{
    // Drawing a large session takes a second; after a few all conditions have had their turn.
    private const int TrialsDrawn = 2000;

    /// <exception cref="ArgumentException">Nothing can be drawn: too few natural stimuli, or no condition.</exception>
    public static DesignPlan Of(StudyDesign draft, StudyMaterial material, ObserverProfile profile, int participants, CancellationToken cancel = default)
    {
        var design = StudyPublisher.Freeze(draft, material);
        StudyCondition[] conditions = [.. design.Conditions.OrderByDescending(c => c.IsNatural)];
        var place = conditions.Index().ToDictionary(c => c.Item, c => c.Index);
        var stimuli = Stimuli(design, material);
        var soFar = new Dictionary<TrialCell, int>();
        var trials = new List<int[]>();
        for (var who = 0; who < Math.Clamp(TrialsDrawn / Math.Max(1, design.MainTrials), 2, participants); who++)
        {
            cancel.ThrowIfCancellationRequested();
            var counts = new int[conditions.Length];
            foreach (var trial in TrialSequence.Draw(design, stimuli, soFar, seed: who + 1).Where(t => t.Phase == TrialPhase.Main && !t.IsCatch))
            {
                var cell = new TrialCell(trial.NaturalStimulusId!.Value, trial.Condition);
                soFar[cell] = soFar.GetValueOrDefault(cell) + 1;
                if (!trial.Swapped) counts[place[trial.Condition]]++;
            }
            trials.Add(counts);
        }
        return new DesignPlan([.. conditions.Select(material.NameOf)], Expectations(conditions, material, profile, 1.0 / design.Categories.Length), trials);
    }

    private static TrialStimuli Stimuli(StudyDesign design, StudyMaterial material)
    {
        var shown = design.Metamers.ToHashSet();
        return new TrialStimuli(material.Naturals.Values.ToDictionary(n => n.Id, n => n.Category),
            material.Metamers.Where(m => shown.Contains(m.Id)).ToDictionary(m => new TrialCell(m.NaturalId, m.Condition), m => m.Id));
    }

    private static double[] Expectations(StudyCondition[] conditions, StudyMaterial material, ObserverProfile profile, double chance) =>
    [
        .. conditions.Select(condition =>
        {
            if (condition.IsNatural || material.Model(condition.ModelId) is not { } model || material.Stage(condition) is not { } stage) return profile.Natural;
            var stages = model.Stages.Where(s => conditions.Any(c => c.StageId == s.Id)).OrderBy(s => s.Position).ToList();
            return profile.At(condition, model.Name, stage.Name, stages.FindIndex(s => s.Id == stage.Id) + 1, stages.Count, chance);
        })
    ];
}

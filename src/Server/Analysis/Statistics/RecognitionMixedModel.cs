namespace PerceptionStudy.Server.Analysis.Statistics;

/// <summary>The trials of people at the stages of one generating model, as a logistic mixed model.</summary>
/// <param name="Reference">The condition that the intercept stands for: natural, or the first stage where natural is not there.</param>
/// <param name="LeftOut">Conditions in which everybody was right, or nobody: their log odds have no finite estimate.</param>
public sealed record RecognitionMixedModel(string GeneratingModel, string Reference, IReadOnlyList<string> LeftOut, MixedModelFit Fit)
{
    /// <summary>
    /// Log odds of a right answer = stage (fixed, against the reference) + participant + natural stimulus (crossed random intercepts). The modern alternative
    /// to the analysis of variance of proportions: it knows that answers are right or wrong, and that stimuli are a sample, too.
    /// </summary>
    /// <exception cref="FormatException">There are too few conditions, participants or stimuli, or the model cannot be estimated.</exception>
    public static RecognitionMixedModel Of(IEnumerable<TrialRecord> trials, string generatingModel)
    {
        var all = trials.Where(t => t.Counts && t.Observer != ObserverKind.Model).ToList();
        if (all.All(t => t.GeneratingModel != generatingModel))
            throw new FormatException($"There is no model '{generatingModel}' among these trials: there are {string.Join(", ", all.Select(t => t.GeneratingModel).OfType<string>().Distinct().Select(m => $"'{m}'"))}.");
        var conditions = all.Where(t => t.Condition == ConditionKind.Natural || t.GeneratingModel == generatingModel)
            .GroupBy(t => (Index: t.StageIndex!.Value, Stage: t.Condition == ConditionKind.Natural ? "natural" : t.Stage!)).OrderBy(c => c.Key.Index).ToList();
        var estimable = conditions.Where(c => c.Any(t => t.Correct) && c.Any(t => !t.Correct)).ToList();
        if (estimable.Count < 2) throw new FormatException("Fewer than two conditions have both right and wrong answers, so there is nothing to compare.");

        var rows = estimable.Index().SelectMany(c => c.Item.Select(t => (Condition: c.Index, Trial: t))).ToList();
        int[] people = Levels(rows.Select(r => (r.Trial.StudyVersion, r.Trial.Session))), stimuli = Levels(rows.Select(r => r.Trial.NaturalStimulus ?? ""));
        if (people.Max() == 0 || stimuli.Max() == 0) throw new FormatException("A mixed model needs at least two participants and two natural stimuli.");
        // Intercept, then one column for each condition but the first.
        double[][] x = [.. rows.Select(r => Enumerable.Range(0, estimable.Count).Select(c => c == 0 || c == r.Condition ? 1.0 : 0).ToArray())];
        var fit = LogisticMixedModel.Fit(["(Intercept)", .. estimable.Skip(1).Select(c => c.Key.Stage)], x, [.. rows.Select(r => r.Trial.Correct ? 1 : 0)], [.. rows.Select(_ => 1)],
            [("participant", people), ("natural stimulus", stimuli)]);
        return new RecognitionMixedModel(generatingModel, estimable[0].Key.Stage, [.. conditions.Except(estimable).Select(c => c.Key.Stage)], fit);
    }

    private static int[] Levels<T>(IEnumerable<T> names) where T : notnull
    {
        var numbers = new Dictionary<T, int>();
        return [.. names.Select(name => numbers.TryGetValue(name, out var number) ? number : numbers[name] = numbers.Count)];
    }
}

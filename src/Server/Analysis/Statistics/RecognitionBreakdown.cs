namespace PerceptionStudy.Server.Analysis.Statistics;

/// <summary>What a curve is broken down by.</summary>
public enum BreakdownBy { Category, NaturalStimulus, Participant }

/// <summary>One line of a breakdown: how often observers were right at one stage, for one category, natural stimulus or participant.</summary>
/// <param name="GeneratingModel">Null for natural.</param>
/// <param name="Interval">95 %, Wilson's, of the proportion over these trials.</param>
public sealed record BreakdownCell(ObserverKind Observer, string Name, string? GeneratingModel, int StageIndex, string Stage, string Key, int Trials, int Correct, Interval Interval)
{
    public double Proportion => (double)Correct / Trials;

    /// <summary>d′ of an unbiased observer among the study's categories.</summary>
    public required double DPrime { get; init; }
}

/// <summary>Recognition per category, per natural stimulus or per participant, over the trials that count.</summary>
public static class RecognitionBreakdown
{
    /// <summary>In the order of observers, generating models, stages and keys. People are one line, each model another.</summary>
    public static IReadOnlyList<BreakdownCell> Of(IEnumerable<TrialRecord> trials, BreakdownBy by)
    {
        var counts = new Dictionary<(ObserverKind, string, string?, int, string, string), (int Trials, int Correct, int Choices)>();
        foreach (var trial in trials.Where(t => t.Counts))
        {
            var natural = trial.Condition == ConditionKind.Natural;
            var key = (trial.Observer, trial.Observer == ObserverKind.Model ? trial.ObserverId : "", natural ? null : trial.GeneratingModel,
                natural ? 0 : trial.StageIndex!.Value, natural ? "natural" : trial.Stage!, Key(trial, by));
            var (n, correct, _) = counts.GetValueOrDefault(key);
            counts[key] = (n + 1, correct + (trial.Correct ? 1 : 0), trial.Choices);
        }
        return
        [
            .. from cell in counts
               let key = cell.Key
               orderby key.Item1, key.Item2, key.Item3, key.Item4, key.Item6
               select new BreakdownCell(key.Item1, key.Item2, key.Item3, key.Item4, key.Item5, key.Item6, cell.Value.Trials, cell.Value.Correct,
                   ProportionInterval.Wilson(cell.Value.Correct, cell.Value.Trials)!.Value)
               {
                   DPrime = Detectability.OfForcedChoice(cell.Value.Correct, cell.Value.Trials, Math.Max(2, cell.Value.Choices))!.Value,
               }
        ];
    }

    private static string Key(TrialRecord trial, BreakdownBy by) => by switch
    {
        BreakdownBy.Category => trial.Category,
        BreakdownBy.NaturalStimulus => trial.NaturalStimulus ?? "",
        _ => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"v{trial.StudyVersion}-{ObserverKinds.NameOf(trial.SessionObserver, trial.Session)}"),
    };
}

namespace PerceptionStudy.Server.Analysis;

/// <summary>
/// One forced choice of one observer, whatever it comes from: our trials or a public table. What agreement between observers is computed from.
/// </summary>
/// <param name="Condition">Empty where the source names none.</param>
/// <param name="Stimulus">Equal for two observers who saw the same stimulus.</param>
/// <param name="Response">Null where no answer came in time.</param>
/// <param name="StimulusName">What the stimulus is called, where that is not <paramref name="Stimulus"/> itself: names of cue conflicts tell shape and texture.</param>
public sealed record Choice(string Observer, string Condition, string Stimulus, string Category, string? Response, double? ReactionTimeMs = null, string? StimulusName = null)
{
    public bool Correct => Response == Category;

    /// <summary>The trials that count, of people and of models on what they saw. A model's answers are the same to the same stimulus, so each counts once.</summary>
    public static IEnumerable<Choice> Of(IEnumerable<TrialRecord> trials)
    {
        var seen = new HashSet<(string Model, string Stimulus)>();
        foreach (var trial in trials.Where(t => t.Counts))
        {
            var stimulus = trial.StimulusSha256 ?? trial.Stimulus ?? "";
            if (trial.Observer == ObserverKind.Model && !seen.Add((trial.ObserverId, stimulus))) continue;
            var condition = trial.Condition == ConditionKind.Natural ? "natural" : $"{trial.GeneratingModel} {trial.Stage}";
            var observer = trial.Observer == ObserverKind.Model ? trial.ObserverId : $"v{trial.StudyVersion}-{trial.ObserverId}";
            yield return new Choice(observer, condition, stimulus, trial.Category, trial.Response, trial.ReactionTimeMs, trial.NaturalStimulus);
        }
    }
}

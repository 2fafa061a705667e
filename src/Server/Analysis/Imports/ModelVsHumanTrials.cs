namespace PerceptionStudy.Server.Analysis.Imports;

/// <summary>
/// Trials of model-vs-human as trial records: subjects <c>subject-…</c> are people, the others models; the experiment stands in the place of the generating
/// model and its conditions in that of the stages, numbers in their order. A model answers for every participant who saw an image in that condition.
/// </summary>
internal static class ModelVsHumanTrials
{
    public static IReadOnlyList<TrialRecord> Of(IReadOnlyList<Choice> choices, string experiment)
    {
        string[] conditions = [.. choices.Select(c => c.Condition).Where(c => c.Length > 0).Distinct().OrderBy(Number).ThenBy(c => c, StringComparer.Ordinal)];
        var categories = choices.Select(c => c.Category).Union(choices.Select(c => c.Response).OfType<string>()).Count();
        var people = choices.Where(IsPerson).GroupBy(c => c.Observer).OrderBy(p => p.Key, StringComparer.Ordinal).ToList();
        var models = choices.Where(c => !IsPerson(c)).GroupBy(c => c.Observer).OrderBy(m => m.Key, StringComparer.Ordinal)
            .Select(m => (m.Key, Answers: m.GroupBy(c => (c.Condition, c.Stimulus)).ToDictionary(a => a.Key, a => a.First()))).ToList();
        if (people.Count == 0) throw new FormatException("There is no person among the subjects: people are called subject-….");
        var records = new List<TrialRecord>();
        foreach (var (number, person) in people.Index())
        {
            foreach (var (position, trial) in person.Index()) records.Add(Record(trial, number + 1, position, ObserverKind.Human, person.Key));
            foreach (var (name, answers) in models)
            {
                foreach (var (position, trial) in person.Index())
                {
                    if (answers.TryGetValue((trial.Condition, trial.Stimulus), out var answer) || answers.TryGetValue(("", trial.Stimulus), out answer))
                        records.Add(Record(answer with { Condition = trial.Condition }, number + 1, position, ObserverKind.Model, name));
                }
            }
        }
        return records;

        TrialRecord Record(Choice choice, int session, int position, ObserverKind kind, string observer) => new()
        {
            Study = experiment, StudyVersion = 1, Observer = kind, ObserverId = observer, SessionObserver = ObserverKind.Human, Session = session, SessionCompleted = true,
            Position = position, IsPractice = false, Condition = ConditionKind.Metamer, GeneratingModel = experiment,
            Stage = choice.Condition.Length > 0 ? choice.Condition : "all", StageIndex = choice.Condition.Length > 0 ? Array.IndexOf(conditions, choice.Condition) + 1 : 1,
            NaturalStimulus = choice.StimulusName ?? choice.Stimulus, Stimulus = choice.Stimulus, Category = choice.Category, Choices = categories, Response = choice.Response,
            Correct = choice.Correct, ReactionTimeMs = choice.ReactionTimeMs, SessionStartedAt = default,
        };
    }

    private static bool IsPerson(Choice choice) => choice.Observer.StartsWith("subject", StringComparison.OrdinalIgnoreCase);

    // Contrasts and noise levels are numbers; words come after them.
    private static double Number(string condition) => double.TryParse(condition, System.Globalization.CultureInfo.InvariantCulture, out var number) ? number : double.MaxValue;
}

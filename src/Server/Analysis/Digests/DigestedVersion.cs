using PerceptionStudy.Server.Analysis.Statistics;
using PerceptionStudy.Server.Studies;
using PerceptionStudy.Shared.Trials;

namespace PerceptionStudy.Server.Analysis.Digests;

/// <summary>What the places in a version's digests stand for.</summary>
internal sealed class DigestedVersion
{
    private readonly int version;
    private readonly StudyContext context;
    private readonly StudyDesign design;
    private readonly (string? Model, string Stage, int Index)[] conditions;
    private readonly Recogniser[] recognisers;

    /// <summary>A model's answer to every stimulus of the design, as the place of a category; -1 while it is not computed.</summary>
    private sealed record Recogniser(Guid Id, string Name, short[] Naturals, short[] Metamers)
    {
        public short Answer(TrialDigest trial) => trial.Metamer >= 0 ? Metamers[trial.Metamer] : Naturals[trial.Natural];
    }

    /// <summary>A model's answer to a trial: among all categories, or among those drawn for it; -1 where nothing was shown.</summary>
    private short Answer(Recogniser recogniser, TrialDigest trial) =>
        trial.Drawn == 0 && trial.Metamer >= -1 && trial.Metamer < design.Metamers.Length ? recogniser.Answer(trial)
        : Shown(trial) is not { } shown ? (short)-1
        : Place(trial.Drawn == 0 ? context.Chosen(version, recogniser.Id, shown) : context.Among(recogniser.Id, shown, [.. Drawn(trial)]));

    private short Place(string? category) => category is null ? (short)-1 : (short)Array.IndexOf(design.Categories, category);

    private IEnumerable<string> Drawn(TrialDigest trial) => design.Categories.Where((_, place) => (trial.Drawn >> place & 1) == 1);

    private Guid? Shown(TrialDigest trial) =>
        trial.Metamer == TrialDigest.NothingMade ? null :
        trial.Metamer >= design.Metamers.Length ? context.OnDemand(version).Stimulus(trial.Metamer)
        : trial.Metamer >= 0 ? design.Metamers[trial.Metamer] : design.NaturalStimuli[trial.Natural];

    public DigestedVersion(int version, StudyContext context)
    {
        (this.version, this.context, design) = (version, context, context.Designs[version]);
        conditions = [.. design.Conditions.Select((_, place) => context.Condition(version, place))];
        recognisers = [.. design.RecognisingModels.Select(model => new Recogniser(model, context.ModelName(model), Answers(model, design.NaturalStimuli), Answers(model, design.Metamers)))];

        short[] Answers(Guid model, Guid[] stimuli) => [.. stimuli.Select(s => Place(context.Chosen(version, model, s)))];
    }

    public int Choices => design.ChoicesPerTrial;

    /// <summary>The counted trials of a session by condition: its own, then each model's.</summary>
    public IEnumerable<ConditionCount> Counts(DigestedSession session, ObserverKind kind)
    {
        var counts = new (int Trials, int Correct)[1 + recognisers.Length][];
        for (var observer = 0; observer < counts.Length; observer++) counts[observer] = new (int, int)[conditions.Length];
        foreach (var trial in session.Trials)
        {
            if (!trial.Counts) continue;
            Count(ref counts[0][trial.Condition], trial.Correct);
            for (var m = 0; m < recognisers.Length; m++)
            {
                if (Answer(recognisers[m], trial) is >= 0 and var answer) Count(ref counts[m + 1][trial.Condition], answer == trial.Category);
            }
        }
        return
            from observer in Enumerable.Range(0, counts.Length)
            from cell in counts[observer].Index()
            where cell.Item.Trials > 0
            let condition = conditions[cell.Index]
            select new ConditionCount(observer == 0 ? kind : ObserverKind.Model, observer == 0 ? "" : recognisers[observer - 1].Name,
                condition.Model, condition.Index, condition.Stage, version, session.Number, cell.Item.Trials, cell.Item.Correct);

        static void Count(ref (int Trials, int Correct) cell, bool correct) => cell = (cell.Trials + 1, cell.Correct + (correct ? 1 : 0));
    }

    /// <summary>The same as records, as far as a digest knows: without timing and times of day.</summary>
    public IEnumerable<TrialRecord> Trials(DigestedSession session, ObserverKind kind)
    {
        foreach (var (position, trial) in session.Trials.Index()) yield return Record(session, kind, position, trial);
        foreach (var recogniser in recognisers)
        {
            foreach (var (position, trial) in session.Trials.Index())
            {
                if (trial.IsCatch || trial.Interrupted || Answer(recogniser, trial) is not (>= 0 and var answer)) continue;
                yield return Record(session, kind, position, trial) with
                {
                    Observer = ObserverKind.Model, ObserverId = recogniser.Name, Response = design.Categories[answer], Correct = answer == trial.Category, ReactionTimeMs = null,
                };
            }
        }
    }

    private TrialRecord Record(DigestedSession session, ObserverKind kind, int position, TrialDigest trial)
    {
        var condition = trial.IsCatch ? default : conditions[trial.Condition];
        var shown = !trial.IsCatch && Shown(trial) is { } stimulus ? context.Stimulus(stimulus) : default;
        return new TrialRecord
        {
            Study = context.Study,
            StudyVersion = version,
            Medium = design.Medium,
            Observer = kind,
            ObserverId = ObserverKinds.NameOf(kind, session.Number),
            SessionObserver = kind,
            Session = session.Number,
            SessionCompleted = true,
            ExcludedBecause = session.ExcludedBecause,
            Position = position,
            IsPractice = false,
            Condition = trial.IsCatch ? ConditionKind.Catch : condition.Model is null ? ConditionKind.Natural : ConditionKind.Metamer,
            GeneratingModel = condition.Model,
            Stage = condition.Model is null ? null : condition.Stage,
            StageIndex = trial.IsCatch ? null : condition.Index,
            LossLevel = trial.IsCatch ? 0 : design.Conditions[trial.Condition].LossLevel,
            Swapped = trial.Swapped,
            Repeated = trial.Repeated,
            NaturalStimulus = trial.IsCatch ? null : context.Stimulus(design.NaturalStimuli[trial.Natural]).Name,
            Stimulus = shown.Name,
            StimulusSha256 = shown.Sha256,
            Category = design.Categories[trial.Category],
            Choices = Choices,
            Kind = trial.Interrupted ? ResponseKind.Interrupted : ResponseKind.Choice,
            Response = trial.Response >= 0 ? design.Categories[trial.Response] : null,
            Correct = trial.Correct,
            ReactionTimeMs = double.IsNaN(trial.ReactionTimeMs) ? null : trial.ReactionTimeMs,
            SessionStartedAt = default,
        };
    }
}

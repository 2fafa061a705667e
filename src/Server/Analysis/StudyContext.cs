using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Analysis.Digests;
using PerceptionStudy.Server.Campaigns;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Participation;
using PerceptionStudy.Server.Studies;
using PerceptionStudy.Shared.Trials;
using PerceptionStudy.Synthesis.Media;

namespace PerceptionStudy.Server.Analysis;

/// <summary>Names and answers that turn a study's trials into records: read once, held while the trials stream past.</summary>
internal sealed class StudyContext
{
    private readonly string study;
    private readonly Dictionary<int, StudyDesign> designs;
    private readonly Dictionary<Guid, string> models;
    private readonly Dictionary<StudyCondition, (string Name, int Index)> stages;
    private readonly Dictionary<Guid, (string Name, string Sha256, (double Rms, double Peak)? Level)> stimuli;
    private readonly Dictionary<(Guid Model, Guid Stimulus), ModelAnswer> answers;
    private readonly Dictionary<(int Version, Guid Model, Guid Stimulus), string?> chosen = [];
    private readonly Dictionary<int, DesignPlaces> places = [];
    private readonly Dictionary<int, OnDemandPlaces> onDemand;

    private StudyContext(
        string study, Dictionary<int, StudyDesign> designs, Dictionary<int, OnDemandPlaces> onDemand, Dictionary<Guid, string> models, Dictionary<StudyCondition, (string Name, int Index)> stages,
        Dictionary<Guid, (string Name, string Sha256, (double Rms, double Peak)? Level)> stimuli, Dictionary<(Guid Model, Guid Stimulus), ModelAnswer> answers)
    {
        this.study = study;
        this.designs = designs;
        this.onDemand = onDemand;
        this.models = models;
        this.stages = stages;
        this.stimuli = stimuli;
        this.answers = answers;
    }

    /// <summary>Stage indices count the stages of all versions of the study, so that versions can be read together.</summary>
    public static async Task<StudyContext> LoadAsync(StudyDb db, Guid studyId, TrialFilter filter, CancellationToken cancel)
    {
        var version = filter.Version;
        var study = await TrialQuery.WithVersions(db, filter).AsNoTracking().FirstOrDefaultAsync(s => s.Id == studyId, cancel)
            ?? throw new RefusedException("There is no such study: it may have been deleted. Go back to the list.");
        var designs = study.Versions.ToDictionary(v => v.Number, v => v.Design);
        var wanted = designs.Where(d => version is null || d.Key == version).Select(d => d.Value).ToList();

        var conditions = designs.Values.SelectMany(d => d.Conditions).Distinct().ToLookup(c => c.StageId);
        var stageIds = conditions.Select(c => c.Key).OfType<Guid>().ToArray();
        var used = await db.Stages.AsNoTracking().Where(s => stageIds.Contains(s.Id)).OrderBy(s => s.Position).ToListAsync(cancel);
        // What was cut off at a loss level stands behind the finished metamers of its stage, with rising loss.
        var stages = used.GroupBy(s => s.ModelId)
            .SelectMany(model => model.SelectMany(s => conditions[s.Id].OrderBy(c => c.LossLevel).Select(c => (Condition: c, Name: c.Label(s.Name)))).Select((s, i) => (s.Condition, s.Name, Index: i + 1)))
            .ToDictionary(s => s.Condition, s => (s.Name, s.Index));

        var recognising = wanted.SelectMany(d => d.RecognisingModels).Distinct().ToArray();
        var models = await db.Models.ToDictionaryAsync(m => m.Id, m => m.Name, cancel);
        var onDemand = new Dictionary<int, OnDemandPlaces>();
        foreach (var v in study.Versions.Where(v => version is null || v.Number == version)) onDemand[v.Number] = await OnDemandPlaces.LoadAsync(db, v.Id, v.Design, cancel);
        var shown = wanted.SelectMany(d => StudyFreeze.StimuliOf(d)).Concat(onDemand.Values.SelectMany(o => o.Stimuli)).ToHashSet();
        var stimuli = new Dictionary<Guid, (string, string, (double, double)?)>();
        await foreach (var s in db.Stimuli.Select(s => new { s.Id, s.Name, s.Sha256, Rms = s.Sound == null ? (double?)null : s.Sound.RmsLevel, Peak = s.Sound == null ? (double?)null : s.Sound.PeakLevel }).AsAsyncEnumerable().WithCancellation(cancel))
        {
            if (shown.Contains(s.Id)) stimuli[s.Id] = (s.Name, s.Sha256, s is { Rms: { } rms, Peak: { } peak } ? (rms, peak) : null);
        }
        // A category that every trial of every version offers is the answer in each; only for another one the scores are needed.
        string[] offered = wanted.Count == 0 || wanted.Exists(d => d.Response.ChoicesPerTrial is not null) ? [] : [.. wanted.Skip(1).Aggregate<StudyDesign, IEnumerable<string>>(wanted[0].Categories, (all, d) => all.Intersect(d.Categories))];
        var answers = new Dictionary<(Guid, Guid), ModelAnswer>();
        await foreach (var a in db.ModelAnswers.Where(a => recognising.Contains(a.ModelId))
            .Select(a => new ModelAnswer { ModelId = a.ModelId, StimulusId = a.StimulusId, Category = a.Category, ScoresJson = offered.Contains(a.Category) ? "{}" : a.ScoresJson })
            .AsAsyncEnumerable().WithCancellation(cancel))
        {
            if (shown.Contains(a.StimulusId)) answers[(a.ModelId, a.StimulusId)] = a;
        }
        return new StudyContext(study.Name, designs, onDemand, models, stages, stimuli, answers);
    }

    public Guid[] RecognisingModels(int version) => designs[version].RecognisingModels;

    public string Study => study;
    public IReadOnlyDictionary<int, StudyDesign> Designs => designs;

    /// <summary>What a version made on demand.</summary>
    public OnDemandPlaces OnDemand(int version) => onDemand[version];

    public string ModelName(Guid model) => models[model];

    /// <summary>What a place in the conditions of a version's design stands for; natural has no model and the index 0.</summary>
    public (string? Model, string Stage, int Index) Condition(int version, int place) =>
        designs[version].Conditions[place] is { IsNatural: false } c ? (models[c.ModelId!.Value], stages[c].Name, stages[c].Index) : (null, "natural", 0);

    public (string Name, string Sha256) Stimulus(Guid stimulus) => (stimuli[stimulus].Name, stimuli[stimulus].Sha256);

    /// <summary>The rule of the design that leaves a session out; null for none.</summary>
    public ExclusionReason? Excluded(IReadOnlyList<AnsweredTrial> session, SessionFacts? facts)
    {
        var design = designs[session[0].Version];
        if (!design.Exclusion.Any) return null;
        if (!places.TryGetValue(session[0].Version, out var known)) places[session[0].Version] = known = new DesignPlaces(design, onDemand[session[0].Version]);
        return SessionExclusions.Of(design.Exclusion, [.. session.Where(t => t.Phase == TrialPhase.Main).Select(known.Digest)], facts);
    }

    public TrialRecord Participant(AnsweredTrial row, ObserverType observers)
    {
        var kind = ObserverKinds.Of(observers);
        return Shared(row, kind) with
        {
            ObserverId = ObserverKinds.NameOf(kind, row.Session),
            Kind = row.Kind,
            Response = row.Choice,
            Correct = row.Correct,
            ReactionTimeMs = row.ReactionTimeMs,
            Confidence = row.Confidence,
            ConfidenceTimeMs = row.ConfidenceTimeMs,
            TimingJson = row.TimingJson,
            ReceivedAt = row.ReceivedAt,
        };
    }

    /// <summary>A model's answer to what was shown, among the trial's choices; null for practice, catch and interrupted trials, and while its answer is not yet computed.</summary>
    public TrialRecord? Model(Guid model, AnsweredTrial row, ObserverType observers)
    {
        if (row.Phase != TrialPhase.Main || row.IsCatch || row.Kind == ResponseKind.Interrupted || row.StimulusId is not { } shown) return null;
        if ((row.Choices is { } drawn ? Among(model, shown, drawn) : Chosen(row.Version, model, shown)) is not { } category) return null;
        return Shared(row, ObserverKinds.Of(observers)) with
        {
            Observer = ObserverKind.Model,
            ObserverId = models[model],
            SoundRmsLevel = stimuli[shown].Level?.Rms,
            Response = category,
            Correct = category == row.CorrectCategory,
        };
    }

    /// <summary>A model's answer to a stimulus among a version's categories; null while it is not computed.</summary>
    public string? Chosen(int version, Guid model, Guid stimulus)
    {
        if (chosen.TryGetValue((version, model, stimulus), out var known)) return known;
        return chosen[(version, model, stimulus)] = Among(model, stimulus, designs[version].Categories);
    }

    /// <summary>A model's answer to a stimulus among some categories; null while it is not computed, or if it knows none of them.</summary>
    public string? Among(Guid model, Guid stimulus, IReadOnlyCollection<string> categories) =>
        answers.TryGetValue((model, stimulus), out var answer) ? answer.Among(categories) : null;

    private TrialRecord Shared(AnsweredTrial row, ObserverKind session)
    {
        var stage = row.StageId is null ? default : stages[row.Condition];
        var shown = row.StimulusId is { } stimulus ? stimuli[stimulus] : default;
        return new TrialRecord
        {
            Study = study,
            StudyVersion = row.Version,
            Medium = designs[row.Version].Medium,
            Observer = session,
            ObserverId = "",
            SessionObserver = session,
            Session = row.Session,
            SessionCompleted = row.Completed,
            Position = row.Position,
            IsPractice = row.Phase == TrialPhase.Practice,
            Condition = row.IsCatch ? ConditionKind.Catch : row.ModelId is null ? ConditionKind.Natural : ConditionKind.Metamer,
            GeneratingModel = row.ModelId is { } model ? models[model] : null,
            Stage = stage.Name,
            StageIndex = row.IsCatch ? null : stage.Index,
            LossLevel = row.LossLevel,
            Swapped = row.Swapped,
            MadeOnDemand = row.OnDemand && row.Fallback is null && row.StimulusId is not null,
            Fallback = row.Fallback,
            WaitedMs = row.WaitedMs,
            IsRepeat = row.IsRepeat,
            Repeated = row.Repeated,
            NaturalStimulus = row.NaturalStimulusId is { } natural ? stimuli[natural].Name : null,
            Stimulus = shown.Name,
            StimulusSha256 = shown.Sha256,
            SoundRmsLevel = shown.Level is { } kept ? designs[row.Version].Sound.Rms is { } asked ? Math.Min(asked, SoundLevel.Highest(kept.Rms, kept.Peak)) : kept.Rms : null,
            Category = row.CorrectCategory,
            Choices = designs[row.Version].ChoicesPerTrial,
            DrawnChoices = row.Choices,
            Correct = false,
            SessionStartedAt = row.StartedAt,
        };
    }
}

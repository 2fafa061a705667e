using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Campaigns;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Participation;
using PerceptionStudy.Server.Studies;
using PerceptionStudy.Shared;

namespace PerceptionStudy.Server.Analysis;

/// <summary>Names and answers that turn a study's trials into records: read once, held while the trials stream past.</summary>
internal sealed class StudyContext
{
    private readonly string study;
    private readonly Dictionary<int, StudyDesign> designs;
    private readonly Dictionary<Guid, string> models;
    private readonly Dictionary<Guid, (string Name, int Index)> stages;
    private readonly Dictionary<Guid, (string Name, string Sha256)> stimuli;
    private readonly Dictionary<(Guid Model, Guid Stimulus), ModelAnswer> answers;

    private StudyContext(
        string study, Dictionary<int, StudyDesign> designs, Dictionary<Guid, string> models, Dictionary<Guid, (string Name, int Index)> stages,
        Dictionary<Guid, (string Name, string Sha256)> stimuli, Dictionary<(Guid Model, Guid Stimulus), ModelAnswer> answers)
    {
        this.study = study;
        this.designs = designs;
        this.models = models;
        this.stages = stages;
        this.stimuli = stimuli;
        this.answers = answers;
    }

    /// <summary>Stage indices count the stages of all versions of the study, so that versions can be read together.</summary>
    public static async Task<StudyContext> LoadAsync(StudyDb db, Guid studyId, int? version, CancellationToken cancel)
    {
        var study = await db.Studies.Include(s => s.Versions).AsNoTracking().FirstOrDefaultAsync(s => s.Id == studyId, cancel)
            ?? throw new RefusedException("There is no such study: it may have been deleted. Go back to the list.");
        var designs = study.Versions.ToDictionary(v => v.Number, v => v.Design);
        var wanted = designs.Where(d => version is null || d.Key == version).Select(d => d.Value).ToList();

        var stageIds = designs.Values.SelectMany(d => d.Conditions).Select(c => c.StageId).OfType<Guid>().Distinct().ToArray();
        var used = await db.Stages.AsNoTracking().Where(s => stageIds.Contains(s.Id)).OrderBy(s => s.Position).ToListAsync(cancel);
        var stages = used.GroupBy(s => s.ModelId).SelectMany(model => model.Select((s, i) => (s.Id, s.Name, Index: i + 1)))
            .ToDictionary(s => s.Id, s => (s.Name, s.Index));

        var recognising = wanted.SelectMany(d => d.RecognisingModels).Distinct().ToArray();
        var models = await db.Models.ToDictionaryAsync(m => m.Id, m => m.Name, cancel);
        var shown = wanted.SelectMany(d => d.NaturalStimuli.Concat(d.PracticeStimuli).Concat(d.Metamers)).ToHashSet();
        var stimuli = new Dictionary<Guid, (string, string)>();
        await foreach (var s in db.Stimuli.Select(s => new { s.Id, s.Name, s.Sha256 }).AsAsyncEnumerable().WithCancellation(cancel))
        {
            if (shown.Contains(s.Id)) stimuli[s.Id] = (s.Name, s.Sha256);
        }
        var answers = new Dictionary<(Guid, Guid), ModelAnswer>();
        await foreach (var a in db.ModelAnswers.AsNoTracking().Where(a => recognising.Contains(a.ModelId)).AsAsyncEnumerable().WithCancellation(cancel))
        {
            if (shown.Contains(a.StimulusId)) answers[(a.ModelId, a.StimulusId)] = a;
        }
        return new StudyContext(study.Name, designs, models, stages, stimuli, answers);
    }

    public Guid[] RecognisingModels(int version) => designs[version].RecognisingModels;

    public TrialRecord Participant(AnsweredTrial row, ObserverType observers)
    {
        var kind = observers == ObserverType.Human ? ObserverKind.Human : ObserverKind.Synthetic;
        return Shared(row, kind) with
        {
            ObserverId = $"{(kind == ObserverKind.Human ? 'P' : 'S')}{row.Session}",
            Response = row.Response.Choice,
            Correct = row.Response.Correct,
            ReactionTimeMs = row.Response.ReactionTimeMs,
            Timing = JsonSerializer.Deserialize(row.Response.TimingJson, WireJson.Default.TrialTiming),
            ReceivedAt = row.Response.ReceivedAt,
        };
    }

    /// <summary>A model's answer to what was shown, among the study's categories; null for practice and catch trials, and while its answer is not yet computed.</summary>
    public TrialRecord? Model(Guid model, AnsweredTrial row, ObserverType observers)
    {
        if (row.Trial.Phase != TrialPhase.Main || row.Trial.StimulusId is not { } shown || !answers.TryGetValue((model, shown), out var answer)) return null;
        if (answer.Among(designs[row.Version].Categories) is not { } category) return null;
        return Shared(row, observers == ObserverType.Human ? ObserverKind.Human : ObserverKind.Synthetic) with
        {
            Observer = ObserverKind.Model,
            ObserverId = models[model],
            Response = category,
            Correct = category == row.Trial.CorrectCategory,
        };
    }

    private TrialRecord Shared(AnsweredTrial row, ObserverKind session)
    {
        var trial = row.Trial;
        var stage = trial.StageId is { } id ? stages[id] : default;
        var shown = trial.StimulusId is { } stimulus ? stimuli[stimulus] : default;
        return new TrialRecord
        {
            Study = study,
            StudyVersion = row.Version,
            Observer = session,
            ObserverId = "",
            SessionObserver = session,
            Session = row.Session,
            SessionCompleted = row.Completed,
            Position = trial.Position,
            IsPractice = trial.Phase == TrialPhase.Practice,
            Condition = trial.IsCatch ? ConditionKind.Catch : trial.ModelId is null ? ConditionKind.Natural : ConditionKind.Metamer,
            GeneratingModel = trial.ModelId is { } model ? models[model] : null,
            Stage = stage.Name,
            StageIndex = trial.IsCatch ? null : stage.Index,
            Swapped = trial.Swapped,
            NaturalStimulus = trial.NaturalStimulusId is { } natural ? stimuli[natural].Name : null,
            Stimulus = shown.Name,
            StimulusSha256 = shown.Sha256,
            Category = trial.CorrectCategory,
            Choices = designs[row.Version].Categories.Length,
            Correct = false,
            SessionStartedAt = row.StartedAt,
        };
    }
}

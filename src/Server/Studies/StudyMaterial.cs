using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Stimuli;
using PerceptionStudy.Synthesis.FrontEnds;

namespace PerceptionStudy.Server.Studies;

/// <summary>A natural stimulus as far as a design cares.</summary>
/// <param name="SetId">The set that it lies in; null where sets do not matter.</param>
/// <param name="Sound">Rate, length and level of a sound; null for a picture.</param>
public sealed record MaterialNatural(Guid Id, string Name, string Category, Guid? SetId = null, MaterialSound? Sound = null)
{
    public StimulusMedium Medium => Sound is null ? StimulusMedium.Picture : StimulusMedium.Sound;
}

/// <summary>Sampling rate, length and level of a sound.</summary>
/// <param name="Rms">Root of the mean square of the file, where full scale is 1.</param>
/// <param name="Peak">Its largest magnitude.</param>
public sealed record MaterialSound(int RateHz, int Samples, double Rms, double Peak)
{
    public double Ms => 1000.0 * Samples / RateHz;
}

/// <summary>A set of stimuli, and by which right it may be shown.</summary>
public sealed record MaterialSet(Guid Id, string Name, string? Licence);

/// <summary>A metamer as far as a design cares. <paramref name="Id"/> is its stimulus.</summary>
/// <param name="Sound">Rate, length and level of a sound; null for a picture.</param>
public sealed record MaterialMetamer(Guid Id, Guid SetId, Guid NaturalId, Guid ModelId, Guid StageId, bool Accepted, MaterialSound? Sound = null, double LossLevel = 0)
{
    public StudyCondition Condition => new(ModelId, StageId, LossLevel);
}

/// <summary>A model, its stages from input to output, and the categories that it can answer.</summary>
/// <param name="RateHz">Sampling rate of its sounds; null of a model of pictures.</param>
/// <param name="FileMissing">Whether it answers nothing until its file is given.</param>
public sealed record MaterialModel(Guid Id, string Name, MaterialStage[] Stages, string[] Categories, int? RateHz = null, bool FileMissing = false)
{
    public StimulusMedium Medium => RateHz is null ? StimulusMedium.Picture : StimulusMedium.Sound;
}

/// <summary>A stage of a model.</summary>
public sealed record MaterialStage(Guid Id, string Name, int Position, bool Differentiable = true);

/// <summary>What a design can choose from: read once, so that the template, the validator and the publisher are pure functions of it.</summary>
public sealed class StudyMaterial(
    IReadOnlyList<MaterialNatural> naturals, IReadOnlyList<MaterialMetamer> metamers, IReadOnlyList<MaterialModel> models, IReadOnlyList<MaterialSet>? sets = null)
{
    /// <summary>All natural stimuli of the natural sets involved.</summary>
    public IReadOnlyDictionary<Guid, MaterialNatural> Naturals { get; } = naturals.ToDictionary(n => n.Id);

    /// <summary>Metamers of the chosen sets, accepted or not; the order of the sets, then a fixed order within each.</summary>
    public IReadOnlyList<MaterialMetamer> Metamers { get; } = metamers;

    /// <summary>All registered models, by name.</summary>
    public IReadOnlyList<MaterialModel> Models { get; } = models;

    /// <summary>The natural sets involved.</summary>
    public IReadOnlyList<MaterialSet> Sets { get; } = sets ?? [];

    /// <summary>Sounds if there are any among the natural stimuli, otherwise pictures; a mixture is the validator's business.</summary>
    public StimulusMedium Medium => Naturals.Values.Any(n => n.Medium == StimulusMedium.Sound) ? StimulusMedium.Sound : StimulusMedium.Picture;

    public MaterialModel? Model(Guid? id) => Models.FirstOrDefault(m => m.Id == id);

    public MaterialStage? Stage(StudyCondition condition) => Model(condition.ModelId)?.Stages.FirstOrDefault(s => s.Id == condition.StageId);

    /// <summary>Readable name of a condition: <c>natural</c> or <c>model, stage</c>.</summary>
    public string NameOf(StudyCondition condition) => condition.IsNatural
        ? "natural"
        : $"{Model(condition.ModelId)?.Name ?? "an unknown model"}, {condition.Label(Stage(condition)?.Name ?? "an unknown stage")}";

    /// <summary>Accepted metamers of the natural stimuli, by condition.</summary>
    public Dictionary<StudyCondition, int> CountAccepted(IEnumerable<Guid> naturals)
    {
        var wanted = naturals.ToHashSet();
        return Metamers.Where(m => m.Accepted && wanted.Contains(m.NaturalId))
            .GroupBy(m => m.Condition)
            .ToDictionary(cell => cell.Key, cell => cell.Select(m => m.NaturalId).Distinct().Count());
    }

    /// <summary>Natural, then every model and stage that metamers were made at, accepted or not: models by name, stages from input to output.</summary>
    public StudyCondition[] PossibleConditions()
    {
        var made = Metamers.Select(m => m.Condition).ToHashSet();
        return [StudyCondition.Natural, .. MetamersInOrder(made).Where(made.Contains)];
    }

    /// <summary>Conditions as a design lists them: natural, models by name, stages from input to output, each finished first, then with rising loss; at the end what is no longer there.</summary>
    public StudyCondition[] InOrder(IReadOnlySet<StudyCondition> conditions)
    {
        StudyCondition[] known = [StudyCondition.Natural, .. MetamersInOrder(conditions)];
        return [.. known.Where(conditions.Contains), .. conditions.Except(known)];
    }

    private IEnumerable<StudyCondition> MetamersInOrder(IReadOnlySet<StudyCondition> conditions)
    {
        var levels = conditions.Select(c => c.LossLevel).Distinct().Order().ToArray();
        return from model in Models from stage in model.Stages from level in levels select new StudyCondition(model.Id, stage.Id, level);
    }

    /// <summary>Reads what a design names: its metamer sets, the natural sets behind them, and the models.</summary>
    public static Task<StudyMaterial> LoadAsync(StudyDb db, StudyDesign design, CancellationToken cancel = default) =>
        LoadAsync(db, design.MetamerSets, [.. design.NaturalStimuli, .. design.PracticeStimuli, .. design.CatchStimuli], cancel);

    /// <summary>Reads the metamers of the sets and all stimuli of every natural set that they or <paramref name="alsoNaturals"/> belong to.</summary>
    public static async Task<StudyMaterial> LoadAsync(StudyDb db, Guid[] metamerSets, Guid[] alsoNaturals, CancellationToken cancel = default)
    {
        var metamers = await (
            from stimulus in db.Stimuli
            join metamer in db.Metamers on stimulus.Id equals metamer.StimulusId
            where metamerSets.Contains(stimulus.SetId)
            select new MaterialMetamer(stimulus.Id, stimulus.SetId, metamer.NaturalStimulusId, metamer.ModelId, metamer.StageId,
                metamer.MeetsCriteria && metamer.RejectedBecause == null, stimulus.Sound == null ? null : new MaterialSound(stimulus.Sound.RateHz, stimulus.Sound.Samples, stimulus.Sound.RmsLevel, stimulus.Sound.PeakLevel), metamer.LossLevel)).ToListAsync(cancel);

        var seeds = metamers.Select(m => m.NaturalId).Concat(alsoNaturals).ToHashSet();
        var setOf = await db.Stimuli.Where(s => s.Metamer == null).Select(s => new { s.Id, s.SetId }).ToListAsync(cancel);
        var naturalSets = setOf.Where(s => seeds.Contains(s.Id)).Select(s => s.SetId).Distinct().ToArray();
        var naturals = await db.Stimuli.Where(s => s.Metamer == null && naturalSets.Contains(s.SetId))
            .Select(s => new MaterialNatural(s.Id, s.Name, s.Category, s.SetId, s.Sound == null ? null : new MaterialSound(s.Sound.RateHz, s.Sound.Samples, s.Sound.RmsLevel, s.Sound.PeakLevel))).ToListAsync(cancel);
        var sets = await db.StimulusSets.Where(s => naturalSets.Contains(s.Id)).OrderBy(s => s.Name)
            .Select(s => new MaterialSet(s.Id, s.Name, s.Licence)).ToListAsync(cancel);

        var models = await db.Models.Include(m => m.Stages).AsNoTracking().AsSplitQuery().ToListAsync(cancel);
        return new StudyMaterial(
            [.. naturals.OrderBy(n => n.Category, StringComparer.Ordinal).ThenBy(n => n.Name, StringComparer.Ordinal).ThenBy(n => n.Id)],
            [.. metamers.OrderBy(m => Array.IndexOf(metamerSets, m.SetId)).ThenBy(m => m.Id)],
            [.. models.OrderBy(m => m.Name, StringComparer.Ordinal).Select(m => new MaterialModel(m.Id, m.Name,
                [.. m.Stages.OrderBy(s => s.Position).Select(s => new MaterialStage(s.Id, s.Name, s.Position, s.Differentiable))], [.. m.Pipeline.Categories.Keys], (m.Pipeline as SoundPipeline)?.RateHz, m.FileMissing))],
            sets);
    }

    /// <summary>The natural sets of sounds.</summary>
    public static Task<List<MaterialSet>> SoundSetsAsync(StudyDb db, CancellationToken cancel = default) =>
        db.StimulusSets.Where(s => s.Kind == StimulusKind.Natural && s.Medium == StimulusMedium.Sound).OrderBy(s => s.Name).Select(s => new MaterialSet(s.Id, s.Name, s.Licence)).ToListAsync(cancel);

    /// <summary>The metamer sets that a study can be made from, with the number of accepted metamers in each.</summary>
    public static async Task<List<MetamerSetChoice>> MetamerSetsAsync(StudyDb db, CancellationToken cancel = default) =>
        await db.StimulusSets.Where(s => s.Kind == StimulusKind.Metamer).OrderBy(s => s.Name)
            .Select(s => new MetamerSetChoice(s.Id, s.Name, s.Medium, s.Stimuli.Count,
                s.Stimuli.Count(m => m.Metamer != null && m.Metamer.MeetsCriteria && m.Metamer.RejectedBecause == null),
                s.Stimuli.Where(m => m.Metamer != null && m.Metamer.MeetsCriteria && m.Metamer.RejectedBecause == null).Select(m => m.Metamer!.NaturalStimulusId).Distinct().Count()))
            .ToListAsync(cancel);

    /// <summary>The natural sets that a study can be made from whose metamers are all made while it runs.</summary>
    public static async Task<List<MetamerSetChoice>> NaturalSetsAsync(StudyDb db, CancellationToken cancel = default) =>
        await db.StimulusSets.Where(s => s.Kind == StimulusKind.Natural && s.Stimuli.Count > 0).OrderBy(s => s.Name)
            .Select(s => new MetamerSetChoice(s.Id, s.Name, s.Medium, 0, 0, s.Stimuli.Count)).ToListAsync(cancel);
}

/// <summary>A set as it is offered: of metamers, or of natural stimuli without any.</summary>
/// <param name="Naturals">Natural stimuli that have an accepted metamer in it; of a natural set all.</param>
public sealed record MetamerSetChoice(Guid Id, string Name, StimulusMedium Medium, int Metamers, int Accepted, int Naturals);

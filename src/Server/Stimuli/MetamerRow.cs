using PerceptionStudy.Server.Data;

namespace PerceptionStudy.Server.Stimuli;

/// <summary>A metamer as galleries show it: without its manifest, so that thousands of them can be at hand.</summary>
public sealed record MetamerRow
{
    /// <summary>Id of its stimulus.</summary>
    public required Guid Id { get; init; }

    public required string Name { get; init; }
    public required string Category { get; init; }
    public required string Sha256 { get; init; }

    /// <summary>Length and level; null of a picture.</summary>
    public SoundFacts? Sound { get; init; }

    public StimulusMedium Medium => Sound is null ? StimulusMedium.Picture : StimulusMedium.Sound;

    public required string NaturalName { get; init; }
    public required string NaturalSha256 { get; init; }
    public required Guid ModelId { get; init; }
    public required StageName Stage { get; init; }

    /// <summary>Fraction of the loss at the start at which the synthesis was cut off; 0 of a finished metamer.</summary>
    public double LossLevel { get; init; }

    /// <summary>Name of the stage, and the loss level where there is one.</summary>
    public string StageLabel => StageName.Label(Stage.Stage, LossLevel);

    public required Guid StageId { get; init; }
    public required int Seed { get; init; }
    public required double LossOfSavedFile { get; init; }
    public required double Spearman { get; init; }
    public required double Pearson { get; init; }
    public required double SnrDb { get; init; }
    public required double PaperSnrDb { get; init; }
    public required string NaturalClass { get; init; }
    public required string MetamerClass { get; init; }
    public required bool MeetsCriteria { get; init; }

    /// <summary>Why it does not, one sentence a line.</summary>
    public required string Reasons { get; init; }

    public required string? RejectedBecause { get; init; }

    /// <summary>Whether the measures are known: not if the model's file was missing when it was imported.</summary>
    public bool IsMeasured => NaturalClass.Length > 0;

    public MetamerState State => RejectedBecause is not null ? MetamerState.LeftOut : MeetsCriteria ? MetamerState.Accepted : MetamerState.Failed;

    /// <summary>The metamers among these stimuli.</summary>
    public static IQueryable<MetamerRow> Of(StudyDb db, IQueryable<Stimulus> stimuli) =>
        from s in stimuli
        join m in db.Metamers on s.Id equals m.StimulusId
        join natural in db.Stimuli on m.NaturalStimulusId equals natural.Id
        join model in db.Models on m.ModelId equals model.Id
        join stage in db.Stages on m.StageId equals stage.Id
        select new MetamerRow
        {
            Id = s.Id, Name = s.Name, Category = s.Category, Sha256 = s.Sha256, NaturalName = natural.Name, NaturalSha256 = natural.Sha256, ModelId = m.ModelId,
            Stage = new StageName(model.Name, stage.Name), LossLevel = m.LossLevel, StageId = m.StageId, Seed = m.Seed, LossOfSavedFile = m.LossOfSavedFile, Spearman = m.Spearman, Pearson = m.Pearson,
            SnrDb = m.SnrDb, PaperSnrDb = m.PaperSnrDb, NaturalClass = m.NaturalClass, MetamerClass = m.MetamerClass, MeetsCriteria = m.MeetsCriteria, Reasons = m.Reasons,
            RejectedBecause = m.RejectedBecause,
            // Not the owned object itself, which comes only with its owner.
            Sound = s.Sound == null ? null : new SoundFacts
            {
                RateHz = s.Sound.RateHz, Samples = s.Sound.Samples, RmsLevel = s.Sound.RmsLevel, PeakLevel = s.Sound.PeakLevel, LoudnessLufs = s.Sound.LoudnessLufs, Note = s.Sound.Note,
            },
        };
}

/// <summary>Whether a metamer may be shown: it meets the criteria, does not, or was left out by a person in spite of them.</summary>
public enum MetamerState { Accepted, Failed, LeftOut }

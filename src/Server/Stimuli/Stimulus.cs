using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using PerceptionStudy.Server.Accounts.Auditing;
using PerceptionStudy.Server.Models;

namespace PerceptionStudy.Server.Stimuli;

public enum StimulusKind { Natural, Metamer }

/// <summary>What a stimulus is: to be seen, or to be heard.</summary>
public enum StimulusMedium { Picture, Sound }

/// <summary>A named collection of natural stimuli, or of the metamers that one campaign made.</summary>
[Audited]
public sealed class StimulusSet
{
    public Guid Id { get; set; }
    public required string Name { get; set; }
    public StimulusKind Kind { get; set; }

    /// <summary>Of what it is a set; all of its stimuli are of this medium.</summary>
    public StimulusMedium Medium { get; set; }

    public string? Licence { get; set; }
    public string? Source { get; set; }

    /// <summary>Side of its square pictures in pixels; null where each keeps its own, and of a set of sounds.</summary>
    public int? SidePixels { get; set; }

    /// <summary>The form that recordings are brought into; null where each is kept as it is, and of a set of pictures.</summary>
    public SoundForm? SoundForm { get; set; }

    public DateTimeOffset CreatedAt { get; set; }
    public List<Stimulus> Stimuli { get; } = [];
}

/// <summary>One picture or sound: natural, or a metamer with its provenance.</summary>
[Audited]
public sealed class Stimulus
{
    public Guid Id { get; set; }
    public Guid SetId { get; set; }

    /// <summary>File name without folder and ending.</summary>
    public required string Name { get; set; }

    /// <summary>The category of the natural stimulus: what is right to answer.</summary>
    public required string Category { get; set; }

    /// <summary>Hash of the file, and its key in the blob store.</summary>
    public required string Sha256 { get; set; }

    /// <summary><c>image/png</c>, or <c>audio/wav</c>: 16 bits, one channel.</summary>
    public required string MediaType { get; set; }

    /// <summary>Width in pixels; 0 of a sound.</summary>
    public int Width { get; set; }

    /// <summary>Height in pixels; 0 of a sound.</summary>
    public int Height { get; set; }

    /// <summary>Length and level of a sound; null of a picture.</summary>
    public SoundFacts? Sound { get; set; }

    /// <summary>Licence of this stimulus, where it differs from the set's.</summary>
    public string? Licence { get; set; }

    /// <summary>Source of this stimulus, where it differs from the set's.</summary>
    public string? Source { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>Null for a natural stimulus.</summary>
    public Metamer? Metamer { get; set; }
}

/// <summary>Where a metamer comes from, how well it matches, and whether it may be shown.</summary>
[Audited(Except = [nameof(ManifestJson)])]
public sealed class Metamer
{
    public Guid StimulusId { get; set; }
    public Guid NaturalStimulusId { get; set; }
    public Guid ModelId { get; set; }
    public Guid StageId { get; set; }

    /// <summary>Fraction of the loss at the start at which the synthesis was cut off; 0 of a finished metamer.</summary>
    public double LossLevel { get; set; }

    public required string Preset { get; set; }
    public int Seed { get; set; }
    public int GradientEvaluations { get; set; }
    public double Loss { get; set; }
    public double LossOfSavedFile { get; set; }
    public double Spearman { get; set; }
    public double Pearson { get; set; }
    public double SnrDb { get; set; }
    public double PaperSnrDb { get; set; }

    /// <summary>What the generating model takes the natural stimulus for; empty where nothing could be measured, because its file was missing.</summary>
    public required string NaturalClass { get; set; }

    public required string MetamerClass { get; set; }

    /// <summary>Whether the criteria of the synthesis hold; of one that was cut off, whether the file has the loss level.</summary>
    public bool MeetsCriteria { get; set; }

    /// <summary>Why they do not, one sentence a line; empty if they do.</summary>
    public string Reasons { get; set; } = "";

    /// <summary>A researcher's reason for leaving it out in spite of the criteria; null while it is in.</summary>
    public string? RejectedBecause { get; set; }

    /// <summary>What people have decided about it, the first first.</summary>
    public List<MetamerVerdict> Verdicts { get; } = [];

    /// <summary>The manifest that the synthesis wrote, whole.</summary>
    public required string ManifestJson { get; set; }

    /// <summary>Whether losses, measures of the match and classes are known; they are 0 and empty otherwise.</summary>
    public bool IsMeasured => NaturalClass.Length > 0;

    /// <summary>Only accepted metamers may enter a study.</summary>
    public bool Accepted => MeetsCriteria && RejectedBecause is null;
}

/// <summary>A person's decision about a metamer. Decisions are added, never changed.</summary>
public sealed class MetamerVerdict
{
    public Guid Id { get; set; }
    public Guid StimulusId { get; set; }
    public DateTimeOffset DecidedAt { get; set; }
    public required string DecidedBy { get; set; }

    /// <summary>Why it is left out from then on; null where it was taken in again.</summary>
    public string? RejectedBecause { get; set; }
}

internal sealed class StimulusConfiguration :
    IEntityTypeConfiguration<StimulusSet>, IEntityTypeConfiguration<Stimulus>, IEntityTypeConfiguration<Metamer>, IEntityTypeConfiguration<MetamerVerdict>
{
    public void Configure(EntityTypeBuilder<StimulusSet> set)
    {
        set.HasIndex(s => s.Name).IsUnique();
        set.Property(s => s.Medium).HasConversion<string>().HasMaxLength(16);
        set.OwnsOne(s => s.SoundForm);
        set.HasMany(s => s.Stimuli).WithOne().HasForeignKey(s => s.SetId).OnDelete(DeleteBehavior.Cascade);
    }

    public void Configure(EntityTypeBuilder<Stimulus> stimulus)
    {
        stimulus.HasIndex(s => new { s.SetId, s.Category });
        stimulus.HasIndex(s => s.Sha256);
        stimulus.OwnsOne(s => s.Sound);
        stimulus.HasOne(s => s.Metamer).WithOne().HasForeignKey<Metamer>(m => m.StimulusId).OnDelete(DeleteBehavior.Cascade);
    }

    public void Configure(EntityTypeBuilder<Metamer> metamer)
    {
        metamer.HasKey(m => m.StimulusId);
        metamer.Ignore(m => m.Accepted);
        metamer.Ignore(m => m.IsMeasured);
        metamer.HasIndex(m => new { m.NaturalStimulusId, m.ModelId, m.StageId });
        metamer.HasOne<Stimulus>().WithMany().HasForeignKey(m => m.NaturalStimulusId).OnDelete(DeleteBehavior.Restrict);
        metamer.HasOne<RegisteredModel>().WithMany().HasForeignKey(m => m.ModelId).OnDelete(DeleteBehavior.Restrict);
        metamer.HasOne<ModelStage>().WithMany().HasForeignKey(m => m.StageId).OnDelete(DeleteBehavior.Restrict);
    }

    public void Configure(EntityTypeBuilder<MetamerVerdict> verdict) =>
        verdict.HasOne<Metamer>().WithMany(m => m.Verdicts).HasForeignKey(v => v.StimulusId).OnDelete(DeleteBehavior.Cascade);
}

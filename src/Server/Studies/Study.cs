using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using PerceptionStudy.Server.Accounts.Auditing;

namespace PerceptionStudy.Server.Studies;

public enum StudyState { Draft, Open, Closed }

/// <summary>A forced-choice study. Its design is a draft until it is published, and each publication freezes a version.</summary>
[Audited(Study = nameof(Id))]
public sealed class Study
{
    public Guid Id { get; set; }
    public required string Name { get; set; }

    /// <summary>The part of the participants' address that names the study: <c>/s/{LinkKey}</c>.</summary>
    public required string LinkKey { get; set; }

    public StudyState State { get; set; }

    /// <summary>The <see cref="StudyDesign"/> that the editor shows, as JSON.</summary>
    public required string DraftJson { get; set; }

    /// <summary>Counts the saved states of the draft, so that nobody overwrites what somebody else has saved meanwhile.</summary>
    public int DraftRevision { get; set; }

    /// <summary>How many people may take part; null for no limit.</summary>
    public int? Places { get; set; }

    /// <summary>Whether the home page offers it to everybody.</summary>
    public bool ListedOnHomePage { get; set; }

    public DateTimeOffset CreatedAt { get; set; }
    public List<StudyVersion> Versions { get; } = [];

    /// <summary>Whether results of people have to stay hidden: it is open, and its latest version is blind. Needs <see cref="Versions"/>.</summary>
    public bool Blinded => State == StudyState.Open && Versions.MaxBy(v => v.Number)?.Design.BlindUntilClosed == true;

    public StudyDesign Draft
    {
        get => JsonSerializer.Deserialize<StudyDesign>(DraftJson, JsonSerializerOptions.Web)!;
        set => DraftJson = JsonSerializer.Serialize(value, JsonSerializerOptions.Web);
    }
}

/// <summary>A published design: never changed, and every session belongs to one.</summary>
[Audited(Study = nameof(StudyId), Except = [nameof(DesignJson)])]
public sealed class StudyVersion
{
    public Guid Id { get; set; }
    public Guid StudyId { get; set; }

    /// <summary>1, 2, 3, … within the study.</summary>
    public int Number { get; set; }

    public required string DesignJson { get; set; }

    /// <summary>Hash of <see cref="DesignJson"/>.</summary>
    public required string DesignSha256 { get; set; }

    public DateTimeOffset PublishedAt { get; set; }

    /// <summary>Read once: a published design never changes.</summary>
    public StudyDesign Design => field ??= JsonSerializer.Deserialize<StudyDesign>(DesignJson, JsonSerializerOptions.Web)!;
}

internal sealed class StudyConfiguration : IEntityTypeConfiguration<Study>, IEntityTypeConfiguration<StudyVersion>
{
    public void Configure(EntityTypeBuilder<Study> study)
    {
        study.Ignore(s => s.Draft);
        study.Ignore(s => s.Blinded);
        study.Property(s => s.DraftRevision).IsConcurrencyToken();
        study.Property(s => s.State).HasConversion<string>().HasMaxLength(16);
        study.HasIndex(s => s.LinkKey).IsUnique();
        study.HasMany(s => s.Versions).WithOne().HasForeignKey(v => v.StudyId).OnDelete(DeleteBehavior.Cascade);
    }

    public void Configure(EntityTypeBuilder<StudyVersion> version)
    {
        version.Ignore(v => v.Design);
        version.HasIndex(v => new { v.StudyId, v.Number }).IsUnique();
    }
}

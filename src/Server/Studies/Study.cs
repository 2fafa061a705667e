using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using PerceptionStudy.Server.Accounts.Auditing;

namespace PerceptionStudy.Server.Studies;

public enum StudyState
{
    /// <summary>Never published.</summary>
    Draft,

    /// <summary>Everybody with the link can begin.</summary>
    Open,

    /// <summary>Nobody can begin for a while; sessions under way go on, and a blind study stays blind.</summary>
    Paused,

    /// <summary>Nobody can begin any more.</summary>
    Closed,

    /// <summary>Closed, and out of the list of studies.</summary>
    Archived,
}

/// <summary>A forced-choice study. Its design is a draft until it is published, and each publication freezes a version.</summary>
[Audited(Study = nameof(Id), Except = [nameof(Opened)])]
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

    /// <summary>How often the first page was opened while the study was open: loads of the page, not people.</summary>
    public long Opened { get; set; }

    public DateTimeOffset CreatedAt { get; set; }
    public List<StudyVersion> Versions { get; } = [];

    /// <summary>Whether results of people have to stay hidden: it is not closed yet, and its latest version is blind. Needs <see cref="Versions"/>.</summary>
    public bool Blinded => State is StudyState.Open or StudyState.Paused && Versions.MaxBy(v => v.Number)?.Design.BlindUntilClosed == true;

    public StudyDesign Draft
    {
        get => JsonSerializer.Deserialize<StudyDesign>(DraftJson, JsonSerializerOptions.Web)!;
        set => DraftJson = JsonSerializer.Serialize(value, JsonSerializerOptions.Web);
    }
}

/// <summary>A published design: never changed, and every session belongs to one.</summary>
[Audited(Study = nameof(StudyId), Except = [nameof(DesignJson), nameof(FreezeJson)], When = nameof(IsPublished))]
public sealed class StudyVersion
{
    public Guid Id { get; set; }
    public Guid StudyId { get; set; }

    /// <summary>1, 2, 3, … within the study; negative for a draft that researchers try as a participant (<see cref="StudyPublisher.FreezePreviewAsync"/>), which no query sees by itself.</summary>
    public int Number { get; set; }

    public required string DesignJson { get; set; }

    /// <summary>Hash of <see cref="DesignJson"/>.</summary>
    public required string DesignSha256 { get; set; }

    /// <summary>The <see cref="StudyFreeze"/> as canonical JSON: all that decides what participants meet and how they are analysed, in a form that another installation can read.</summary>
    public string FreezeJson { get; set; } = "";

    /// <summary>Hash of <see cref="FreezeJson"/>: the one by which a study is known on every installation.</summary>
    public string FreezeSha256 { get; set; } = "";

    /// <summary>Decides, with a session's number, everything that chance decides in it.</summary>
    public int Seed { get; set; }

    public DateTimeOffset PublishedAt { get; set; }

    /// <summary>False for a draft that is only tried.</summary>
    public bool IsPublished => Number > 0;

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
        version.Ignore(v => v.IsPublished);
        version.Property(v => v.FreezeSha256).HasMaxLength(64);
        // Data of previews never mix with data: whoever wants them has to ask.
        version.HasQueryFilter(v => v.Number > 0);
        version.HasIndex(v => new { v.StudyId, v.Number }).IsUnique();
    }
}

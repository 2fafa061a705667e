using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace PerceptionStudy.Server.Accounts.Auditing;

public enum AuditChange { Added, Changed, Removed }

/// <summary>One row of the audit log: who changed what, and when. Rows are only ever added; each one's hash covers the hash before it.</summary>
public sealed class AuditEntry
{
    /// <summary>The hash before the first row.</summary>
    public static readonly string Beginning = new('0', 64);

    /// <summary>1, 2, 3, … without gaps.</summary>
    public long Number { get; set; }

    /// <summary>UTC, in whole microseconds.</summary>
    public DateTimeOffset At { get; set; }

    /// <summary>Null where the program itself did it.</summary>
    public Guid? ResearcherId { get; set; }

    /// <summary>The researcher's e-mail address at that time, or what else did it.</summary>
    public required string Who { get; set; }

    /// <summary>Name of the API token that was used; null on pages.</summary>
    public string? Token { get; set; }

    /// <summary>Name of the entity, for example <c>Study</c>.</summary>
    public required string Entity { get; set; }

    /// <summary>Key of the row; a key of several parts with <c>/</c> between them.</summary>
    public required string EntityId { get; set; }

    /// <summary>What people call it, where it has a name.</summary>
    public string? EntityName { get; set; }

    /// <summary>The study that it belongs to, if to one.</summary>
    public Guid? StudyId { get; set; }

    public AuditChange Change { get; set; }

    /// <summary>The row before, as JSON: of a changed row what changed; null for an added one.</summary>
    public string? BeforeJson { get; set; }

    /// <summary>The row after, as JSON: of a changed row what changed; null for a removed one.</summary>
    public string? AfterJson { get; set; }

    /// <summary><see cref="Sha256"/> of the row before.</summary>
    public required string PreviousSha256 { get; set; }

    /// <summary>Hash of all of the above.</summary>
    public string Sha256 { get; set; } = "";

    /// <summary>
    /// SHA-256, lower-case hexadecimal, over the fields in the order above: each as the number of its UTF-8 bytes, a colon and the bytes; a
    /// missing one as a hyphen. The moment is written like <c>2026-11-25T17:50:00.123456Z</c>.
    /// </summary>
    public string ComputeSha256()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var field in Fields())
        {
            var bytes = Encoding.UTF8.GetBytes(field ?? "");
            hash.AppendData(Encoding.ASCII.GetBytes(field is null ? "-" : string.Create(CultureInfo.InvariantCulture, $"{bytes.Length}:")));
            hash.AppendData(bytes);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary><see cref="At"/> as the hash and the CSV file have it.</summary>
    public string MomentText => At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    private string?[] Fields() =>
    [
        Number.ToString(CultureInfo.InvariantCulture), MomentText, ResearcherId?.ToString(), Who, Token,
        Entity, EntityId, EntityName, StudyId?.ToString(), Change.ToString(), BeforeJson, AfterJson, PreviousSha256,
    ];
}

internal sealed class AuditEntryConfiguration : IEntityTypeConfiguration<AuditEntry>
{
    public void Configure(EntityTypeBuilder<AuditEntry> entry)
    {
        entry.HasKey(e => e.Number);
        entry.Ignore(e => e.MomentText);
        entry.Property(e => e.Number).ValueGeneratedNever();
        entry.Property(e => e.Change).HasConversion<string>().HasMaxLength(16);
        entry.HasIndex(e => new { e.StudyId, e.Number });
        entry.HasIndex(e => new { e.ResearcherId, e.Number });
        entry.HasIndex(e => new { e.Entity, e.Number });
    }
}

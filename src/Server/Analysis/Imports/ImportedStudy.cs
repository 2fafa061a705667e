using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using PerceptionStudy.Server.Accounts.Auditing;

namespace PerceptionStudy.Server.Analysis.Imports;

/// <summary>What an imported file holds.</summary>
public enum ImportKind { Trials, ModelVsHuman, StageAccuracies }

/// <summary>A finished experiment that was made elsewhere, for comparison and re-analysis: read-only, and never mixed with studies of this server.</summary>
[Audited]
public sealed class ImportedStudy
{
    public Guid Id { get; set; }
    public required string Name { get; set; }
    public ImportKind Kind { get; set; }

    /// <summary>A zip of the files as they were given, in the blob store by this hash.</summary>
    public required string Sha256 { get; set; }

    public int Files { get; set; }
    public long Rows { get; set; }
    public DateTimeOffset ImportedAt { get; set; }
}

internal sealed class ImportedStudyConfiguration : IEntityTypeConfiguration<ImportedStudy>
{
    public void Configure(EntityTypeBuilder<ImportedStudy> study)
    {
        study.Property(s => s.Kind).HasConversion<string>().HasMaxLength(20);
        study.HasIndex(s => s.Name).IsUnique();
    }
}

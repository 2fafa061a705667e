using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using PerceptionStudy.Server.Accounts.Auditing;

namespace PerceptionStudy.Server.Accounts;

/// <summary>What a token may be used for. It never allows more than its owner's roles do.</summary>
[Flags]
public enum TokenScopes
{
    None = 0,

    /// <summary>Look at models, stimuli, campaigns, studies, and how they run.</summary>
    Read = 1,

    /// <summary>Make and change models, stimulus sets, campaigns and drafts.</summary>
    Design = 2,

    /// <summary>Publish, open and close studies; leave sessions out.</summary>
    Run = 4,

    /// <summary>Results and exports.</summary>
    Analyse = 8,

    /// <summary>Members of studies and own tokens; for administrators accounts and the audit log.</summary>
    Administer = 16,
}

/// <summary>Lets a program act for a researcher over the HTTP API.</summary>
[Audited(Except = [nameof(TokenSha256), nameof(LastUsedAt)])]
public sealed class ApiToken
{
    public Guid Id { get; set; }
    public Guid ResearcherId { get; set; }

    /// <summary>What the researcher calls it.</summary>
    public required string Name { get; set; }

    /// <summary>Hash of the token; the token itself is shown once and not kept.</summary>
    public required string TokenSha256 { get; set; }

    public TokenScopes Scopes { get; set; }
    public DateTimeOffset CreatedAt { get; set; }
    public DateTimeOffset ExpiresAt { get; set; }
    public DateTimeOffset? RevokedAt { get; set; }

    /// <summary>To about a minute.</summary>
    public DateTimeOffset? LastUsedAt { get; set; }
}

internal sealed class ApiTokenConfiguration : IEntityTypeConfiguration<ApiToken>
{
    public void Configure(EntityTypeBuilder<ApiToken> token)
    {
        token.Property(t => t.Scopes).HasConversion<string>().HasMaxLength(60);
        token.HasIndex(t => t.TokenSha256).IsUnique();
        token.HasOne<Researcher>().WithMany().HasForeignKey(t => t.ResearcherId).OnDelete(DeleteBehavior.Cascade);
    }
}

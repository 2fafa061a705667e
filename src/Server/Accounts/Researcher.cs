using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace PerceptionStudy.Server.Accounts;

/// <summary>A person who runs studies: signs in, owns nothing alone. Participants have no account.</summary>
public sealed class Researcher : IdentityUser<Guid>
{
    public DateTimeOffset CreatedAt { get; set; }
}

/// <summary>The right to make one account, held by whoever has the token: printed at the first start, or given on by a researcher.</summary>
public sealed class Invitation
{
    public Guid Id { get; set; }

    /// <summary>Hash of the token; the token itself is shown once and not kept.</summary>
    public required string TokenSha256 { get; set; }

    /// <summary>Whether it is only good while nobody has an account.</summary>
    public bool ForFirstResearcher { get; set; }

    public DateTimeOffset CreatedAt { get; set; }
    public DateTimeOffset ExpiresAt { get; set; }
    public DateTimeOffset? UsedAt { get; set; }
}

internal sealed class InvitationConfiguration : IEntityTypeConfiguration<Invitation>
{
    public void Configure(EntityTypeBuilder<Invitation> invitation) => invitation.HasIndex(i => i.TokenSha256).IsUnique();
}

using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using PerceptionStudy.Server.Accounts.Auditing;
using PerceptionStudy.Server.Data;

namespace PerceptionStudy.Server.Accounts;

/// <summary>The right to make one account, held by whoever has the token: printed at the first start, or given on by a researcher.</summary>
[Audited(Except = [nameof(TokenSha256)])]
public sealed class Invitation
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(7);

    public Guid Id { get; set; }

    /// <summary>Hash of the token; the token itself is shown once and not kept.</summary>
    public required string TokenSha256 { get; set; }

    /// <summary>Whether it is only good while nobody has an account.</summary>
    public bool ForFirstResearcher { get; set; }

    /// <summary>Whether the account that it makes is an administrator's.</summary>
    public bool ForAdministrator { get; set; }

    public DateTimeOffset CreatedAt { get; set; }
    public DateTimeOffset ExpiresAt { get; set; }
    public DateTimeOffset? UsedAt { get; set; }

    /// <summary>A new one, with the token that opens it.</summary>
    public static (Invitation Invitation, string Token) New(DateTimeOffset now, bool forFirst = false, bool forAdministrator = false)
    {
        var token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(20));
        return (new Invitation
        {
            Id = Guid.CreateVersion7(), TokenSha256 = Hash(token), ForFirstResearcher = forFirst, ForAdministrator = forFirst || forAdministrator, CreatedAt = now, ExpiresAt = now + Lifetime,
        }, token);
    }

    /// <summary>The address that whoever is invited opens.</summary>
    /// <param name="site">Address of this server, with a slash at its end.</param>
    /// <param name="token">The invitation's token.</param>
    public static string LinkOf(string site, string token) => $"{site}join?token={token}";

    internal static string Hash(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}

/// <summary>What a later feature does when somebody accepts an invitation that it made, in the transaction that makes the account.</summary>
public delegate Task InvitationAccepted(StudyDb db, Guid invitationId, Guid researcherId, CancellationToken cancel);

internal sealed class InvitationConfiguration : IEntityTypeConfiguration<Invitation>
{
    public void Configure(EntityTypeBuilder<Invitation> invitation) => invitation.HasIndex(i => i.TokenSha256).IsUnique();
}

using Microsoft.AspNetCore.Identity;
using PerceptionStudy.Server.Accounts.Auditing;

namespace PerceptionStudy.Server.Accounts;

/// <summary>A person who runs studies: signs in, and has a role in some of them. Participants have no account.</summary>
[Audited(Except = [nameof(PasswordHash), nameof(SecurityStamp), nameof(ConcurrencyStamp), nameof(AccessFailedCount), nameof(LockoutEnd), nameof(NormalizedEmail), nameof(NormalizedUserName), nameof(PhoneNumber)])]
public sealed class Researcher : IdentityUser<Guid>
{
    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>Whether the person may do everything on this installation, in all studies.</summary>
    public bool IsAdministrator { get; set; }

    /// <summary>Since when the account is closed; null while it can be used.</summary>
    public DateTimeOffset? DeactivatedAt { get; set; }

    /// <summary>When the password was last chosen.</summary>
    public DateTimeOffset? PasswordChangedAt { get; set; }
}

using Microsoft.AspNetCore.Identity;

namespace PerceptionStudy.Server.Accounts;

/// <summary>A person who runs studies: signs in, owns nothing alone. Participants have no account.</summary>
public sealed class Researcher : IdentityUser<Guid>
{
    public DateTimeOffset CreatedAt { get; set; }
}

using Microsoft.AspNetCore.Identity;

namespace PerceptionStudy.Server.Accounts;

/// <summary>Nobody signs in to an account that was closed, by whatever way.</summary>
internal sealed class OpenAccount : IUserConfirmation<Researcher>
{
    public Task<bool> IsConfirmedAsync(UserManager<Researcher> manager, Researcher user) => Task.FromResult(user.DeactivatedAt is null);
}

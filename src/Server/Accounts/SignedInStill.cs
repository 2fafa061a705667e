using System.Security.Claims;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace PerceptionStudy.Server.Accounts;

/// <summary>Pages that are open while the password changes, the account is closed or the browser is signed out from elsewhere find it out within half a minute; every request does at once.</summary>
internal sealed class SignedInStill(ILoggerFactory loggers, IServiceScopeFactory scopes, IOptions<IdentityOptions> options, SignedInBrowsers browsers) : RevalidatingServerAuthenticationStateProvider(loggers)
{
    protected override TimeSpan RevalidationInterval => TimeSpan.FromSeconds(30);

    protected override async Task<bool> ValidateAuthenticationStateAsync(AuthenticationState authenticationState, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var researchers = scope.ServiceProvider.GetRequiredService<UserManager<Researcher>>();
        return await researchers.GetUserAsync(authenticationState.User) is { DeactivatedAt: null } researcher
            && authenticationState.User.FindFirstValue(options.Value.ClaimsIdentity.SecurityStampClaimType) == await researchers.GetSecurityStampAsync(researcher)
            && SignedInBrowsers.IdOf(authenticationState.User) is { } browser && await browsers.IsSignedInAsync(researcher.Id, browser, cancellationToken);
    }
}

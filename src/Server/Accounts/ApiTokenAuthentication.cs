using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;

namespace PerceptionStudy.Server.Accounts;

/// <summary>Signs a request in by <c>Authorization: Bearer TOKEN</c>. Cookies are no good for the API, so that no other site can make a browser call it.</summary>
internal sealed class ApiTokenAuthentication(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder, ApiTokens tokens)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    public const string SchemeName = "api-token";

    /// <summary>Name of the claim that holds the token's scopes.</summary>
    public const string ScopesClaim = "scopes";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Request.Headers.Authorization.ToString() is not ['B' or 'b', ..] header || !header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)) return AuthenticateResult.NoResult();
        if (await tokens.FindAsync(header["Bearer ".Length..].Trim(), Context.RequestAborted) is not var (token, owner)) return AuthenticateResult.Fail("The token is not known, has ended, or was revoked.");
        var identity = new ClaimsIdentity(
        [
            new Claim(ClaimTypes.NameIdentifier, $"{owner.Id}"), new Claim(ClaimTypes.Name, owner.Email ?? $"{owner.Id}"),
            new Claim(Actor.TokenClaim, token.Name), new Claim(ScopesClaim, $"{(int)token.Scopes}"),
        ], SchemeName);
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), SchemeName));
    }

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = "Bearer";
        await Results.Problem("Send a token of your account with the header 'Authorization: Bearer TOKEN'. Tokens are made on the page /admin/tokens.", statusCode: 401, title: "Not signed in").ExecuteAsync(Context);
    }

    protected override async Task HandleForbiddenAsync(AuthenticationProperties properties)
    {
        var needed = Context.GetEndpoint()?.Metadata.GetMetadata<ScopeRequirement>()?.Scope;
        var scope = needed is { } asked && !ScopeAuthorization.Has(Context.User, asked);
        await Results.Problem(
            scope ? $"This token has not the scope '{needed!.Value.ToString().ToLowerInvariant()}': make one that has." : "Your role does not include this: ask an owner of the study or an administrator.",
            statusCode: 403, title: "Not allowed").ExecuteAsync(Context);
    }
}

/// <summary>What a token has to be good for.</summary>
internal sealed record ScopeRequirement(TokenScopes Scope) : IAuthorizationRequirement, IAuthorizationRequirementData
{
    public IEnumerable<IAuthorizationRequirement> GetRequirements() => [this];
}

internal sealed class ScopeAuthorization : AuthorizationHandler<ScopeRequirement>
{
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, ScopeRequirement requirement)
    {
        if (Has(context.User, requirement.Scope)) context.Succeed(requirement);
        return Task.CompletedTask;
    }

    public static bool Has(ClaimsPrincipal user, TokenScopes scope) =>
        int.TryParse(user.FindFirstValue(ApiTokenAuthentication.ScopesClaim), out var scopes) && ((TokenScopes)scopes).HasFlag(scope);

    /// <summary>The scopes that somebody has, as programs write them.</summary>
    public static string[] NamesOf(Func<TokenScopes, bool> has) =>
        [.. Enum.GetValues<TokenScopes>().Where(scope => scope != TokenScopes.None && has(scope)).Select(scope => scope.ToString().ToLowerInvariant())];
}

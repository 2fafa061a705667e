using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Data;

namespace PerceptionStudy.Server.Accounts.Api;

/// <summary>A token of one's own; the token itself is shown once, where it is made, and not kept.</summary>
public sealed record TokenInfo(Guid Id, string Name, string[] Scopes, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, DateTimeOffset? RevokedAt, DateTimeOffset? LastUsedAt)
{
    public static TokenInfo Of(ApiToken t) => new(t.Id, t.Name, ScopeAuthorization.NamesOf(scope => t.Scopes.HasFlag(scope)), t.CreatedAt, t.ExpiresAt, t.RevokedAt, t.LastUsedAt);
}

/// <summary>One's own tokens over the HTTP API. They are only made on the page: a token that could make tokens would never end.</summary>
internal static class TokenApi
{
    public static void MapTokens(this RouteGroupBuilder api)
    {
        var tokens = api.MapGroup("/tokens").WithTags("Account").Needs(TokenScopes.Administer);
        tokens.MapGet("", async (ClaimsPrincipal user, StudyDb db, [AsParameters] PageQuery page, CancellationToken cancel) =>
            (await Own(db, user).PageAsync(page, cancel)).Select(TokenInfo.Of)).WithSummary("Your tokens, revoked and expired ones too");
        tokens.MapDelete("/{tokenId:guid}", async (Guid tokenId, ClaimsPrincipal user, StudyDb db, ApiTokens service, CancellationToken cancel) =>
        {
            if (!await Own(db, user).AnyAsync(t => t.Id == tokenId, cancel)) throw new RefusedException("You have no such token.", Refusal.Missing);
            await service.RevokeAsync(tokenId, cancel);
            return Results.NoContent();
        }).WithSummary("Revoke a token of yours").Produces(204);
    }

    private static IQueryable<ApiToken> Own(StudyDb db, ClaimsPrincipal user)
    {
        var me = Actor.IdOf(user);
        return db.ApiTokens.AsNoTracking().Where(t => t.ResearcherId == me);
    }
}

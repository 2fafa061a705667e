using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Accounts.Auditing;
using PerceptionStudy.Server.Data;

namespace PerceptionStudy.Server.Accounts.Api;

/// <summary>Who the token's owner is.</summary>
public sealed record MeInfo(Guid Id, string Email, bool IsAdministrator, string Token, string[] Scopes);

/// <summary>An entry of the audit log; <c>before</c> and <c>after</c> are JSON documents as text, exactly as the hash covers them.</summary>
public sealed record AuditInfo(
    long Number, DateTimeOffset At, Guid? ResearcherId, string Who, string? Token, string Entity, string EntityId, string? EntityName, Guid? StudyId, AuditChange Change,
    string? Before, string? After, string PreviousSha256, string Sha256)
{
    public static AuditInfo Of(AuditEntry e) =>
        new(e.Number, e.At, e.ResearcherId, e.Who, e.Token, e.Entity, e.EntityId, e.EntityName, e.StudyId, e.Change, e.BeforeJson, e.AfterJson, e.PreviousSha256, e.Sha256);
}

internal static class AccountApi
{
    public static void MapMe(this RouteGroupBuilder api) => api.MapGet("/me", async (ClaimsPrincipal user, Administration administration, CancellationToken cancel) =>
            new MeInfo(Actor.IdOf(user)!.Value, user.Identity!.Name!, await administration.IsAdministratorAsync(Actor.IdOf(user), cancel), user.FindFirstValue(Actor.TokenClaim)!,
                ScopeAuthorization.NamesOf(scope => ScopeAuthorization.Has(user, scope))))
        .WithTags("Account").WithSummary("Who the token belongs to, and what it is for");

    public static void MapAudit(this RouteGroupBuilder api)
    {
        var audit = api.MapGroup("/audit").WithTags("Audit").Needs(TokenScopes.Administer).RequireAuthorization(Administration.Policy);
        audit.MapGet("", async (StudyDb db, [AsParameters] PageQuery page, string? who, string? entity, Guid? study, DateTimeOffset? from, DateTimeOffset? until, CancellationToken cancel) =>
                (await AuditLog.Matching(db, new AuditFilter(study, who, entity, from, until)).PageAsync(e => e.Number, page, cancel)).Select(AuditInfo.Of))
            .WithSummary("Entries of the audit log, oldest first");
        audit.MapGet("/check", async (StudyDb db, CancellationToken cancel) => await AuditLog.CheckAsync(db, cancel)).WithSummary("Whether every entry is as it was written");
        audit.MapGet("/audit.csv", AuditEndpoints.FilteredFile).WithSummary("The log as CSV, the whole of it or what the query asks for");
    }
}

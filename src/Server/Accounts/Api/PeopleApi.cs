using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Data;

namespace PerceptionStudy.Server.Accounts.Api;

/// <summary>Somebody with an account.</summary>
/// <param name="ClosedAt">Since when nobody can sign in with it; null while it is open.</param>
public sealed record PersonInfo(Guid Id, string? Email, bool IsAdministrator, bool SecondFactor, DateTimeOffset CreatedAt, DateTimeOffset? ClosedAt)
{
    public static PersonInfo Of(Researcher r) => new(r.Id, r.Email, r.IsAdministrator, r.TwoFactorEnabled, r.CreatedAt, r.DeactivatedAt);
}

/// <summary>Whether the account that an invitation makes is an administrator's.</summary>
public sealed record NewInvitation(bool AsAdministrator = false);

/// <summary>Whether somebody is to be an administrator.</summary>
public sealed record AdministratorChange(bool IsAdministrator);

/// <summary>An invitation.</summary>
/// <param name="Link">To be sent to whoever is invited: it works once, and is not given again.</param>
/// <param name="EndsAt">When it ends.</param>
public sealed record InvitationInfo(string Link, DateTimeOffset EndsAt)
{
    public static InvitationInfo Of(string token, HttpContext http, TimeProvider time) =>
        new(Invitation.LinkOf($"{http.Request.Scheme}://{http.Request.Host}{http.Request.PathBase}/", token), time.GetUtcNow() + Invitation.Lifetime);
}

/// <summary>Accounts over the HTTP API: everybody sees them, administrators change them.</summary>
internal static class PeopleApi
{
    public static void MapPeople(this RouteGroupBuilder api)
    {
        var people = api.MapGroup("/people").WithTags("People");
        people.MapGet("", async (StudyDb db, [AsParameters] PageQuery page, CancellationToken cancel) => (await db.Users.AsNoTracking().PageAsync(page, cancel)).Select(PersonInfo.Of))
            .Needs(TokenScopes.Read).WithSummary("Everybody with an account");
        people.MapPost("/invitations", async (NewInvitation wish, Invitations invitations, HttpContext http, TimeProvider time, CancellationToken cancel) =>
            InvitationInfo.Of(await invitations.InviteColleagueAsync(wish.AsAdministrator, cancel), http, time)).Needs(TokenScopes.Administer).WithSummary("Make a link by which one colleague can make an account");
        people.MapPut("/{researcherId:guid}/administrator", async (Guid researcherId, AdministratorChange change, Administration administration, CancellationToken cancel) =>
        {
            await administration.SetAdministratorAsync(researcherId, change.IsAdministrator, cancel);
            return Results.NoContent();
        }).Needs(TokenScopes.Administer).WithSummary("Make somebody an administrator, or a researcher again").Produces(204);
        people.MapPost("/{researcherId:guid}/close", async (Guid researcherId, Administration administration, CancellationToken cancel) =>
        {
            await administration.DeactivateAsync(researcherId, cancel);
            return Results.NoContent();
        }).Needs(TokenScopes.Administer).WithSummary("Close an account: its sessions and tokens end, what it did stays recorded").Produces(204);
        people.MapPost("/{researcherId:guid}/open", async (Guid researcherId, Administration administration, CancellationToken cancel) =>
        {
            await administration.ReactivateAsync(researcherId, cancel);
            return Results.NoContent();
        }).Needs(TokenScopes.Administer).WithSummary("Open a closed account again").Produces(204);
    }
}

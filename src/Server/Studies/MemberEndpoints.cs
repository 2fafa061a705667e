using PerceptionStudy.Server.Accounts;
using PerceptionStudy.Server.Accounts.Api;

namespace PerceptionStudy.Server.Studies;

/// <summary>Somebody with an account, and the role.</summary>
public sealed record NewMember(string Email, StudyRole Role);

/// <summary>A role.</summary>
public sealed record NewRole(StudyRole Role);

/// <summary>Members of a study over the HTTP API.</summary>
internal static class MemberEndpoints
{
    public static void MapMembers(this RouteGroupBuilder study)
    {
        var members = study.MapGroup("/members").WithTags("Members");
        members.MapGet("", async (Guid studyId, StudyMembers service, CancellationToken cancel) => new Page<MemberLine>(await service.ListAsync(studyId, cancel), null))
            .Needs(TokenScopes.Read).WithSummary("The members of a study: all of them on one page");
        members.MapPost("", async (Guid studyId, NewMember member, StudyMembers service, CancellationToken cancel) =>
        {
            await service.AddAsync(studyId, member.Email, member.Role, cancel);
            return Results.NoContent();
        }).Needs(TokenScopes.Administer).WithSummary("Give somebody with an account a role").Produces(204);
        members.MapPost("/invitations", async (Guid studyId, NewRole role, StudyMembers service, HttpContext http, TimeProvider time, CancellationToken cancel) =>
            InvitationInfo.Of(await service.InviteAsync(studyId, role.Role, cancel), http, time)).Needs(TokenScopes.Administer).WithSummary("Make a link by which somebody makes an account and is a member from then on");
        members.MapPut("/{memberId:guid}", async (Guid studyId, Guid memberId, NewRole role, StudyMembers service, CancellationToken cancel) =>
        {
            await service.ChangeAsync(studyId, memberId, role.Role, cancel);
            return Results.NoContent();
        }).Needs(TokenScopes.Administer).WithSummary("Change a member's role").Produces(204);
        members.MapDelete("/{memberId:guid}", async (Guid studyId, Guid memberId, StudyMembers service, CancellationToken cancel) =>
        {
            await service.RemoveAsync(studyId, memberId, cancel);
            return Results.NoContent();
        }).Needs(TokenScopes.Administer).WithSummary("Remove a member").Produces(204);
    }
}

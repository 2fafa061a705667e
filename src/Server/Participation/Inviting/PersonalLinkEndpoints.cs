using PerceptionStudy.Server.Accounts;
using PerceptionStudy.Server.Accounts.Api;

namespace PerceptionStudy.Server.Participation.Inviting;

/// <summary>For whom links are made, one for each note; a note may be empty.</summary>
public sealed record NewPersonalLinks(string?[] Notes);

/// <summary>The personal links of a study over the HTTP API.</summary>
public static class PersonalLinkEndpoints
{
    public static void MapPersonalLinkApi(this RouteGroupBuilder api)
    {
        var links = api.MapGroup("/studies/{studyId:guid}/personal-links").WithTags("Personal links").Needs(TokenScopes.Run);
        links.MapGet("", (Guid studyId, [AsParameters] PageQuery page, PersonalLinks personal, CancellationToken cancel) => personal.PageAsync(studyId, page, cancel))
            .WithSummary("Personal links, and who has used them").WithDescription("The code is the value of the study link's parameter `invite`.");
        links.MapPost("", async (Guid studyId, NewPersonalLinks made, PersonalLinks personal, CancellationToken cancel) =>
        {
            await personal.MakeAsync(studyId, made.Notes, cancel);
            return Results.Created($"/api/v1/studies/{studyId}/personal-links", null);
        }).WithSummary("Make personal links, up to 1,000 at a time").Produces(201);
        links.MapDelete("/{code}", async (Guid studyId, string code, PersonalLinks personal, CancellationToken cancel) =>
        {
            await personal.TakeBackAsync(studyId, code, cancel);
            return Results.NoContent();
        }).WithSummary("Take back a link that nobody has used").Produces(204);
    }
}

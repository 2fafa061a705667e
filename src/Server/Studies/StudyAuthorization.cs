using Microsoft.AspNetCore.Authorization;
using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Accounts;
using PerceptionStudy.Server.Data;

namespace PerceptionStudy.Server.Studies;

/// <summary>On a page or an endpoint whose address holds a study's id, as <c>Id</c> or <c>studyId</c>: who may open it.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class NeedsAttribute(StudyRight right) : AuthorizeAttribute(PolicyOf(right))
{
    public static string PolicyOf(StudyRight right) => $"study: {right}";
}

internal sealed record StudyRequirement(StudyRight Right) : IAuthorizationRequirement;

/// <summary>Looks the study up in the address, and the role in the database.</summary>
internal sealed class StudyAuthorization(IDbContextFactory<StudyDb> databases) : AuthorizationHandler<StudyRequirement>
{
    protected override async Task HandleRequirementAsync(AuthorizationHandlerContext context, StudyRequirement requirement)
    {
        // The request of a page or a download, or the route of a live page that changes without a request.
        var values = context.Resource switch
        {
            HttpContext http => http.Request.RouteValues,
            Microsoft.AspNetCore.Components.RouteData route => route.RouteValues.ToDictionary(v => v.Key, v => v.Value, StringComparer.OrdinalIgnoreCase),
            _ => (IDictionary<string, object?>)new Dictionary<string, object?>(),
        };
        if ((!values.TryGetValue("studyId", out var value) && !values.TryGetValue("id", out value)) || !Guid.TryParse(value?.ToString(), out var studyId)) return;
        await using var db = await databases.CreateDbContextAsync();
        // Where there is no such study the page says so.
        if (await db.MayAsync(Actor.IdOf(context.User), studyId, requirement.Right) || !await db.Studies.AnyAsync(s => s.Id == studyId)) context.Succeed(requirement);
    }
}

using System.Security.Claims;

namespace PerceptionStudy.Server.Accounts;

/// <summary>On whose behalf something is done: it follows a request, a click on a page, and what they start.</summary>
/// <param name="ResearcherId">Null for the program itself and for visitors without an account.</param>
/// <param name="Name">As the audit log writes it.</param>
/// <param name="Token">Name of the API token that was used; null on pages.</param>
public sealed record Actor(Guid? ResearcherId, string Name, string? Token = null)
{
    /// <summary>The program itself: commands, workers, what runs in the background. It may do everything.</summary>
    public static readonly Actor Program = new(null, "the program");

    /// <summary>Somebody who is not signed in.</summary>
    public static readonly Actor Visitor = new(null, "a visitor");

    private static readonly AsyncLocal<Actor?> current = new();

    public static Actor Current => current.Value ?? Program;

    public bool IsProgram => ReferenceEquals(this, Program);

    /// <summary>Whoever a request or a page was signed in as.</summary>
    public static Actor Of(ClaimsPrincipal user) => IdOf(user) is { } id ? new Actor(id, user.Identity?.Name ?? $"{id}", user.FindFirstValue(TokenClaim)) : Visitor;

    /// <summary>The researcher's id; null for somebody who is not signed in.</summary>
    public static Guid? IdOf(ClaimsPrincipal user) =>
        user.Identity?.IsAuthenticated == true && Guid.TryParse(user.FindFirstValue(ClaimTypes.NameIdentifier), out var id) ? id : null;

    /// <summary>Name of the claim that holds the API token's name.</summary>
    public const string TokenClaim = "api-token";

    /// <summary>Does the work on behalf of the actor, and of nobody else before or after.</summary>
    public async Task DoAsync(Func<Task> work)
    {
        // Set inside an async method: the value goes with the work, and not back to the caller.
        current.Value = this;
        await work();
    }
}

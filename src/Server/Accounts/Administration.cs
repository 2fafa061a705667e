using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Data;

namespace PerceptionStudy.Server.Accounts;

/// <summary>What only administrators of the installation do: closing accounts, making others administrators, reading the whole audit log.</summary>
public sealed class Administration(IDbContextFactory<StudyDb> databases, IServiceScopeFactory scopes, TimeProvider time)
{
    /// <summary>Name of the policy that pages and endpoints ask for.</summary>
    public const string Policy = "administrator";

    private const string NeedsOne = "This installation needs an administrator who can sign in: make somebody else one first.";

    /// <summary>Closes an account: nobody signs in with it, its sessions end, its tokens stop. Its name stays where it stands.</summary>
    /// <exception cref="RefusedException">It is the last administrator's.</exception>
    public Task DeactivateAsync(Guid researcherId, CancellationToken cancel = default) => ChangeAsync(researcherId, r => r.DeactivatedAt = time.GetUtcNow(), cancel);

    /// <summary>Opens a closed account again.</summary>
    public Task ReactivateAsync(Guid researcherId, CancellationToken cancel = default) => ChangeAsync(researcherId, r => r.DeactivatedAt = null, cancel);

    /// <exception cref="RefusedException">It would leave nobody.</exception>
    public Task SetAdministratorAsync(Guid researcherId, bool isAdministrator, CancellationToken cancel = default) => ChangeAsync(researcherId, r => r.IsAdministrator = isAdministrator, cancel);

    private async Task ChangeAsync(Guid researcherId, Action<Researcher> change, CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<StudyDb>();
        var researchers = scope.ServiceProvider.GetRequiredService<UserManager<Researcher>>();
        await db.DemandAdministratorAsync(cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var researcher = await researchers.FindByIdAsync($"{researcherId}") ?? throw new RefusedException("There is no such account.", Refusal.Missing);
        change(researcher);
        // A new stamp ends the sessions that were begun with the old rights.
        await researchers.UpdateSecurityStampAsync(researcher);
        if (!await db.Users.AnyAsync(u => u.IsAdministrator && u.DeactivatedAt == null, cancel)) throw new RefusedException(NeedsOne);
        await transaction.CommitAsync(cancel);
    }

    /// <summary>Whether a researcher is an administrator whose account is open.</summary>
    public async Task<bool> IsAdministratorAsync(Guid? researcherId, CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await db.Users.AnyAsync(u => u.Id == researcherId && u.IsAdministrator && u.DeactivatedAt == null, cancel);
    }
}

public static class AdministratorRight
{
    /// <exception cref="RefusedException">The current actor is no administrator, and not the program itself.</exception>
    public static async Task DemandAdministratorAsync(this StudyDb db, CancellationToken cancel = default)
    {
        if (Actor.Current.IsProgram) return;
        var id = Actor.Current.ResearcherId;
        if (!await db.Users.AnyAsync(u => u.Id == id && u.IsAdministrator && u.DeactivatedAt == null, cancel))
            throw new RefusedException("Only an administrator of this installation can do that.", Refusal.NotAllowed);
    }
}

internal sealed record AdministratorRequirement : IAuthorizationRequirement;

internal sealed class AdministratorAuthorization(Administration administration) : AuthorizationHandler<AdministratorRequirement>
{
    protected override async Task HandleRequirementAsync(AuthorizationHandlerContext context, AdministratorRequirement requirement)
    {
        if (await administration.IsAdministratorAsync(Actor.IdOf(context.User))) context.Succeed(requirement);
    }
}

using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Accounts.Auditing;
using PerceptionStudy.Server.Data;

namespace PerceptionStudy.Server.Accounts;

/// <summary>What came of an attempt to make an account: the researcher, or the sentences that say why not.</summary>
public sealed record NewAccount(Researcher? Researcher, string[] Problems);

/// <summary>Makes accounts: the first by the token on the console, each further one by a researcher's link.</summary>
public sealed class Invitations(StudyDb db, UserManager<Researcher> researchers, IEnumerable<InvitationAccepted> followers, TimeProvider clock)
{
    private const string NotGood =
        "This link is not good (any more). Use the link that the server printed at its last start, or ask a colleague for a new one.";

    /// <summary>A new token, or null if somebody has an account already.</summary>
    public async Task<string?> InviteFirstResearcherAsync(CancellationToken cancel = default) =>
        await db.Users.AnyAsync(cancel) ? null : await InviteAsync(forFirst: true, forAdministrator: true, cancel);

    /// <summary>A token with which one colleague can make an account.</summary>
    /// <exception cref="RefusedException">The current actor is no administrator.</exception>
    public async Task<string> InviteColleagueAsync(bool asAdministrator = false, CancellationToken cancel = default)
    {
        await db.DemandAdministratorAsync(cancel);
        return await InviteAsync(forFirst: false, asAdministrator, cancel);
    }

    /// <summary>Whether a token can still be used.</summary>
    public Task<bool> IsGoodAsync(string? token, CancellationToken cancel = default) => Usable(token).AnyAsync(cancel);

    /// <summary>Uses the token up and makes the account, both or neither. The first account is an administrator's.</summary>
    public async Task<NewAccount> AcceptAsync(string? token, string email, string password, CancellationToken cancel = default)
    {
        var now = clock.GetUtcNow();
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var invitation = await Usable(token).AsNoTracking().FirstOrDefaultAsync(cancel);
        // This update decides between two people with the same link: the second waits here, and then finds the token used.
        var taken = await Usable(token).Unaudited("the account that is made is an entry").ExecuteUpdateAsync(i => i.SetProperty(x => x.UsedAt, now), cancel);
        if (invitation is null || taken == 0) return new NewAccount(null, [NotGood]);

        var researcher = new Researcher { Id = Guid.CreateVersion7(), UserName = email, Email = email, CreatedAt = now, IsAdministrator = invitation.ForAdministrator, PasswordChangedAt = now };
        IdentityResult? result = null;
        await new Actor(researcher.Id, email).DoAsync(async () =>
        {
            result = await researchers.CreateAsync(researcher, password);
            if (!result.Succeeded) return;
            foreach (var follower in followers) await follower(db, invitation.Id, researcher.Id, cancel);
        });
        if (!result!.Succeeded) return new NewAccount(null, [.. result.Errors.Select(e => e.Description)]);

        // Every start without an account printed a token of its own: none of them may outlive the first account.
        await db.Invitations.Where(i => i.ForFirstResearcher && i.UsedAt == null).Unaudited("tokens of starts before the first account").ExecuteDeleteAsync(cancel);
        await transaction.CommitAsync(cancel);
        return new NewAccount(researcher, []);
    }

    private async Task<string> InviteAsync(bool forFirst, bool forAdministrator, CancellationToken cancel)
    {
        var (invitation, token) = Invitation.New(clock.GetUtcNow(), forFirst, forAdministrator);
        db.Invitations.Add(invitation);
        await db.SaveChangesAsync(cancel);
        return token;
    }

    private IQueryable<Invitation> Usable(string? token)
    {
        var hash = Invitation.Hash(token ?? "");
        var now = clock.GetUtcNow();
        return db.Invitations.Where(i => i.TokenSha256 == hash && i.UsedAt == null && i.ExpiresAt > now && (!i.ForFirstResearcher || !db.Users.Any()));
    }
}

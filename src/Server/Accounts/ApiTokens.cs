using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Accounts.Auditing;
using PerceptionStudy.Server.Data;

namespace PerceptionStudy.Server.Accounts;

/// <summary>A researcher's own API tokens: made, listed, revoked, found by what a request brings.</summary>
public sealed class ApiTokens(IDbContextFactory<StudyDb> databases, TimeProvider time)
{
    /// <summary>Every token begins so, and is found by it where somebody has published one by mistake.</summary>
    public const string Prefix = "perception_";

    public static readonly int[] LifetimesDays = [7, 30, 90, 365];

    /// <summary>Makes a token of the current actor's. It is only given here.</summary>
    /// <exception cref="RefusedException">The name, the scopes or the lifetime is missing or out of range, or nobody is signed in.</exception>
    public async Task<string> CreateAsync(string name, TokenScopes scopes, int lifetimeDays, CancellationToken cancel = default)
    {
        name = name.Trim();
        if (name.Length is 0 or > 100) throw new RefusedException("Please give the token a name of at most 100 characters: what will use it?");
        if (scopes == TokenScopes.None) throw new RefusedException("Please choose at least one thing that the token may do.");
        if (lifetimeDays is < 1 or > 365) throw new RefusedException("A token is good for 1 to 365 days.");
        var owner = Actor.Current.ResearcherId ?? throw new RefusedException("Please sign in first.", Refusal.NotAllowed);
        var token = Prefix + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(20));
        var now = time.GetUtcNow();
        await using var db = await databases.CreateDbContextAsync(cancel);
        db.ApiTokens.Add(new ApiToken
        {
            Id = Guid.CreateVersion7(), ResearcherId = owner, Name = name, TokenSha256 = Invitation.Hash(token), Scopes = scopes, CreatedAt = now, ExpiresAt = now.AddDays(lifetimeDays),
        });
        await db.SaveChangesAsync(cancel);
        return token;
    }

    /// <summary>A researcher's tokens, newest first, revoked and expired ones too.</summary>
    public async Task<List<ApiToken>> ListAsync(Guid researcherId, CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await db.ApiTokens.AsNoTracking().Where(t => t.ResearcherId == researcherId).OrderByDescending(t => t.Id).ToListAsync(cancel);
    }

    /// <summary>Ends one of the current actor's tokens.</summary>
    public async Task RevokeAsync(Guid tokenId, CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var owner = Actor.Current.ResearcherId;
        if (await db.ApiTokens.FirstOrDefaultAsync(t => t.Id == tokenId && t.ResearcherId == owner && t.RevokedAt == null, cancel) is not { } token) return;
        token.RevokedAt = time.GetUtcNow();
        await db.SaveChangesAsync(cancel);
    }

    /// <summary>The token and its owner, if both can be used now; null otherwise.</summary>
    public async Task<(ApiToken Token, Researcher Owner)?> FindAsync(string token, CancellationToken cancel = default)
    {
        var hash = Invitation.Hash(token);
        var now = time.GetUtcNow();
        await using var db = await databases.CreateDbContextAsync(cancel);
        var found = await db.ApiTokens.AsNoTracking().Where(t => t.TokenSha256 == hash && t.RevokedAt == null && t.ExpiresAt > now)
            .Join(db.Users.Where(u => u.DeactivatedAt == null), t => t.ResearcherId, u => u.Id, (t, u) => new { Token = t, Owner = u }).FirstOrDefaultAsync(cancel);
        if (found is null) return null;
        if (found.Token.LastUsedAt is not { } last || now - last > TimeSpan.FromMinutes(1))
        {
            await db.ApiTokens.Where(t => t.Id == found.Token.Id).Unaudited("using a token changes nothing").ExecuteUpdateAsync(t => t.SetProperty(x => x.LastUsedAt, now), cancel);
        }
        return (found.Token, found.Owner);
    }
}

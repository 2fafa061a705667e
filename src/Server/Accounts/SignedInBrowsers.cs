using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Data;

namespace PerceptionStudy.Server.Accounts;

/// <summary>Knows in which browsers researchers are signed in, so that they see the others and can end them (ASVS 3.3.4).</summary>
public sealed class SignedInBrowsers(IDbContextFactory<StudyDb> databases, TimeProvider time)
{
    /// <summary>How long a cookie is good after it was last used.</summary>
    public static readonly TimeSpan GoodFor = TimeSpan.FromDays(7);

    private const string Key = "browser";
    private const int MostOfUserAgent = 300;
    private static readonly TimeSpan Glance = TimeSpan.FromMinutes(10);

    /// <summary>The row of the browser that somebody is signed in with; null for a program.</summary>
    public static Guid? IdOf(ClaimsPrincipal user) => Guid.TryParse(user.FindFirstValue(Key), out var id) ? id : null;

    /// <summary>The browsers of a researcher, the last seen first; those whose cookie has run out are left out.</summary>
    public async Task<List<SignedInBrowser>> ListAsync(Guid researcherId, CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var since = time.GetUtcNow() - GoodFor;
        return await db.SignedInBrowsers.AsNoTracking().Where(b => b.ResearcherId == researcherId && b.LastSeenAt >= since).OrderByDescending(b => b.LastSeenAt).ToListAsync(cancel);
    }

    /// <summary>Signs a researcher out of one browser, at its next request.</summary>
    public async Task EndAsync(Guid researcherId, Guid browserId)
    {
        await using var db = await databases.CreateDbContextAsync();
        await db.SignedInBrowsers.Where(b => b.Id == browserId && b.ResearcherId == researcherId).ExecuteDeleteAsync();
    }

    /// <summary>Signs a researcher out everywhere but here.</summary>
    public async Task EndOthersAsync(Guid researcherId, Guid? here)
    {
        await using var db = await databases.CreateDbContextAsync();
        await db.SignedInBrowsers.Where(b => b.ResearcherId == researcherId && b.Id != here).ExecuteDeleteAsync();
    }

    /// <summary>Whether nobody has ended it.</summary>
    public async Task<bool> IsSignedInAsync(Guid researcherId, Guid browserId, CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var now = time.GetUtcNow();
        var seen = await db.SignedInBrowsers.Where(b => b.Id == browserId && b.ResearcherId == researcherId).Select(b => (DateTimeOffset?)b.LastSeenAt).FirstOrDefaultAsync(cancel);
        if (now - seen > Glance) await db.SignedInBrowsers.Where(b => b.Id == browserId).ExecuteUpdateAsync(browser => browser.SetProperty(b => b.LastSeenAt, now), cancel);
        return seen is not null;
    }

    /// <summary>Gives a cookie that is being made its row, unless it takes the place of one that has it.</summary>
    internal async Task BeginAsync(CookieSigningInContext signingIn)
    {
        if (signingIn.Properties.Items.ContainsKey(Key) || Actor.IdOf(signingIn.Principal!) is not { } researcherId) return;
        var now = time.GetUtcNow();
        var userAgent = signingIn.HttpContext.Request.Headers.UserAgent.ToString();
        var browser = new SignedInBrowser { Id = Guid.NewGuid(), ResearcherId = researcherId, SignedInAt = now, LastSeenAt = now, UserAgent = userAgent.Length > MostOfUserAgent ? userAgent[..MostOfUserAgent] : userAgent };
        await using var db = await databases.CreateDbContextAsync();
        await db.SignedInBrowsers.Where(b => b.ResearcherId == researcherId && b.LastSeenAt < now - GoodFor).ExecuteDeleteAsync();
        db.SignedInBrowsers.Add(browser);
        await db.SaveChangesAsync();
        signingIn.Properties.Items[Key] = $"{browser.Id}";
    }

    /// <summary>Refuses a cookie whose row is gone; tells the request which browser it is.</summary>
    internal async Task ValidateAsync(CookieValidatePrincipalContext signedIn)
    {
        if (signedIn.Principal is not { Identity: ClaimsIdentity identity } principal || Actor.IdOf(principal) is not { } researcherId) return;
        if (Guid.TryParse(signedIn.Properties.Items.TryGetValue(Key, out var text) ? text : null, out var id) && await IsSignedInAsync(researcherId, id, signedIn.HttpContext.RequestAborted))
        {
            if (IdOf(principal) is null) identity.AddClaim(new Claim(Key, $"{id}"));
            return;
        }
        signedIn.RejectPrincipal();
        await signedIn.HttpContext.SignOutAsync(IdentityConstants.ApplicationScheme);
    }

    /// <summary>Forgets the browser that signs out.</summary>
    internal async Task EndAsync(CookieSigningOutContext signingOut)
    {
        if (Actor.IdOf(signingOut.HttpContext.User) is { } researcherId && IdOf(signingOut.HttpContext.User) is { } id) await EndAsync(researcherId, id);
    }
}

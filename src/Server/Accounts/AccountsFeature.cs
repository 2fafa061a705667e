using Microsoft.AspNetCore.Identity;
using PerceptionStudy.Server.Data;

namespace PerceptionStudy.Server.Accounts;

/// <summary>Sign-in of researchers by ASP.NET Core Identity and a cookie.</summary>
public static class AccountsFeature
{
    public static void AddAccounts(this IServiceCollection services)
    {
        services.AddAuthentication(IdentityConstants.ApplicationScheme).AddIdentityCookies();
        services.AddAuthorization();
        services.AddCascadingAuthenticationState();
        services.AddIdentityCore<Researcher>().AddEntityFrameworkStores<StudyDb>().AddSignInManager();
        services.ConfigureApplicationCookie(cookie => cookie.LoginPath = "/sign-in");
    }
}

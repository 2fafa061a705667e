using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using PerceptionStudy.Server.Data;

namespace PerceptionStudy.Server.Accounts;

/// <summary>Sign-in of researchers by ASP.NET Core Identity and a cookie.</summary>
public static class AccountsFeature
{
    public static void AddAccounts(this IServiceCollection services, DataFolder data)
    {
        // The keys of cookies and forms outlive a restart, and all servers on one data folder share them.
        services.AddDataProtection().SetApplicationName("PerceptionStudy").PersistKeysToFileSystem(new DirectoryInfo(data.Folder("keys")));
        services.AddAuthentication(IdentityConstants.ApplicationScheme).AddIdentityCookies();
        services.AddAuthorization();
        services.AddCascadingAuthenticationState();
        services.AddIdentityCore<Researcher>(identity =>
        {
            identity.User.RequireUniqueEmail = true;
            // Length protects; rules on kinds of characters do not.
            identity.Password.RequiredLength = 12;
            identity.Password.RequiredUniqueChars = 5;
            identity.Password.RequireDigit = false;
            identity.Password.RequireLowercase = false;
            identity.Password.RequireUppercase = false;
            identity.Password.RequireNonAlphanumeric = false;
            identity.Lockout.MaxFailedAccessAttempts = 5;
            identity.Lockout.DefaultLockoutTimeSpan = TimeSpan.FromMinutes(10);
        }).AddEntityFrameworkStores<StudyDb>().AddSignInManager();
        services.ConfigureApplicationCookie(cookie =>
        {
            cookie.LoginPath = "/sign-in";
            cookie.Cookie.Name = "researcher";
            cookie.ExpireTimeSpan = TimeSpan.FromDays(7);
        });
        services.AddScoped<Invitations>();
    }

    public static void MapAccounts(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/sign-out", async (HttpContext http, IAntiforgery antiforgery, SignInManager<Researcher> signIn) =>
        {
            if (!await antiforgery.IsRequestValidAsync(http)) return Results.BadRequest("Please go back and sign out again.");
            await signIn.SignOutAsync();
            return Results.Redirect("/sign-in");
        });
}

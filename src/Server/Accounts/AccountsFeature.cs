using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server.Circuits;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection.Extensions;
using PerceptionStudy.Server.Accounts.Auditing;
using PerceptionStudy.Server.Data;

namespace PerceptionStudy.Server.Accounts;

/// <summary>Sign-in of researchers by ASP.NET Core Identity and a cookie, of their programs by tokens; the audit log.</summary>
public static class AccountsFeature
{
    public static void AddAccounts(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddAntiforgery(forms =>
        {
            // The content security policy says it.
            forms.SuppressXFrameOptionsHeader = true;
            forms.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        });
        var schemes = services.AddAuthentication(IdentityConstants.ApplicationScheme);
        schemes.AddIdentityCookies();
        schemes.AddScheme<AuthenticationSchemeOptions, ApiTokenAuthentication>(ApiTokenAuthentication.SchemeName, null);
        schemes.AddOpenIdConnectIfSet(configuration);
        services.AddAuthorizationBuilder().AddPolicy(Administration.Policy, policy => policy.RequireAuthenticatedUser().AddRequirements(new AdministratorRequirement()));
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
            identity.SignIn.RequireConfirmedAccount = true;
        }).AddPasswordValidator<GuessablePasswords>().AddEntityFrameworkStores<StudyDb>().AddSignInManager().AddDefaultTokenProviders();
        services.Replace(ServiceDescriptor.Scoped<IUserConfirmation<Researcher>, OpenAccount>());
        services.ConfigureApplicationCookie(cookie =>
        {
            cookie.LoginPath = "/sign-in";
            cookie.AccessDeniedPath = "/no-access";
            cookie.Cookie.Name = "researcher";
            cookie.ExpireTimeSpan = SignedInBrowsers.GoodFor;
            cookie.Events.OnSigningIn = signingIn => BrowsersOf(signingIn.HttpContext).BeginAsync(signingIn);
            cookie.Events.OnSigningOut = signingOut => BrowsersOf(signingOut.HttpContext).EndAsync(signingOut);
            cookie.Events.OnValidatePrincipal = async signedIn =>
            {
                await SecurityStampValidator.ValidatePrincipalAsync(signedIn);
                await BrowsersOf(signedIn.HttpContext).ValidateAsync(signedIn);
                // An answer with a new cookie may not be kept, and what is to be kept needs no new cookie.
                signedIn.ShouldRenew &= signedIn.HttpContext.GetEndpoint()?.Metadata.GetMetadata<KeptByBrowsers>() is null;
            };
        });
        // At every request: a new password ends the other sessions at once.
        services.Configure<SecurityStampValidatorOptions>(stamps => stamps.ValidationInterval = TimeSpan.Zero);
        services.AddScoped<AuthenticationStateProvider, SignedInStill>();
        services.AddScoped<CircuitHandler, CircuitActor>();
        services.AddSingleton<SignedInBrowsers>();
        services.AddScoped<Invitations>();
        services.AddSingleton<Administration>();
        services.AddSingleton<ApiTokens>();
        services.AddSingleton<IAuthorizationHandler, AdministratorAuthorization>();
        services.AddSingleton<IAuthorizationHandler, ScopeAuthorization>();
    }

    /// <summary>What a request does is done on behalf of whoever is signed in; what participants' browsers ask for, on behalf of a visitor. Use it after authorization.</summary>
    public static void UseActor(this IApplicationBuilder app) => app.Use((http, next) =>
    {
        var forResearchers = http.GetEndpoint()?.Metadata.GetMetadata<IAuthorizeData>() is not null || http.Request.Path.StartsWithSegments("/_blazor");
        return (forResearchers ? Actor.Of(http.User) : Actor.Visitor).DoAsync(() => next(http));
    });

    private static SignedInBrowsers BrowsersOf(HttpContext http) => http.RequestServices.GetRequiredService<SignedInBrowsers>();

    public static void MapAccounts(this IEndpointRouteBuilder routes)
    {
        routes.MapSignOut();
        routes.MapPasskeys();
        routes.MapExternalSignIn();
        routes.MapAuditFiles();
    }
}

/// <summary>Marks an endpoint whose answers browsers keep: a file by the hash of its content.</summary>
public sealed record KeptByBrowsers;

using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace PerceptionStudy.Server.Accounts;

/// <summary>
/// Sign-in by the account of an institution: settings <c>OpenIdConnect:Authority</c>, <c>ClientId</c>, <c>ClientSecret</c>, and <c>Name</c> for the
/// button. It opens accounts that are here; it makes none.
/// </summary>
internal static class OpenIdConnectSignIn
{
    private const string Scheme = "openid-connect";
    private const string Unknown = "Nobody has an account here with the e-mail address of that login: ask a colleague for an invitation first, with the same address.";

    public static void AddOpenIdConnectIfSet(this AuthenticationBuilder schemes, IConfiguration configuration)
    {
        var settings = configuration.GetSection("OpenIdConnect");
        if (settings["Authority"] is not { Length: > 0 } authority) return;
        schemes.AddOpenIdConnect(Scheme, settings["Name"] ?? "your institution", connect =>
        {
            connect.SignInScheme = IdentityConstants.ExternalScheme;
            connect.Authority = authority;
            connect.ClientId = settings["ClientId"];
            connect.ClientSecret = settings["ClientSecret"];
            connect.ResponseType = OpenIdConnectResponseType.Code;
            connect.ResponseMode = OpenIdConnectResponseMode.Query;
            connect.UsePkce = true;
            // The way back is an ordinary link: stricter cookies than the default, which also work where a proxy does the encryption.
            foreach (var cookie in (CookieBuilder[])[connect.CorrelationCookie, connect.NonceCookie]) (cookie.SameSite, cookie.SecurePolicy) = (SameSiteMode.Lax, CookieSecurePolicy.SameAsRequest);
            // Only an authority on this machine, for trying out, may do without encryption.
            connect.RequireHttpsMetadata = !new Uri(authority).IsLoopback;
            connect.MapInboundClaims = false;
            connect.GetClaimsFromUserInfoEndpoint = true;
            connect.Scope.Add("email");
            connect.ClaimActions.MapUniqueJsonKey("email_verified", "email_verified");
            connect.TokenValidationParameters.NameClaimType = "email";
            connect.Events.OnTicketReceived = arrived =>
            {
                // Identity looks for the subject under this name.
                if (arrived.Principal?.Identity is ClaimsIdentity identity && identity.FindFirst("sub") is { } subject) identity.AddClaim(new Claim(ClaimTypes.NameIdentifier, subject.Value));
                return Task.CompletedTask;
            };
            connect.Events.OnRemoteFailure = failed =>
            {
                failed.HandleResponse();
                failed.Response.Redirect("/sign-in?problem=" + Uri.EscapeDataString("The login elsewhere did not succeed. Please try again, or use your password."));
                return Task.CompletedTask;
            };
        });
    }

    public static void MapExternalSignIn(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/sign-in/elsewhere", async (IAuthenticationSchemeProvider schemes, SignInManager<Researcher> signIn, string? returnUrl) =>
            await schemes.GetSchemeAsync(Scheme) is null
                ? Results.NotFound("Logins of another server are not set up here.")
                : Results.Challenge(signIn.ConfigureExternalAuthenticationProperties(Scheme, "/sign-in/back?returnUrl=" + Uri.EscapeDataString(returnUrl ?? "")), [Scheme]));
        routes.MapGet("/sign-in/back", BackAsync);
    }

    private static async Task<IResult> BackAsync(HttpContext http, SignInManager<Researcher> signIn, UserManager<Researcher> researchers, string? returnUrl)
    {
        if (await signIn.GetExternalLoginInfoAsync() is not { } login) return Refuse("The login elsewhere did not succeed. Please try again.");
        await http.SignOutAsync(IdentityConstants.ExternalScheme);
        if (await researchers.FindByLoginAsync(login.LoginProvider, login.ProviderKey) is null)
        {
            // Whoever proves an address is taken for its owner, and the login is remembered by its subject from then on.
            var email = login.Principal.FindFirstValue("email");
            if (email is null || login.Principal.FindFirstValue("email_verified") is not ("true" or "True") || await researchers.FindByEmailAsync(email) is not { } researcher) return Refuse(Unknown);
            await researchers.AddLoginAsync(researcher, login);
        }
        var result = await signIn.ExternalLoginSignInAsync(login.LoginProvider, login.ProviderKey, isPersistent: true, bypassTwoFactor: true);
        return result.Succeeded ? Results.LocalRedirect(LocalAddress.Of(returnUrl)) : Refuse(result.IsLockedOut ? "This account is closed for ten minutes." : "This account was closed: ask an administrator.");
    }

    private static IResult Refuse(string sentence) => Results.Redirect("/sign-in?problem=" + Uri.EscapeDataString(sentence));
}

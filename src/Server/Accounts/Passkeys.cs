using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Identity;

namespace PerceptionStudy.Server.Accounts;

/// <summary>What the browser asks for while it makes or uses a passkey (WebAuthn); the rest is done by ASP.NET Core Identity.</summary>
internal static class Passkeys
{
    private const string NotUsed = "The passkey was not accepted. Please try again, or use your password.";

    /// <param name="Credential">What the browser's <c>PublicKeyCredential</c> says, as JSON.</param>
    /// <param name="Name">What the researcher calls it; for a new one.</param>
    /// <param name="ReturnUrl">Where to go after signing in.</param>
    private sealed record PasskeyAnswer(string Credential, string? Name, string? ReturnUrl);

    public static void MapPasskeys(this IEndpointRouteBuilder routes)
    {
        var passkeys = routes.MapGroup("/passkeys").AddEndpointFilter(OnlyOurPagesAsync);
        passkeys.MapPost("/sign-in/options", async (SignInManager<Researcher> signIn) => Results.Text(await signIn.MakePasskeyRequestOptionsAsync(null), "application/json"));
        passkeys.MapPost("/sign-in", SignInAsync);
        passkeys.MapPost("/new/options", async (HttpContext http, SignInManager<Researcher> signIn, UserManager<Researcher> researchers) =>
        {
            var me = (await researchers.GetUserAsync(http.User))!;
            return Results.Text(await signIn.MakePasskeyCreationOptionsAsync(new() { Id = $"{me.Id}", Name = me.Email!, DisplayName = me.Email! }), "application/json");
        }).RequireAuthorization();
        passkeys.MapPost("/new", AddAsync).RequireAuthorization();
    }

    private static async Task<IResult> SignInAsync(PasskeyAnswer answer, SignInManager<Researcher> signIn)
    {
        try
        {
            var result = await signIn.PasskeySignInAsync(answer.Credential);
            if (result.Succeeded) return Results.Ok(new { address = LocalAddress.Of(answer.ReturnUrl) });
            return Refuse(result.IsNotAllowed ? "This account was closed: ask an administrator of this server." : result.IsLockedOut ? "This account is closed for ten minutes." : NotUsed);
        }
        catch (InvalidOperationException)
        {
            // The options were not asked for by this browser, or too long ago.
            return Refuse(NotUsed);
        }
    }

    private static async Task<IResult> AddAsync(PasskeyAnswer answer, HttpContext http, SignInManager<Researcher> signIn, UserManager<Researcher> researchers)
    {
        var me = (await researchers.GetUserAsync(http.User))!;
        var result = await signIn.PerformPasskeyAttestationAsync(answer.Credential);
        if (!result.Succeeded) return Refuse("The passkey could not be made: " + result.Failure.Message);
        result.Passkey.Name = string.IsNullOrWhiteSpace(answer.Name) ? "Passkey" : answer.Name.Trim()[..Math.Min(answer.Name.Trim().Length, 60)];
        var added = await researchers.AddOrUpdatePasskeyAsync(me, result.Passkey);
        if (!added.Succeeded) return Refuse(string.Join(' ', added.Errors.Select(e => e.Description)));
        await signIn.RefreshSignInAsync(me);
        return Results.Ok(new { address = "/account?done=" + Uri.EscapeDataString("The passkey is added.") });
    }

    private static IResult Refuse(string sentence) => Results.Json(new { sentence }, statusCode: StatusCodes.Status400BadRequest);

    private static async ValueTask<object?> OnlyOurPagesAsync(EndpointFilterInvocationContext call, EndpointFilterDelegate next) =>
        await call.HttpContext.RequestServices.GetRequiredService<IAntiforgery>().IsRequestValidAsync(call.HttpContext) ? await next(call) : Refuse("Please reload the page and try again.");
}

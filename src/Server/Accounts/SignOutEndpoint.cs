using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Identity;

namespace PerceptionStudy.Server.Accounts;

internal static class SignOutEndpoint
{
    public static void MapSignOut(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/sign-out", async (HttpContext http, IAntiforgery antiforgery, SignInManager<Researcher> signIn) =>
        {
            if (!await antiforgery.IsRequestValidAsync(http)) return Results.BadRequest("Please go back and sign out again.");
            await signIn.SignOutAsync();
            return Results.Redirect("/sign-in");
        });
}

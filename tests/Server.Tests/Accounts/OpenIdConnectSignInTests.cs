using System.Net;
using System.Security.Claims;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using PerceptionStudy.Server.Tests.Data;

namespace PerceptionStudy.Server.Tests.Accounts;

public sealed class OpenIdConnectSignInTests(SqliteDatabase database) : IClassFixture<SqliteDatabase>
{
    [Fact]
    public async Task The_login_of_an_institution_opens_the_account_with_its_verified_address()
    {
        await using var authority = await Authority.StartAsync();
        await using var server = await database.StartServerAsync($"--OpenIdConnect:Authority={authority.Address}", "--OpenIdConnect:ClientId=study", "--OpenIdConnect:ClientSecret=secret", "--OpenIdConnect:Name=Example University");
        await server.AddResearcherAsync("scientist@example.org");
        Assert.Contains("Sign in at Example University", await server.Client.GetStringAsync("/sign-in"), StringComparison.Ordinal);

        authority.User = ("subject-1", "scientist@example.org", true);
        Assert.Equal("/admin/models", await SignInAsync(server.NewClient()));
        // From then on the subject counts, whatever becomes of the address.
        authority.User = ("subject-1", "married@example.org", true);
        Assert.Equal("/admin/models", await SignInAsync(server.NewClient()));
        await using var db = server.OpenDatabase();
        Assert.Contains("subject-1", (await db.AuditEntries.SingleAsync(e => e.Entity.StartsWith("IdentityUserLogin"))).AfterJson, StringComparison.Ordinal);

        foreach (var stranger in ((string, string, bool)[])[("subject-2", "scientist@example.org", false), ("subject-3", "nobody@example.org", true)])
        {
            authority.User = stranger;
            Assert.StartsWith("/sign-in?problem=Nobody", await SignInAsync(server.NewClient()), StringComparison.Ordinal);
        }

        async Task<string> SignInAsync(HttpClient browser)
        {
            var address = new Uri(server.Address, "/sign-in/elsewhere?returnUrl=/admin/models");
            for (var n = 0; n < 6; n++)
            {
                var answer = await browser.GetAsync(address);
                Assert.True(answer.StatusCode == HttpStatusCode.Found, $"{address}: {answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
                address = new Uri(address, answer.Headers.Location!);
                if (address.Port == server.Address.Port && (address.AbsolutePath == "/sign-in" || address.AbsolutePath.StartsWith("/admin", StringComparison.Ordinal))) break;
            }
            if (address.AbsolutePath.StartsWith("/admin", StringComparison.Ordinal)) Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync(address)).StatusCode);
            return Uri.UnescapeDataString(address.PathAndQuery);
        }
    }

    [Fact]
    public async Task Without_the_settings_there_is_no_such_way()
    {
        await using var server = await database.StartServerAsync();
        Assert.DoesNotContain("Sign in at", await server.Client.GetStringAsync("/sign-in"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await server.Client.GetAsync("/sign-in/elsewhere")).StatusCode);
    }

    /// <summary>An OpenID Connect authority on this machine: the code flow, one user, a key of its own.</summary>
    private sealed class Authority : IAsyncDisposable
    {
        private readonly WebApplication app;
        private readonly RsaSecurityKey key = new(RSA.Create(2048)) { KeyId = "test" };

        private Authority()
        {
            var builder = WebApplication.CreateBuilder();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            builder.Logging.ClearProviders();
            app = builder.Build();
            string? nonce = null;
            app.MapGet("/.well-known/openid-configuration", () => Results.Json(new Dictionary<string, object>
            {
                ["issuer"] = Address, ["authorization_endpoint"] = Address + "/authorize", ["token_endpoint"] = Address + "/token", ["userinfo_endpoint"] = Address + "/userinfo", ["jwks_uri"] = Address + "/jwks",
            }));
            app.MapGet("/jwks", () =>
            {
                var jwk = JsonWebKeyConverter.ConvertFromRSASecurityKey(new RsaSecurityKey(key.Rsa.ExportParameters(false)) { KeyId = key.KeyId });
                return Results.Json(new { keys = new[] { new { kty = jwk.Kty, kid = jwk.Kid, n = jwk.N, e = jwk.E, use = "sig", alg = "RS256" } } });
            });
            app.MapGet("/authorize", (HttpRequest asked) =>
            {
                nonce = asked.Query["nonce"];
                return Results.Redirect($"{asked.Query["redirect_uri"]}?code=one-time&state={Uri.EscapeDataString(asked.Query["state"]!)}");
            });
            app.MapPost("/token", () => Results.Json(new Dictionary<string, object>
            {
                ["access_token"] = "access", ["token_type"] = "Bearer", ["expires_in"] = 300,
                ["id_token"] = new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
                {
                    Issuer = Address, Audience = "study", Expires = TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(5),
                    Subject = new ClaimsIdentity([new("sub", User.Subject), new("email", User.Email), new("nonce", nonce!)]),
                    SigningCredentials = new SigningCredentials(key, SecurityAlgorithms.RsaSha256),
                }),
            }));
            app.MapGet("/userinfo", () => Results.Json(new { sub = User.Subject, email = User.Email, email_verified = User.Verified }));
        }

        public (string Subject, string Email, bool Verified) User { get; set; }

        public string Address => app.Urls.Single();

        public static async Task<Authority> StartAsync()
        {
            var authority = new Authority();
            await authority.app.StartAsync();
            return authority;
        }

        public async ValueTask DisposeAsync()
        {
            await app.DisposeAsync();
            key.Rsa.Dispose();
        }
    }
}

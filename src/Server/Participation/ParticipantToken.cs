using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace PerceptionStudy.Server.Participation;

/// <summary>
/// What proves that a browser owns a session: 256 random bits in a cookie that scripts cannot read. The server keeps only the hash.
/// A cookie outlives reload and closing, so that a participant can go on later in the same browser.
/// </summary>
public static class ParticipantToken
{
    private const string CookiePrefix = "session-";
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(60);

    public static string New() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <summary>Hash of a token, lower-case hexadecimal.</summary>
    public static string Sha256(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));

    public static void Give(HttpContext http, Guid sessionId, string token) =>
        http.Response.Cookies.Append(CookiePrefix + sessionId.ToString("N"), token, new CookieOptions
        {
            HttpOnly = true,
            SameSite = SameSiteMode.Lax,
            Secure = http.Request.IsHttps,
            IsEssential = true,
            MaxAge = Lifetime,
        });

    /// <summary>The token that this browser holds for a session, or null.</summary>
    public static string? Of(HttpContext http, Guid sessionId) => http.Request.Cookies[CookiePrefix + sessionId.ToString("N")];

    /// <summary>What somebody is told who asks without it.</summary>
    public static ParticipantRefusedException NotHeld() =>
        new(StatusCodes.Status401Unauthorized, texts => texts.NotYourSessionWhy);

    /// <summary>Hashes of all tokens that this browser holds.</summary>
    public static string[] AllSha256(HttpContext http) =>
        [.. http.Request.Cookies.Where(c => c.Key.StartsWith(CookiePrefix, StringComparison.Ordinal)).Select(c => Sha256(c.Value))];
}

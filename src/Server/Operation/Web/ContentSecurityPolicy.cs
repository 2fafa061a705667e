using System.Security.Cryptography;
using Scalar.AspNetCore;

namespace PerceptionStudy.Server.Operation.Web;

/// <summary>
/// What a page may load and run (Content Security Policy, level 3): nothing but the files of this server; no inline script, no inline style without the
/// answer's nonce, no eval. Participants' pages may compile WebAssembly. The exceptions are two, and each is for one page: see <see cref="Of"/>.
/// </summary>
public static class ContentSecurityPolicy
{
    private static readonly object Key = new();

    /// <summary>128 random bits that name the inline elements that this answer's page was sent with.</summary>
    public static string NonceOf(HttpContext http)
    {
        if (http.Items[Key] is not string nonce) http.Items[Key] = nonce = Convert.ToBase64String(RandomNumberGenerator.GetBytes(16));
        return nonce;
    }

    /// <summary>The policy of the answer to a request, once it is known who answers.</summary>
    internal static string Of(HttpContext http)
    {
        var path = http.Request.Path;
        // A report is one file with its styles in it, made to be kept. It may not run anything at all, and belongs to no origin.
        if (path.Value!.EndsWith("/report.html", StringComparison.Ordinal)) return "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox allow-popups";
        var (script, style) = true switch
        {
            // The theme's colours are a style element.
            _ when path.StartsWithSegments("/admin") => ("", $" 'nonce-{NonceOf(http)}'"),
            // The reference of the HTTP API is a library's page, which writes its styles by script; it is public and holds nothing.
            _ when http.Items[ScalarOptions.NonceHttpContextItemKey] is string nonce => ($" 'nonce-{nonce}'", " 'unsafe-inline'"),
            _ => (" 'wasm-unsafe-eval'", ""),
        };
        return $"default-src 'none'; script-src 'self'{script}; style-src 'self'{style}; img-src 'self' data: blob:; media-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; "
            + "worker-src 'self'; manifest-src 'self'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";
    }
}

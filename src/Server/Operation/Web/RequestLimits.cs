using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;

namespace PerceptionStudy.Server.Operation.Web;

/// <summary>How many requests a sender may make at once, and how many come back each minute.</summary>
public sealed record RequestRate(int Burst, int PerMinute);

/// <summary>
/// How often one sender may ask for what could be guessed or costs much. A sender is an address only where nothing better tells people apart: answers
/// of participants count by session, so that a lab behind one address, or a proxy that hides addresses, is not slowed down. Pictures, sounds
/// and pages are not limited here: their addresses are random, and a proxy is the place for it.
/// </summary>
public static class RequestLimits
{
    // Settings Limits:NAME:Burst and Limits:NAME:PerMinute.
    private static readonly Dictionary<string, RequestRate> Usual = new()
    {
        // Passwords, codes of a second factor, passkeys, invitations, withdrawal codes; by address.
        ["Guesses"] = new(30, 30),
        // Beginning a session draws its trials; by address. A lecture hall begins within a minute.
        ["Starts"] = new(600, 600),
        // A participant answers every few seconds, and after an interruption sends what has waited; by session and token.
        ["Session"] = new(300, 1200),
        // By API token.
        ["Api"] = new(600, 3000),
    };

    private static readonly string[] Guessable = ["/sign-in", "/set-up", "/join", "/withdraw", "/account", "/passkeys"];

    public static void AddRequestLimits(this IServiceCollection services, IConfiguration configuration)
    {
        var rates = Usual.ToDictionary(u => u.Key, u => configuration.GetSection($"Limits:{u.Key}").Get<RequestRate>() ?? u.Value);
        services.AddRateLimiter(limiter =>
        {
            limiter.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            limiter.OnRejected = SayWaitAsync;
            limiter.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, (string, string)>(http => SenderOf(http) is var (kind, sender)
                ? RateLimitPartition.GetTokenBucketLimiter((kind, sender), _ => Bucket(rates[kind]))
                : RateLimitPartition.GetNoLimiter(("", "")));
        });
    }

    /// <summary>What kind of request it is, and who sends it; null for what is not limited.</summary>
    public static (string Kind, string Sender)? SenderOf(HttpContext http)
    {
        var (path, posts) = (http.Request.Path, HttpMethods.IsPost(http.Request.Method));
        if (posts && Guessable.Any(page => path.StartsWithSegments(page))) return ("Guesses", AddressOf(http));
        if (posts && path.StartsWithSegments("/s")) return ("Starts", AddressOf(http));
        if (path.StartsWithSegments("/api/sessions", out var rest))
            return http.Request.Cookies.FirstOrDefault(c => c.Key.StartsWith("session-", StringComparison.Ordinal) && rest.Value!.Replace("-", "", StringComparison.Ordinal).StartsWith('/' + c.Key[8..], StringComparison.OrdinalIgnoreCase)) is { Value: { } token } held
                ? ("Session", held.Key + token) : ("Guesses", AddressOf(http));
        if (path.StartsWithSegments("/api/v1")) return ("Api", http.Request.Headers.Authorization.ToString() is { Length: > 0 } token ? token : AddressOf(http));
        return null;
    }

    private static TokenBucketRateLimiterOptions Bucket(RequestRate rate) => new()
    {
        TokenLimit = rate.Burst,
        TokensPerPeriod = Math.Max(1, rate.PerMinute / 60),
        ReplenishmentPeriod = rate.PerMinute >= 60 ? TimeSpan.FromSeconds(1) : TimeSpan.FromSeconds(60.0 / rate.PerMinute),
        AutoReplenishment = true,
    };

    // Whoever has one IPv6 address usually has all of its /64.
    private static string AddressOf(HttpContext http) => http.Connection.RemoteIpAddress switch
    {
        null => "",
        { AddressFamily: AddressFamily.InterNetworkV6, IsIPv4MappedToIPv6: false } six => new IPAddress([.. six.GetAddressBytes()[..8], .. new byte[8]]).ToString(),
        var four => four.MapToIPv4().ToString(),
    };

    private static async ValueTask SayWaitAsync(Microsoft.AspNetCore.RateLimiting.OnRejectedContext rejected, CancellationToken cancel)
    {
        var seconds = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? Math.Max(1, (int)Math.Ceiling(after.TotalSeconds)) : 1;
        rejected.HttpContext.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        await rejected.HttpContext.Response.WriteAsync($"Too many requests: please wait {seconds} s and try again.", cancel);
    }
}

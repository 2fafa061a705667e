using System.Collections.Concurrent;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace PerceptionStudy.EndToEnd.Tests;

/// <summary>Everything that reaches a page but the framework's own files, which are the same for every study.</summary>
public sealed class Traffic
{
    private readonly ConcurrentBag<(string Address, byte[] Body, string Headers)> seen = [];

    /// <summary>Replies with text may be changed on their way.</summary>
    public static async Task<Traffic> RecordAsync(IPage page, Func<string, string>? change = null)
    {
        var traffic = new Traffic();
        await page.RouteAsync(address => !address.Contains("/_framework/", StringComparison.Ordinal), async route =>
        {
            // A redirection is followed by the browser itself, so that its cookies count.
            var reply = await route.FetchAsync(new() { MaxRedirects = 0, Timeout = (float)Browser.Patience.TotalMilliseconds });
            var body = await reply.BodyAsync();
            traffic.seen.Add((route.Request.Url, body, string.Join('\n', reply.Headers.Select(h => $"{h.Key}: {h.Value}"))));
            var changes = change is not null && reply.Headers.GetValueOrDefault("content-type", "").StartsWith("application/json", StringComparison.Ordinal);
            await route.FulfillAsync(changes ? new() { Response = reply, BodyBytes = Encoding.UTF8.GetBytes(change!(Encoding.UTF8.GetString(body))) } : new() { Response = reply });
        });
        return traffic;
    }

    /// <summary>All replies of an address, by its end, one after the other.</summary>
    public string TextOf(string addressEnd) => string.Join('\n', seen.Where(s => s.Address.EndsWith(addressEnd, StringComparison.Ordinal)).Select(s => Encoding.UTF8.GetString(s.Body)));

    /// <summary>Each file of a stimulus has an address of its own, and all have the same length, first bytes and headers, whatever they hold.</summary>
    public void AssertStimuliLookAlike(int count)
    {
        var files = seen.Where(s => s.Headers.Contains("filename=stimulus", StringComparison.Ordinal)).ToList();
        Assert.Equal(count, files.Select(p => p.Address).Distinct().Count());
        Assert.Single(files.Select(p => Regex.Replace(p.Headers, "(?m)^(date|repr-digest):.*$", "")).Distinct());
        Assert.Single(files.Select(p => (p.Body.Length, Convert.ToHexString(p.Body.AsSpan(0, 41)))).Distinct());
    }

    public void AssertNothingToldOf(IReadOnlyCollection<string> secrets)
    {
        foreach (var (address, body, headers) in seen)
        {
            var text = $"{address}\n{headers}\n{Encoding.Latin1.GetString(body)}";
            Assert.DoesNotContain(secrets, secret => text.Contains(secret, StringComparison.OrdinalIgnoreCase));
        }
    }
}

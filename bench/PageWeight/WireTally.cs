using System.Text.Json;
using Microsoft.Playwright;

namespace PerceptionStudy.Bench.PageWeight;

/// <summary>What came over the wire: heads and bodies as sent, compressed; nothing from the cache.</summary>
internal readonly record struct Weight(int Requests, double Bytes, double PictureBytes)
{
    public static Weight operator +(Weight a, Weight b) => new(a.Requests + b.Requests, a.Bytes + b.Bytes, a.PictureBytes + b.PictureBytes);
}

/// <summary>Counts what a page of Chromium receives. Pictures of trials are counted apart: they are the study's, whatever shows them.</summary>
internal sealed class WireTally
{
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(2);

    private readonly Lock mine = new();
    private readonly Dictionary<string, string> addresses = [];
    private Weight sinceTaken;
    private int underWay;
    private DateTimeOffset latest = TimeProvider.System.GetUtcNow();

    public static async Task<WireTally> WatchAsync(IPage page)
    {
        var tally = new WireTally();
        var session = await page.Context.NewCDPSessionAsync(page);
        session.Event("Network.requestWillBeSent").OnEvent += (_, e) => tally.Begin(e!.Value);
        session.Event("Network.loadingFinished").OnEvent += (_, e) => tally.End(e!.Value, e.Value.GetProperty("encodedDataLength").GetDouble());
        session.Event("Network.loadingFailed").OnEvent += (_, e) => tally.End(e!.Value, 0);
        await session.SendAsync("Network.enable");
        return tally;
    }

    /// <summary>Waits until nothing has come for two seconds.</summary>
    public async Task QuietAsync()
    {
        while (true)
        {
            lock (mine)
            {
                if (underWay <= 0 && TimeProvider.System.GetUtcNow() - latest > Quiet) return;
            }
            await Task.Delay(100);
        }
    }

    /// <summary>What came since the last call.</summary>
    public Weight Take()
    {
        lock (mine)
        {
            var taken = sinceTaken;
            sinceTaken = default;
            return taken;
        }
    }

    private void Begin(JsonElement request)
    {
        lock (mine)
        {
            var id = request.GetProperty("requestId").GetString()!;
            // A redirection goes on under the same id.
            if (request.TryGetProperty("redirectResponse", out var redirection)) sinceTaken += new Weight(1, redirection.GetProperty("encodedDataLength").GetDouble(), 0);
            else underWay++;
            addresses[id] = request.GetProperty("request").GetProperty("url").GetString()!;
            latest = TimeProvider.System.GetUtcNow();
        }
    }

    private void End(JsonElement happened, double bytes)
    {
        lock (mine)
        {
            if (!addresses.Remove(happened.GetProperty("requestId").GetString()!, out var address)) return;
            underWay--;
            latest = TimeProvider.System.GetUtcNow();
            if (bytes <= 0) return;
            var isPicture = address.Contains("/stimuli/", StringComparison.Ordinal);
            sinceTaken += new Weight(1, isPicture ? 0 : bytes, isPicture ? bytes : 0);
        }
    }
}

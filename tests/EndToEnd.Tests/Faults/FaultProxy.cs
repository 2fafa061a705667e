using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace PerceptionStudy.EndToEnd.Tests.Faults;

/// <summary>
/// A bad line between browsers and the server. Of the requests for answers, plans and pictures it drops some before they arrive, loses the reply of
/// some after they did, delays, doubles at once or later (so that they arrive out of order), and cuts replies off. Pages pass.
/// </summary>
public sealed class FaultProxy : IAsyncDisposable
{
    private readonly HttpClient onward = new(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false, ConnectTimeout = TimeSpan.FromSeconds(2) }) { Timeout = TimeSpan.FromSeconds(20) };
    private readonly Random chance;
    private readonly WebApplication app;
    private int dropped, lost, delayed, doubled, cut, unreachable, passed;

    private FaultProxy(string server, int seed)
    {
        (Server, chance) = (server, new Random(seed));
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        app.Run(PassAsync);
    }

    /// <summary>Where requests go on to; another one from the next request on.</summary>
    public string Server { get; set; }

    public string Address => app.Urls.Single();

    public string Tally => $"{passed} passed, {dropped} dropped, {lost} replies lost, {delayed} delayed, {doubled} doubled, {cut} cut off, {unreachable} while the server was down";

    public static async Task<FaultProxy> StartAsync(string server, int seed)
    {
        var proxy = new FaultProxy(server, seed);
        await proxy.app.StartAsync();
        return proxy;
    }

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
        onward.Dispose();
    }

    private double Next()
    {
        lock (chance) return chance.NextDouble();
    }

    private async Task PassAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        var faulty = http.Request.Path.StartsWithSegments("/api") || http.Request.Path.StartsWithSegments("/stimuli");
        var fate = faulty ? Next() : 1;
        if (fate < .04)
        {
            Interlocked.Increment(ref dropped);
            http.Abort();
            return;
        }
        if (fate is >= .04 and < .14)
        {
            Interlocked.Increment(ref delayed);
            await Task.Delay(TimeSpan.FromSeconds(2 * Next()));
        }
        // The same request twice: at once, or a copy long after others.
        if (fate is >= .14 and < .20)
        {
            Interlocked.Increment(ref doubled);
            var copy = SendLaterAsync(Copy(http, body.ToArray()), TimeSpan.FromSeconds(fate < .17 ? 0 : 3 * Next()));
            if (fate < .17) await copy;
        }
        HttpResponseMessage reply;
        byte[] content;
        try
        {
            reply = await onward.SendAsync(Copy(http, body.ToArray()), CancellationToken.None);
            content = await reply.Content.ReadAsByteArrayAsync();
        }
        catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException or IOException)
        {
            Interlocked.Increment(ref unreachable);
            http.Abort();
            return;
        }
        using (reply)
        {
            if (fate is >= .20 and < .26)
            {
                Interlocked.Increment(ref lost);
                http.Abort();
                return;
            }
            http.Response.StatusCode = (int)reply.StatusCode;
            foreach (var header in reply.Headers.Concat(reply.Content.Headers).Where(h => h.Key is not ("Transfer-Encoding" or "Connection")))
                http.Response.Headers[header.Key] = header.Value.ToArray();
            if (fate is >= .26 and < .30 && content.Length > 1)
            {
                Interlocked.Increment(ref cut);
                await http.Response.Body.WriteAsync(content.AsMemory(0, content.Length / 2));
                await http.Response.Body.FlushAsync();
                http.Abort();
                return;
            }
            Interlocked.Increment(ref passed);
            if (content.Length > 0) await http.Response.Body.WriteAsync(content);
        }
    }

    private async Task SendLaterAsync(HttpRequestMessage copy, TimeSpan after)
    {
        try
        {
            await Task.Delay(after);
            using (copy) (await onward.SendAsync(copy)).Dispose();
        }
        catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException or IOException or ObjectDisposedException)
        {
            // Nobody waits for a copy.
        }
    }

    private HttpRequestMessage Copy(HttpContext http, byte[] body)
    {
        var request = new HttpRequestMessage(new HttpMethod(http.Request.Method), Server + http.Request.Path + http.Request.QueryString);
        if (body.Length > 0) request.Content = new ByteArrayContent(body);
        foreach (var header in http.Request.Headers.Where(h => h.Key is not ("Host" or "Connection" or "Content-Length" or "Transfer-Encoding" or "Accept-Encoding")))
        {
            if (!request.Headers.TryAddWithoutValidation(header.Key, header.Value.ToArray())) request.Content?.Headers.TryAddWithoutValidation(header.Key, header.Value.ToArray());
        }
        return request;
    }
}

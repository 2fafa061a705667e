using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Operation.Web;
using PerceptionStudy.Server.Tests.Data;

namespace PerceptionStudy.Server.Tests.Operation.Web;

public sealed class RequestLimitsTests(SqliteDatabase database) : IClassFixture<SqliteDatabase>
{
    [Fact]
    public async Task Who_guesses_has_to_wait_and_nobody_else()
    {
        await using var server = await database.StartServerAsync("--Limits:Guesses:Burst=5", "--Limits:Guesses:PerMinute=1");
        using var guesser = server.NewClient();
        guesser.DefaultRequestHeaders.Add("X-Forwarded-For", "203.0.113.7");
        var answers = new List<HttpResponseMessage>();
        for (var n = 0; n < 7; n++) answers.Add(await guesser.PostAsync("/sign-in", new FormUrlEncodedContent([new("Form.Email", "a@example.org"), new("Form.Password", $"guess {n}")])));
        Assert.Equal(2, answers.Count(a => a.StatusCode == HttpStatusCode.TooManyRequests));
        Assert.InRange(answers[^1].Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
        Assert.StartsWith("Too many requests: please wait", await answers[^1].Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await guesser.GetAsync("/sign-in")).StatusCode);

        using var neighbour = server.NewClient();
        neighbour.DefaultRequestHeaders.Add("X-Forwarded-For", "203.0.113.8");
        Assert.NotEqual(HttpStatusCode.TooManyRequests, (await neighbour.PostAsync("/sign-in", new FormUrlEncodedContent([]))).StatusCode);
    }

    [Fact]
    public async Task Nobody_hides_behind_an_address_that_no_known_proxy_vouches_for()
    {
        // The request comes by 127.0.0.1, a known proxy, which got it from 198.51.100.1, which is none: what that claims does not count.
        await using var server = await database.StartServerAsync("--Limits:Guesses:Burst=2", "--Limits:Guesses:PerMinute=1");
        var limited = 0;
        for (var n = 0; n < 5; n++)
        {
            using var client = server.NewClient();
            client.DefaultRequestHeaders.Add("X-Forwarded-For", $"203.0.113.{n}, 198.51.100.1");
            if ((await client.PostAsync("/withdraw", new FormUrlEncodedContent([]))).StatusCode == HttpStatusCode.TooManyRequests) limited++;
        }
        Assert.Equal(3, limited);
    }

    [Theory]
    [InlineData("POST", "/sign-in/code", null, "203.0.113.7", "Guesses", "203.0.113.7")]
    [InlineData("POST", "/passkeys/sign-in", null, "::ffff:203.0.113.7", "Guesses", "203.0.113.7")]
    [InlineData("POST", "/withdraw", null, "2001:db8:1:2:aaaa::1", "Guesses", "2001:db8:1:2::")]
    [InlineData("POST", "/s/ABC/start", null, "203.0.113.7", "Starts", "203.0.113.7")]
    [InlineData("POST", "/api/sessions/018f0000-0000-7000-8000-000000000001/responses", "session-018f0000000070008000000000000001=secret", "203.0.113.7", "Session", "session-018f0000000070008000000000000001secret")]
    [InlineData("POST", "/api/sessions/018f0000-0000-7000-8000-000000000001/responses", "session-018f0000000070008000000000000002=secret", "203.0.113.7", "Guesses", "203.0.113.7")]
    [InlineData("GET", "/s/ABC", null, "203.0.113.7", null, null)]
    [InlineData("GET", "/stimuli/abc", null, "203.0.113.7", null, null)]
    public void Whom_a_request_is_counted_for(string method, string path, string? cookie, string address, string? kind, string? sender)
    {
        var http = new DefaultHttpContext();
        (http.Request.Method, http.Request.Path, http.Connection.RemoteIpAddress) = (method, path, IPAddress.Parse(address));
        if (cookie is not null) http.Request.Headers.Cookie = cookie;
        var counted = RequestLimits.SenderOf(http);
        Assert.Equal((kind, sender), (counted?.Kind, counted?.Sender));
    }

    [Fact]
    public void A_wrong_network_of_proxies_is_one_sentence()
    {
        var refused = Assert.Throws<RefusedException>(() => new ServiceCollection().AddProxies(new ConfigurationBuilder().AddInMemoryCollection([new("Proxy:Networks", "10.0.0.0/8; nonsense")]).Build()));
        Assert.Equal("Proxy:Networks holds 'nonsense', which is no network: write 10.0.0.0/8 or a single address, several with ; between them.", refused.Message);
    }
}

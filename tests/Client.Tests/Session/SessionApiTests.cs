using System.Net;
using System.Text;
using System.Text.Json;
using PerceptionStudy.Client.Session;
using PerceptionStudy.Shared.Texts;

namespace PerceptionStudy.Client.Tests.Session;

/// <summary>Only a receipt is success: what a proxy, a captive portal or a failing server says instead is not.</summary>
public sealed class SessionApiTests
{
    private sealed class Says(HttpStatusCode status, string body) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage(status) { Content = new StringContent(body, Encoding.UTF8, "application/json") });
    }

    private static SessionApi Against(HttpStatusCode status, string body) => new(new HttpClient(new Says(status, body)) { BaseAddress = new Uri("http://127.0.0.1") });

    [Theory]
    [InlineData(HttpStatusCode.BadRequest, true)]
    [InlineData(HttpStatusCode.Gone, true)]
    [InlineData(HttpStatusCode.RequestTimeout, false)]
    [InlineData(HttpStatusCode.TooManyRequests, false)]
    [InlineData(HttpStatusCode.InternalServerError, false)]
    [InlineData(HttpStatusCode.ServiceUnavailable, false)]
    [InlineData(HttpStatusCode.NoContent, false)]
    [InlineData(HttpStatusCode.Accepted, false)]
    public async Task Anything_but_200_is_a_refusal_that_may_or_may_not_be_final(HttpStatusCode status, bool final)
    {
        var refusal = await Assert.ThrowsAsync<RefusedBySiteException>(() => Against(status, "").SendAsync(Guid.Empty, ["{}"]));
        Assert.Equal((status, final), (refusal.Status, refusal.Final));
        Assert.Equal($"Der Server konnte nicht antworten ({(int)status}).", refusal.In(ParticipantTexts.In("de", null)));
    }

    [Fact]
    public async Task The_servers_own_sentence_is_passed_on()
    {
        var refusal = await Assert.ThrowsAsync<RefusedBySiteException>(() => Against(HttpStatusCode.Conflict, """{"sentence":"This trial belongs to another session."}""").SendAsync(Guid.Empty, ["{}"]));
        Assert.Equal("This trial belongs to another session.", refusal.In(ParticipantTexts.In("de", null)));
    }

    [Theory]
    [InlineData("<html>Sign in to the hotel's network</html>")]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("""{"choice":"cat"}""")]
    public async Task Success_without_a_receipt_is_none(string body) =>
        await Assert.ThrowsAnyAsync<JsonException>(() => Against(HttpStatusCode.OK, body).SendAsync(Guid.Empty, ["{}"]));
}

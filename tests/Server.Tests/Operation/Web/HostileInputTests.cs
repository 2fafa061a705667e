using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PerceptionStudy.Server.Accounts.Auditing;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Studies;
using PerceptionStudy.Server.Tests.Data;
using PerceptionStudy.Server.Tests.Participation;

namespace PerceptionStudy.Server.Tests.Operation.Web;

/// <summary>Bodies that are too large or never end, and script in whatever text a page shows.</summary>
public sealed class HostileInputTests(SqliteDatabase database) : IClassFixture<SqliteDatabase>
{
    private const string Script = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>";

    [Fact]
    public async Task A_body_that_is_too_large_is_refused()
    {
        await using var server = await database.UseServerAsync();
        var study = await PublishAsync(server);
        var begun = await server.Services.GetRequiredService<Server.Participation.SessionStart>().StartAsync(study.LinkKey, study.Version.Id, null);
        var large = new string(' ', 600_000);
        using var answers = new HttpRequestMessage(HttpMethod.Post, $"/api/sessions/{begun.SessionId}/responses") { Content = new StringContent($"[{large}]", Encoding.UTF8, "application/json") };
        answers.Headers.Add("Cookie", $"session-{begun.SessionId:N}={begun.Token}");
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, await StatusAsync(server.Client, answers));
        using var form = new HttpRequestMessage(HttpMethod.Post, "/withdraw") { Content = new FormUrlEncodedContent([new("Form.Code", new string('A', 5 << 20))]) };
        Assert.Contains(await StatusAsync(server.Client, form), (HttpStatusCode[])[HttpStatusCode.RequestEntityTooLarge, HttpStatusCode.BadRequest]);
        Assert.Equal(HttpStatusCode.OK, (await server.Client.GetAsync("/withdraw")).StatusCode);
    }

    [Fact]
    public async Task A_body_that_drips_is_cut_off()
    {
        await using var server = await database.UseServerAsync();
        using var socket = new TcpClient();
        await socket.ConnectAsync(server.Address.Host, server.Address.Port);
        await using var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes("POST /withdraw HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000000\r\n\r\nForm.Code="));
        var patience = Stopwatch.StartNew();
        var answer = new byte[1000];
        var reading = stream.ReadAsync(answer).AsTask();
        while (!reading.IsCompleted && patience.Elapsed < TimeSpan.FromMinutes(5))
        {
            await Task.WhenAny(reading, Task.Delay(500));
            try
            {
                if (!reading.IsCompleted) await stream.WriteAsync("A"u8.ToArray());
            }
            catch (IOException)
            {
                break;
            }
        }
        Assert.True(patience.Elapsed < TimeSpan.FromMinutes(5), "The server still waits.");
        if (reading.IsCompletedSuccessfully && await reading is > 0 and var read) Assert.Contains(" 4", Encoding.ASCII.GetString(answer, 0, read).Split("\r\n")[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Script_in_the_texts_of_a_study_reaches_participants_as_text()
    {
        await using var server = await database.UseServerAsync();
        var study = await PublishAsync(server, design => design with
        {
            Title = Script, Consent = Script, Thanks = Script, Instructions = Script, Recruitment = new() { Screening = [Script], IdParameter = "id" },
            Ends = new() { Full = new() { Text = Script, Code = Script }, Completed = new() { Text = Script }, ScreenedOut = new() { Text = Script, Code = Script } },
        });
        await using (var db = server.OpenDatabase()) await db.Studies.Where(s => s.Id == study.Study.Id).Unaudited("a test").ExecuteUpdateAsync(s => s.SetProperty(x => x.ListedOnHomePage, true).SetProperty(x => x.Name, Script));
        var encoded = Uri.EscapeDataString(Script);
        foreach (var address in (string[])["/", $"/s/{study.LinkKey}", $"/s/{study.LinkKey}?id={encoded}&other={encoded}", $"/s/{encoded}", $"/sign-in?problem={encoded}&returnUrl={encoded}", $"/join?token={encoded}", $"/withdraw?unknown={encoded}"])
        {
            var answer = await server.Client.GetAsync(address);
            var html = await answer.Content.ReadAsStringAsync();
            Assert.True(!html.Contains("<script>alert", StringComparison.OrdinalIgnoreCase) && !html.Contains("<img", StringComparison.OrdinalIgnoreCase), $"{address} shows {html}");
        }
        var nowhere = await server.Client.GetAsync("/s/nowhere");
        Assert.Equal(HttpStatusCode.NotFound, nowhere.StatusCode);
        Assert.Contains("<h1>", await nowhere.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;", await server.Client.GetStringAsync($"/s/{study.LinkKey}"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://evil.example.org")]
    [InlineData("//evil.example.org")]
    [InlineData("/\\evil.example.org")]
    [InlineData("javascript:alert(1)")]
    [InlineData("\t//evil.example.org")]
    public async Task Signing_in_leads_nowhere_else(string address)
    {
        await using var server = await database.UseServerAsync();
        await server.AddResearcherAsync("redirect@example.org");
        var answer = await server.NewClient().SendFormAsync("/sign-in?returnUrl=" + Uri.EscapeDataString(address), new() { ["Form.Email"] = "redirect@example.org", ["Form.Password"] = Forms.Password });
        Assert.Equal(HttpStatusCode.Found, answer.StatusCode);
        Assert.Equal("/admin", new Uri(server.Address, answer.Headers.Location!).AbsolutePath);
        Assert.Equal(server.Address.Host, new Uri(server.Address, answer.Headers.Location!).Host);
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client, HttpRequestMessage request)
    {
        try
        {
            return (await client.SendAsync(request)).StatusCode;
        }
        catch (HttpRequestException cut) when (cut.InnerException is IOException)
        {
            // The server answered and closed while the body was still being sent.
            return HttpStatusCode.RequestEntityTooLarge;
        }
    }

    private static async Task<TestStudy> PublishAsync(RunningServer server, Func<StudyDesign, StudyDesign>? change = null)
    {
        await using var db = server.OpenDatabase();
        return await TestStudy.PublishAsync(db, server.Services.GetRequiredService<BlobStore>(), change: change);
    }
}

using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Tests.Data;
using PerceptionStudy.Server.Tests.Participation;

namespace PerceptionStudy.Server.Tests.Operation;

/// <summary>What the server writes about people who take part and sign in: nothing that names them.</summary>
public sealed class LogPrivacyTests(SqliteDatabase database) : IClassFixture<SqliteDatabase>
{
    [Fact]
    public async Task The_log_names_nobody()
    {
        // As it is set up, not as the tests have it.
        await using var server = await RunningServer.StartAsync(database.Settings, "--Logging:LogLevel:Default=Information");
        var lines = new LogLines();
        server.Services.GetRequiredService<ILoggerFactory>().AddProvider(lines);
        TestStudy study;
        await using (var db = server.OpenDatabase()) study = await TestStudy.PublishAsync(db, server.Services.GetRequiredService<BlobStore>());
        using var client = server.NewClient();
        client.DefaultRequestHeaders.Add("X-Forwarded-For", "203.0.113.77");
        var page = $"/s/{study.LinkKey}?PROLIFIC_PID=pid-of-ada&SESSION_ID=sid-of-ada&STUDY_ID=project";
        var form = Forms.HiddenFieldsOf(await client.GetStringAsync(page));
        var begun = await client.PostAsync(page.Replace("?", "/start?", StringComparison.Ordinal), new FormUrlEncodedContent(form));
        Assert.Equal(HttpStatusCode.SeeOther, begun.StatusCode);
        var session = begun.Headers.Location!.OriginalString.Split('/')[^1];
        await client.GetAsync($"/api/sessions/{session}");
        await client.PostAsync($"/api/sessions/{session}/responses", new StringContent("{nonsense", null, "application/json"));
        await client.SendFormAsync("/sign-in", new() { ["Form.Email"] = "ada@example.org", ["Form.Password"] = "ada's password" });
        await client.SendFormAsync("/withdraw", new() { ["Form.Code"] = "ADASCODEXX" });
        await client.GetAsync("/api/v1/me");

        foreach (var name in (string[])["pid-of-ada", "sid-of-ada", "203.0.113.77", "ada@example.org", "ada's password", "ADASCODEXX", .. begun.Headers.GetValues("Set-Cookie").Where(c => c.StartsWith("session-", StringComparison.Ordinal)).Select(c => c.Split('=', ';')[1])])
            Assert.DoesNotContain(lines.Said, line => line.Text.Contains(name, StringComparison.OrdinalIgnoreCase));
    }
}

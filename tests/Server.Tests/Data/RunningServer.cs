using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PerceptionStudy.Server.Commands;
using PerceptionStudy.Server.Data;

namespace PerceptionStudy.Server.Tests.Data;

/// <summary>The real server, listening on a free port of 127.0.0.1 until it is disposed of.</summary>
public sealed class RunningServer : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly bool isLent;

    private RunningServer(WebApplication app, bool isLent = false)
    {
        (this.app, this.isLent) = (app, isLent);
        Address = new Uri(app.Urls.First());
        Client = NewClient();
    }

    public Uri Address { get; }

    /// <summary>A browser of sorts: keeps cookies, follows no redirects.</summary>
    public HttpClient Client { get; }

    public IServiceProvider Services => app.Services;

    /// <summary>Migrates and starts. Settings as on the command line, for example <c>"--Demo=false"</c>.</summary>
    public static async Task<RunningServer> StartAsync(IReadOnlyDictionary<string, string?> settings, params string[] moreSettings)
    {
        var app = ServerHost.Build(
        [
            "--urls=http://127.0.0.1:0", "--Demo=false", "--Logging:LogLevel:Default=Warning",
            .. settings.Select(setting => $"--{setting.Key}={setting.Value}"), .. moreSettings,
        ]);
        await app.Services.MigrateStudyDbAsync();
        await app.StartAsync();
        // The job engine keeps its logger in a static field, which would be that of a server that another test has stopped meanwhile.
        Hangfire.Logging.LogProvider.SetCurrentLogProvider(null);
        return new RunningServer(app);
    }

    /// <summary>The same server for one test, with a browser of its own; it runs on when that is disposed of.</summary>
    public RunningServer Lend() => new(app, isLent: true);

    /// <summary>Another browser, with cookies of its own.</summary>
    public HttpClient NewClient() =>
        new(new SocketsHttpHandler { CookieContainer = new CookieContainer(), AllowAutoRedirect = false }) { BaseAddress = Address };

    /// <summary>A new context on the server's database, to be disposed of by the caller.</summary>
    public StudyDb OpenDatabase() => Services.GetRequiredService<IDbContextFactory<StudyDb>>().CreateDbContext();

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (isLent) return;
        await app.StopAsync();
        await app.DisposeAsync();
    }
}

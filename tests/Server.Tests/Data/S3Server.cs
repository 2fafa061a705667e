using System.Diagnostics;

namespace PerceptionStudy.Server.Tests.Data;

/// <summary>
/// s3rver, a server of Amazon S3's protocol, taken from npm by the first test that wants it and kept beside the tests' program; it keeps objects in a temporary folder.
/// Each test class has its own (<c>IClassFixture</c>): its tests take it away for a while.
/// </summary>
public sealed class S3Server : IAsyncDisposable
{
    private const string Version = "3.7.1";

    private static readonly Lazy<Task<string?>> Installed = new(InstallAsync);

    private readonly string folder = Directory.CreateTempSubdirectory("perception-study-s3-").FullName;
    private readonly int port = FreePort.Take();
    private Process? server;

    /// <summary>Settings of a server or worker that keeps its blobs here.</summary>
    public Dictionary<string, string?> Settings => new()
    {
        ["Blobs:S3:Bucket"] = "blobs", ["Blobs:S3:Endpoint"] = $"http://127.0.0.1:{port}", ["Blobs:S3:AccessKey"] = "S3RVER", ["Blobs:S3:SecretKey"] = "S3RVER",
    };

    /// <summary>Where it keeps the objects of the bucket.</summary>
    public string Objects => Path.Combine(folder, "blobs");

    /// <summary>Starts it, if it does not run; skips the test where npm does not give it.</summary>
    public async Task StartAsync()
    {
        if (server is not null) return;
        var program = await Installed.Value;
        Assert.SkipWhen(program is null, "s3rver cannot be had from npm here.");
        server = Process.Start(new ProcessStartInfo("node", [program!, "-d", folder, "-a", "127.0.0.1", "-p", $"{port}", "--silent", "--configure-bucket", "blobs"]) { RedirectStandardOutput = true })!;
        var patience = Stopwatch.StartNew();
        using var client = new HttpClient();
        while (true)
        {
            try
            {
                using var answer = await client.GetAsync($"http://127.0.0.1:{port}/");
                return;
            }
            catch (HttpRequestException) when (!server.HasExited && patience.Elapsed < TimeSpan.FromMinutes(5))
            {
                await Task.Delay(50);
            }
        }
    }

    /// <summary>Takes it away; its objects stay.</summary>
    public async Task StopAsync()
    {
        if (server is null) return;
        server.Kill();
        await server.WaitForExitAsync();
        server.Dispose();
        server = null;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(folder, recursive: true);
    }

    private static async Task<string?> InstallAsync()
    {
        var place = Path.Combine(AppContext.BaseDirectory, "s3rver");
        var program = Path.Combine(place, "node_modules", "s3rver", "bin", "s3rver.js");
        if (File.Exists(program)) return program;
        Directory.CreateDirectory(place);
        try
        {
            using var npm = Process.Start(new ProcessStartInfo("npm", ["install", "--prefix", place, "--silent", "--no-audit", "--no-fund", "--no-save", $"s3rver@{Version}"]))!;
            await npm.WaitForExitAsync();
        }
        catch (System.ComponentModel.Win32Exception)
        {
            // There is no npm.
        }
        return File.Exists(program) ? program : null;
    }
}

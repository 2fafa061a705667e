using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Tests.Data;
using PerceptionStudy.Server.Tests.Participation;

namespace PerceptionStudy.EndToEnd.Tests;

/// <summary>The real server as a process of its own, on a free port, with a data folder that is deleted in the end.</summary>
public class ServerProcess : IAsyncLifetime
{
    private readonly List<string> said = [];
    private readonly string folder;
    private readonly bool ownsFolder;
    private readonly int port = FreePort.Take();
    private Process? process;
    private ServiceProvider? services;

    public ServerProcess() => (folder, ownsFolder) = (Directory.CreateTempSubdirectory("perception-study-").FullName, true);

    /// <summary>Another server on the same database and data folder, as during an update; not started yet.</summary>
    private ServerProcess(ServerProcess beside)
    {
        folder = beside.folder;
        Settings = beside.Settings;
    }

    public ServerProcess Beside() => new(this);

    /// <summary>The data folder.</summary>
    public string Folder => folder;

    public string Address => $"http://127.0.0.1:{port}";

    /// <summary>Services of its database and blob folder.</summary>
    public IServiceProvider Services => services!;

    public BlobStore Blobs => services!.GetRequiredService<BlobStore>();

    /// <summary>A context on the server's database, to be disposed of by the caller.</summary>
    public StudyDb OpenDatabase() => services!.GetRequiredService<IDbContextFactory<StudyDb>>().CreateDbContext();

    public async Task<TestStudy> PublishAsync(
        string[]? categories = null, int each = 2, int practice = 2, int mainTrials = 6, int catchTrials = 1, int? places = null, Server.Studies.TrialDurations? durations = null,
        Func<Server.Studies.StudyDesign, Server.Studies.StudyDesign>? change = null, Server.Stimuli.StimulusMedium medium = Server.Stimuli.StimulusMedium.Picture)
    {
        await using var db = OpenDatabase();
        return await TestStudy.PublishAsync(db, Blobs, categories, each, practice, mainTrials, catchTrials, places, durations ?? Short, change, medium);
    }

    /// <summary>Phases that last just long enough to be there.</summary>
    public static Server.Studies.TrialDurations Short { get; } = new() { BlankMs = 50, FixationMs = 50, StimulusMs = 50, MaskMs = 50 };

    /// <summary>Settings besides address and data folder, for example a connection string.</summary>
    protected Dictionary<string, string?> Settings { get; } = new() { ["Demo"] = "false" };

    /// <summary>Where the program lies: published, as everybody gets it, in the folder that <c>PUBLISHED_PROGRAM</c> names (tests/run.sh), or as it was built with these tests.</summary>
    public virtual string Program { get; } = Published ?? AppContext.BaseDirectory;

    /// <summary>The folder that <c>PUBLISHED_PROGRAM</c> names, or null.</summary>
    protected static string? Published { get; } = Environment.GetEnvironmentVariable("PUBLISHED_PROGRAM") is { Length: > 0 } folder ? folder : null;

    /// <summary>Process id of the running server.</summary>
    public int ProcessId => process!.Id;

    /// <summary>What the server printed since its last start.</summary>
    public string[] Said
    {
        get { lock (said) return [.. said]; }
    }

    public virtual async ValueTask InitializeAsync()
    {
        await StartAsync();
        var collection = new ServiceCollection();
        collection.AddStudyDb(new ConfigurationBuilder().AddInMemoryCollection([.. Settings, new("DataFolder", folder)]).Build());
        services = collection.BuildServiceProvider();
    }

    /// <summary>Starts it, or starts it again at the same address.</summary>
    public async Task StartAsync()
    {
        var program = Path.Combine(Program, "PerceptionStudy.Server.dll");
        process = Process.Start(new ProcessStartInfo("dotnet",
            [program, "serve", $"--urls={Address}", $"--DataFolder={folder}", "--Logging:LogLevel:Default=Warning", .. Settings.Select(s => $"--{s.Key}={s.Value}")])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        lock (said) said.Clear();
        // Warnings and errors go to this output, and belong on the console of the test.
        process.OutputDataReceived += (_, line) =>
        {
            lock (said) said.Add(line.Data ?? "");
            if (line.Data is not null && said.Count > 3) Console.Error.WriteLine(line.Data);
        };
        process.BeginOutputReadLine();
        _ = Console.OpenStandardError() is var error ? process.StandardError.BaseStream.CopyToAsync(error) : null;
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        var patience = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                using var reply = await client.GetAsync(Address + "/participant.css");
                if (reply.IsSuccessStatusCode) return;
            }
            catch (Exception notYet) when (notYet is HttpRequestException or TaskCanceledException)
            {
                if (process.HasExited) throw new InvalidOperationException($"The server ended with {process.ExitCode}: {string.Join('\n', Said)}", notYet);
                if (patience.Elapsed > TimeSpan.FromMinutes(5)) throw new InvalidOperationException($"The server is not there after five minutes, in which it had the processor for {process.TotalProcessorTime.TotalSeconds:0.0} s: {string.Join('\n', Said)}", notYet);
                await Task.Delay(100);
            }
        }
    }

    /// <summary>Asks it to end, as a service manager does (SIGTERM), and gives its exit code.</summary>
    public async Task<int> StopAsync()
    {
        using (var kill = Process.Start("kill", ["-TERM", $"{process!.Id}"])) await kill.WaitForExitAsync();
        await process.WaitForExitAsync();
        var code = process.ExitCode;
        process.Dispose();
        process = null;
        return code;
    }

    /// <summary>Ends it without a word, as a power cut would (kill -9).</summary>
    public async Task KillAsync()
    {
        if (process is null) return;
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        process = null;
    }

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await KillAsync();
        if (services is not null) await services.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        if (ownsFolder) Directory.Delete(folder, recursive: true);
    }
}

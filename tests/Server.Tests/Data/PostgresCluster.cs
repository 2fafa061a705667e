using System.Diagnostics;
using Npgsql;
using PerceptionStudy.Server.Tests.Data;

[assembly: AssemblyFixture(typeof(PostgresCluster))]

namespace PerceptionStudy.Server.Tests.Data;

/// <summary>A private PostgreSQL server in a temporary folder: started by the first test that wants it, gone with the test run.</summary>
public sealed class PostgresCluster : IAsyncDisposable
{
    private readonly SemaphoreSlim gate = new(1);
    private Process? server;
    private string? folder;
    private int port;

    /// <summary>Why there is no PostgreSQL here, or null if there is.</summary>
    public static string? Absent { get; } =
        Binaries() is null ? "PostgreSQL is not installed: no initdb in /usr/lib/postgresql/*/bin nor in PATH." : null;

    /// <summary>Makes an empty database and gives its connection string.</summary>
    public async Task<string> CreateDatabaseAsync()
    {
        await StartAsync();
        var name = "t" + Guid.CreateVersion7().ToString("N");
        await using var connection = new NpgsqlConnection(ConnectionString("postgres"));
        await connection.OpenAsync();
        await using var create = new NpgsqlCommand($"CREATE DATABASE {name}", connection);
        await create.ExecuteNonQueryAsync();
        return ConnectionString(name);
    }

    public async ValueTask DisposeAsync()
    {
        if (server is null) return;
        NpgsqlConnection.ClearAllPools();
        server.StandardInput.Close();
        await server.WaitForExitAsync();
        server.Dispose();
        Directory.Delete(folder!, recursive: true);
    }

    private string ConnectionString(string database) =>
        $"Host=127.0.0.1;Port={port};Username=postgres;Database={database};Maximum Pool Size=20;Include Error Detail=true";

    private async Task StartAsync()
    {
        await gate.WaitAsync();
        try
        {
            if (server is not null) return;
            var binaries = Binaries() ?? throw new InvalidOperationException(Absent);
            folder = Path.Combine(Path.GetTempPath(), "perception-study-postgres-" + Guid.CreateVersion7().ToString("N"));
            port = FreePort.Take();
            await RunAsync($"umask 077; mkdir {folder} && {binaries}/initdb -D {folder}/data -U postgres -A trust --no-sync -E UTF8 --locale=C >/dev/null || exit 1; ");
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>Kills the server (kill -9), waits, and starts it again on what is on the disk.</summary>
    public async Task CutPowerAsync(TimeSpan without)
    {
        using (var postmaster = Process.GetProcessById(int.Parse(File.ReadLines(Path.Combine(folder!, "data", "postmaster.pid")).First(), System.Globalization.CultureInfo.InvariantCulture)))
            postmaster.Kill();
        server!.StandardInput.Close();
        await server.WaitForExitAsync();
        server.Dispose();
        await Task.Delay(without);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await RunAsync("");
                return;
            }
            catch (NpgsqlException) when (attempt < 20)
            {
                // The killed server's processes still hold its memory.
                await Task.Delay(250);
            }
        }
    }

    /// <summary>Runs the server, after what the script has to do first, until this process closes the pipe or dies.</summary>
    private async Task RunAsync(string first)
    {
        // The server refuses to run as root.
        var script = $"exec 3<&0; {first}{Binaries()}/postgres -D {folder}/data -h 127.0.0.1 -p {port} -k {folder} -c fsync=off -c max_connections=200 >>{folder}/log 2>&1 & "
            + "pid=$!; { cat <&3 >/dev/null; kill -INT $pid 2>/dev/null; } & wait $pid";
        var start = Environment.UserName == "root"
            ? new ProcessStartInfo("runuser", ["-u", "postgres", "--", "sh", "-c", script])
            : new ProcessStartInfo("sh", ["-c", script]);
        start.RedirectStandardInput = true;
        start.WorkingDirectory = Path.GetTempPath();
        var started = Process.Start(start)!;
        try
        {
            await WaitUntilReadyAsync(started);
        }
        catch
        {
            started.StandardInput.Close();
            started.Dispose();
            throw;
        }
        server = started;
    }

    private async Task WaitUntilReadyAsync(Process started)
    {
        var patience = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                await using var connection = new NpgsqlConnection(ConnectionString("postgres") + ";Pooling=false;Timeout=5");
                await connection.OpenAsync();
                return;
            }
            catch (NpgsqlException) when (!started.HasExited && patience.Elapsed < TimeSpan.FromMinutes(5))
            {
                await Task.Delay(100);
            }
        }
    }

    private static string? Binaries()
    {
        var debian = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").OrderDescending().Select(version => Path.Combine(version, "bin"))
            : [];
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        return debian.Concat(path).FirstOrDefault(place => File.Exists(Path.Combine(place, "initdb")));
    }
}

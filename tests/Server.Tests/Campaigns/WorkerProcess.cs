using System.Diagnostics;
using PerceptionStudy.Server.Data;

namespace PerceptionStudy.Server.Tests.Campaigns;

/// <summary>The program in the role of a worker, as a process of its own with a data folder of its own.</summary>
internal sealed class WorkerProcess : IAsyncDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("perception-study-worker-").FullName;
    private readonly List<string> said = [];
    private readonly Process process;

    /// <param name="settings">Settings besides the data folder.</param>
    public WorkerProcess(IEnumerable<KeyValuePair<string, string?>> settings)
    {
        var program = typeof(DataFolder).Assembly.Location;
        process = Process.Start(new ProcessStartInfo("dotnet", [program, "worker", $"--DataFolder={folder}", .. settings.Select(s => $"--{s.Key}={s.Value}")])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        process.OutputDataReceived += (_, line) => Hear(line.Data);
        process.ErrorDataReceived += (_, line) => Hear(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public int Id => process.Id;

    /// <summary>All that it printed.</summary>
    public string Said
    {
        get { lock (said) return string.Join('\n', said); }
    }

    /// <summary>Ends it without a word (kill -9).</summary>
    public async Task KillAsync()
    {
        if (!process.HasExited) process.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>Asks it to stop (SIGTERM).</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> StopAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", $"{process.Id}"]);
        await process.WaitForExitAsync();
        return process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        process.Dispose();
        // The hosts of a killed worker write their last checkpoints, where no cage ends them with it.
        for (var patience = 0; ; patience++)
        {
            try
            {
                Directory.Delete(folder, recursive: true);
                return;
            }
            catch (IOException) when (patience < 100)
            {
                await Task.Delay(50);
            }
        }
    }

    private void Hear(string? line)
    {
        if (line is null) return;
        lock (said) said.Add(line);
    }
}

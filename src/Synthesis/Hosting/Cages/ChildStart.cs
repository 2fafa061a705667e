using System.Collections.Concurrent;
using System.Diagnostics;

namespace PerceptionStudy.Synthesis.Hosting.Cages;

/// <summary>
/// Starts processes on one thread that lives as long as this program. "Dies with its parent" means, to the system, the thread that started it, and
/// threads of the pool come and go.
/// </summary>
internal static class ChildStart
{
    private static readonly BlockingCollection<(ProcessStartInfo Start, TaskCompletionSource<Process?> Started)> Wishes = [];

    static ChildStart() => new Thread(StartAll) { IsBackground = true, Name = "starts synthesis hosts" }.Start();

    /// <exception cref="System.ComponentModel.Win32Exception">The program cannot be started.</exception>
    public static Process? Run(ProcessStartInfo start)
    {
        var started = new TaskCompletionSource<Process?>();
        Wishes.Add((start, started));
        return started.Task.GetAwaiter().GetResult();
    }

    private static void StartAll()
    {
        foreach (var (start, started) in Wishes.GetConsumingEnumerable())
        {
            try
            {
                started.SetResult(Process.Start(start));
            }
            catch (Exception e) when (e is System.ComponentModel.Win32Exception or InvalidOperationException or PlatformNotSupportedException)
            {
                started.SetException(e);
            }
        }
    }
}

using System.Data.Common;

namespace PerceptionStudy.Server.Data;

/// <summary>Work on the database that is done again and again while the server runs.</summary>
public static class Rounds
{
    /// <summary>
    /// Does the work after each pause until the server stops. A round in which the database is away, which EF Core logs, is left to the next one:
    /// an error that leaves a background service would stop the whole server.
    /// </summary>
    public static async Task RunAsync(TimeSpan pause, TimeProvider time, Func<CancellationToken, Task> work, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(pause, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stop))
            {
                try
                {
                    await work(stop);
                }
                catch (Exception problem) when (IsOfDatabase(problem))
                {
                    // The next round does it.
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The server stops.
        }
    }

    /// <summary>Whether the database failed; EF Core wraps what may pass by itself.</summary>
    public static bool IsOfDatabase(Exception problem) => problem is DbException || problem.InnerException is DbException;
}

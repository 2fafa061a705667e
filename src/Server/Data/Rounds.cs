using System.Data.Common;

namespace PerceptionStudy.Server.Data;

/// <summary>Work on the database that is done again and again: while the server runs, or while somebody looks at a page.</summary>
public static class Rounds
{
    /// <summary>
    /// Does the work after each pause until it is stopped. A round in which the database is away, which EF Core logs, is left to the next one:
    /// an error that leaves a background service would stop the whole server.
    /// </summary>
    public static Task RunAsync(TimeSpan pause, TimeProvider time, Func<CancellationToken, Task> work, CancellationToken stop) =>
        WhileRunningAsync(async () =>
        {
            using var timer = new PeriodicTimer(pause, time);
            while (await timer.WaitForNextTickAsync(stop)) await TryAsync(work, stop);
        }, stop);

    /// <summary>
    /// The same while somebody looks at a page, until they leave it. What fails otherwise is told, and ends it: a page must not stand still in silence.
    /// </summary>
    /// <param name="tell">The page's <c>DispatchExceptionAsync</c>.</param>
    public static async Task FollowAsync(TimeSpan pause, TimeProvider time, Func<CancellationToken, Task> work, Func<Exception, Task> tell, CancellationToken left)
    {
        try
        {
            await RunAsync(pause, time, work, left);
        }
        catch (Exception problem)
        {
            await tell(problem);
        }
    }

    /// <summary>Does at once what a start needs; while the database is away, again after each pause. Returns when it is done, or the server stops.</summary>
    public static Task OnceAsync(TimeSpan pause, TimeProvider time, Func<CancellationToken, Task> work, CancellationToken stop) =>
        WhileRunningAsync(async () =>
        {
            while (!await TryAsync(work, stop)) await Task.Delay(pause, time, stop);
        }, stop);

    /// <summary>Whether the database failed; EF Core wraps what may pass by itself.</summary>
    public static bool IsOfDatabase(Exception problem) => problem is DbException || problem.InnerException is DbException;

    private static async Task<bool> TryAsync(Func<CancellationToken, Task> work, CancellationToken stop)
    {
        try
        {
            await work(stop);
            return true;
        }
        catch (Exception problem) when (IsOfDatabase(problem))
        {
            return false;
        }
    }

    private static async Task WhileRunningAsync(Func<Task> work, CancellationToken stop)
    {
        try
        {
            await work();
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The server stops, or the page was left.
        }
    }
}

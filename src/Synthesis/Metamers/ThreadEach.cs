using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace PerceptionStudy.Synthesis.Metamers;

/// <summary>Long pieces of work, some at a time, each on a thread of its own.</summary>
internal static class ThreadEach
{
    /// <param name="count">Number of pieces.</param>
    /// <param name="threads">Most of them at a time.</param>
    /// <param name="work">Does one, given its index, until told to stop.</param>
    /// <param name="cancel">Stops all.</param>
    /// <remarks>When one fails, the others are told to stop, those waiting never begin, and the first failure is thrown when all have ended.</remarks>
    public static void Run(int count, int threads, Action<int, CancellationToken> work, CancellationToken cancel)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        ExceptionDispatchInfo? failure = null;
        var each = Partitioner.Create(Enumerable.Range(0, count), EnumerablePartitionerOptions.NoBuffering);
        Parallel.ForEach(each, new ParallelOptions { MaxDegreeOfParallelism = threads }, i =>
        {
            try
            {
                stop.Token.ThrowIfCancellationRequested();
                work(i, stop.Token);
            }
            catch (Exception e)
            {
                Interlocked.CompareExchange(ref failure, ExceptionDispatchInfo.Capture(e), null);
                stop.Cancel();
            }
        });
        failure?.Throw();
    }
}

using System.Collections.Concurrent;
using System.Diagnostics;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Shared.Trials;

namespace PerceptionStudy.Server.Participation;

/// <summary>
/// Lets the answers that arrive while one transaction is under way share the next one, so that many participants at once cost few commits, and each
/// alone waits for nothing. A receipt still means that the answer is committed. If a transaction of several fails, each tries again by itself.
/// </summary>
public sealed class ResponseIntake(ReceiveResponse receiver)
{
    // More would hold locks for longer than it saves commits.
    private const int MostTogether = 64;
    private readonly ConcurrentQueue<Waiting> queue = new();
    private int busy;

    /// <summary>Stores what can be stored of a delivery, and says of each answer what became of it.</summary>
    /// <exception cref="ParticipantRefusedException">The browser does not hold the session's token.</exception>
    public async Task<BatchReceipt> ReceiveAsync(Delivery delivery)
    {
        var arrived = Stopwatch.GetTimestamp();
        var waiting = new Waiting(delivery, new(TaskCreationOptions.RunContinuationsAsynchronously));
        queue.Enqueue(waiting);
        if (Interlocked.CompareExchange(ref busy, 1, 0) == 0) _ = Task.Run(EmptyAsync);
        var receipt = await waiting.Receipt.Task;
        Telemetry.Acknowledged(Stopwatch.GetElapsedTime(arrived));
        return receipt;
    }

    private async Task EmptyAsync()
    {
        do
        {
            while (Take() is { Count: > 0 } together) await StoreAsync(together);
            Volatile.Write(ref busy, 0);
        }
        // Somebody may have come between the last look and the sign.
        while (!queue.IsEmpty && Interlocked.CompareExchange(ref busy, 1, 0) == 0);
    }

    private List<Waiting> Take()
    {
        var taken = new List<Waiting>();
        while (taken.Count < MostTogether && queue.TryDequeue(out var next)) taken.Add(next);
        return taken;
    }

    private async Task StoreAsync(List<Waiting> together)
    {
        try
        {
            foreach (var (waiting, outcome) in together.Zip(await receiver.StoreAsync([.. together.Select(w => w.Delivery)])))
            {
                if (outcome.NotTaken is null) waiting.Receipt.SetResult(outcome.ToReceipt());
                else waiting.Receipt.SetException(outcome.NotTaken);
            }
        }
        catch (Exception) when (together.Count > 1)
        {
            foreach (var waiting in together) await StoreAsync([waiting]);
        }
        catch (Exception problem)
        {
            together[0].Receipt.SetException(problem);
        }
    }

    private sealed record Waiting(Delivery Delivery, TaskCompletionSource<BatchReceipt> Receipt);
}

using PerceptionStudy.Synthesis.Hosting;
using PerceptionStudy.Synthesis.Metamers;

namespace PerceptionStudy.Synthesis.Tests.Metamers;

public sealed class ThreadEachTests
{
    [Fact]
    public void All_pieces_are_done_once_and_no_more_at_a_time_than_threads()
    {
        var (done, now, most) = (new int[20], 0, 0);
        ThreadEach.Run(done.Length, 3, (i, _) =>
        {
            var running = Interlocked.Increment(ref now);
            InterlockedMax(ref most, running);
            Thread.Sleep(5);
            Interlocked.Increment(ref done[i]);
            Interlocked.Decrement(ref now);
        }, default);
        Assert.All(done, times => Assert.Equal(1, times));
        Assert.InRange(most, 1, 3);
    }

    [Fact]
    public void The_first_failure_is_told_after_the_others_have_stopped()
    {
        using var begun = new CountdownEvent(2);
        var stopped = false;
        var failure = Assert.Throws<SynthesisException>(() => ThreadEach.Run(10, 2, (i, stop) =>
        {
            Assert.InRange(i, 0, 1);
            begun.Signal();
            begun.Wait(stop);
            if (i == 0)
                throw new SynthesisException("broke down");
            stop.WaitHandle.WaitOne();
            Thread.Sleep(20);
            stopped = true;
            stop.ThrowIfCancellationRequested();
        }, default));
        Assert.Equal("broke down", failure.Message);
        Assert.True(stopped);
    }

    [Fact]
    public void Who_is_told_to_stop_stops_all()
    {
        using var cancel = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => ThreadEach.Run(5, 2, (_, stop) =>
        {
            cancel.Cancel();
            stop.ThrowIfCancellationRequested();
        }, cancel.Token));
    }

    private static void InterlockedMax(ref int most, int value)
    {
        for (var seen = most; value > seen; seen = most)
            Interlocked.CompareExchange(ref most, value, seen);
    }
}

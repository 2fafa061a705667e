using System.Text.Json;

namespace PerceptionStudy.Synthesis.Hosting;

/// <summary>
/// The caller's side of a synthesis host: starts the child at the first call, sends it one request at a time, and starts a new one after it died.
/// Calls may come from any thread; they wait for each other.
/// </summary>
/// <param name="options">Which program, and its limits.</param>
/// <param name="time">Clock of the time limits.</param>
public sealed class SynthesisHostProcess(SynthesisHostOptions? options = null, TimeProvider? time = null) : IAsyncDisposable
{
    private readonly SynthesisHostOptions options = options ?? new();
    private readonly TimeProvider time = time ?? TimeProvider.System;
    private readonly SemaphoreSlim turn = new(1, 1);
    private HostChild? child;
    private long lastId;
    private bool disposed;

    /// <summary>Process id of the running child, or null. For logs and tests.</summary>
    public int? ProcessId => child is { HasEnded: false } running ? running.ProcessId : null;

    /// <summary>Asks the host and waits for its answer.</summary>
    /// <typeparam name="T">The answer's type, named at each request, for example <see cref="ModelDescription"/>.</typeparam>
    /// <param name="request">What to do.</param>
    /// <param name="progress">Told where a synthesis stands, at most about five times a second.</param>
    /// <param name="cancel">Stops the request; the host stays warm unless it does not react.</param>
    /// <exception cref="SynthesisException">The request failed, took too long, or the host died; the message says which.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancel"/> was set.</exception>
    public async Task<T> CallAsync<T>(SynthesisRequest request, IProgress<SynthesisProgress>? progress = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        await turn.WaitAsync(cancel);
        try
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            var host = await LivingChildAsync();
            var id = ++lastId;
            var answer = await AskAsync(host, new(id, request), progress, cancel);
            return answer.Deserialize<T>(HostProtocol.Lines) ?? throw new SynthesisException("The synthesis host answered with nothing.");
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Ends the own child, and only this one.</summary>
    public async ValueTask DisposeAsync()
    {
        await turn.WaitAsync();
        try
        {
            disposed = true;
            if (child is not null)
                await child.DisposeAsync();
            child = null;
        }
        finally
        {
            turn.Release();
        }
    }

    private async Task<HostChild> LivingChildAsync()
    {
        if (child is { HasEnded: false })
            return child;
        if (child is not null)
            await child.DisposeAsync();
        return child = new HostChild(options, time);
    }

    private async Task<JsonElement> AskAsync(HostChild host, HostRequestLine line, IProgress<SynthesisProgress>? progress, CancellationToken cancel)
    {
        using var limit = new CancellationTokenSource(options.TimeLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancel);
        var answering = host.SendAsync(line, progress);
        try
        {
            return await answering.WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (either.IsCancellationRequested)
        {
            await StopAsync(host, line.Id, answering);
            cancel.ThrowIfCancellationRequested();
            throw new SynthesisException($"The request took longer than its limit of {options.TimeLimit.TotalSeconds:0.#} seconds and was stopped.");
        }
    }

    private async Task StopAsync(HostChild host, long id, Task<JsonElement> answering)
    {
        try
        {
            await host.CancelAsync(id);
            await answering.WaitAsync(options.CancelGrace, time);
        }
        catch (TimeoutException)
        {
            await host.KillAsync();
        }
        catch (Exception e) when (e is OperationCanceledException or SynthesisException)
        {
            // It stopped (or died) as wished; the caller hears of the cancellation instead.
        }
    }
}

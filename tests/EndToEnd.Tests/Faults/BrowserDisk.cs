using System.Text.Json;
using Microsoft.JSInterop;

namespace PerceptionStudy.EndToEnd.Tests.Faults;

/// <summary>What a browser's IndexedDB holds: it outlives the tabs.</summary>
public sealed class BrowserDisk
{
    private readonly SortedDictionary<long, (Guid Session, Guid Trial, string Json)> kept = [];
    private long order;

    public void Add(Guid session, Guid trial, string json)
    {
        lock (kept)
        {
            if (kept.Values.All(k => (k.Session, k.Trial) != (session, trial))) kept[++order] = (session, trial, json);
        }
    }

    public void Remove(long[] orders)
    {
        lock (kept) foreach (var one in orders) kept.Remove(one);
    }

    public JsonElement All()
    {
        lock (kept)
            return JsonSerializer.SerializeToElement(kept.Select(k => new { order = k.Key, sessionId = k.Value.Session, trialId = k.Value.Trial, json = k.Value.Json }));
    }

    public int Count
    {
        get { lock (kept) return kept.Count; }
    }
}

/// <summary>The module <c>outbox.js</c> of one tab on a <see cref="BrowserDisk"/>. When the tab is killed, nothing it asked for comes back. Waiting goes by 20 times faster.</summary>
public sealed class BrowserTab(BrowserDisk disk) : IJSRuntime, IJSObjectReference
{
    private volatile bool killed;

    public void Kill() => killed = true;

    public async ValueTask<T> InvokeAsync<T>(string identifier, object?[]? args)
    {
        if (killed) await Task.Delay(Timeout.Infinite);
        object? result = null;
        switch (identifier)
        {
            case "import": result = this; break;
            case "add": disk.Add((Guid)args![0]!, (Guid)args[1]!, (string)args[2]!); break;
            case "all": result = disk.All(); break;
            case "remove": disk.Remove((long[])args![0]!); break;
            case "pause": await Task.Delay(TimeSpan.FromMilliseconds((double)args![0]! / 20)); break;
        }
        if (killed) await Task.Delay(Timeout.Infinite);
        return (T)result!;
    }

    public ValueTask<T> InvokeAsync<T>(string identifier, CancellationToken cancellationToken, object?[]? args) => InvokeAsync<T>(identifier, args);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

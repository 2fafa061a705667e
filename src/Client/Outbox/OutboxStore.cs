using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.JSInterop;

namespace PerceptionStudy.Client.Outbox;

/// <summary>An answer that waits for its receipt.</summary>
public sealed record KeptAnswer(long Order, Guid SessionId, Guid TrialId, string Json)
{
    /// <summary>Under it, instead of a trial's id, the answers of the headphone check are kept.</summary>
    public static readonly Guid HeadphonesId = new("0ead0404-e5c4-4ec4-8000-000000000000");

    /// <summary>Not a trial's but what the participant said about themselves: one page for a session, kept under the session's own id.</summary>
    public bool IsQuestionnaire => TrialId == SessionId;

    /// <summary>The answers of the headphone check: once for a session.</summary>
    public bool IsHeadphones => TrialId == HeadphonesId;

    /// <summary>Whether it goes to the server by itself; answers to trials go in batches.</summary>
    public bool IsPage => IsQuestionnaire || IsHeadphones;
}

/// <summary>Keeps answers in the browser's IndexedDB: <c>outbox/outbox.js</c>.</summary>
public sealed class OutboxStore(IJSRuntime js)
{
    private IJSObjectReference? module;

    /// <exception cref="JSException">The browser lets the page keep nothing.</exception>
    public async Task CheckAsync() => await (await ModuleAsync()).InvokeVoidAsync("check");

    /// <summary>Returns when the answer is on the disk.</summary>
    public async Task AddAsync(Guid sessionId, Guid trialId, string json) => await (await ModuleAsync()).InvokeVoidAsync("add", sessionId, trialId, json);

    /// <summary>A trial is about to be shown; forgotten when an answer of the session is added.</summary>
    public async Task BeginAsync(Guid sessionId, Guid trialId) => await (await ModuleAsync()).InvokeVoidAsync("begin", sessionId, trialId);

    /// <summary>The trial of a session that was begun and not answered, or null.</summary>
    public async Task<Guid?> BegunAsync(Guid sessionId) => await (await ModuleAsync()).InvokeAsync<string?>("begun", sessionId) is { } trial ? Guid.Parse(trial) : null;

    /// <summary>All kept answers of all sessions, oldest first.</summary>
    public async Task<KeptAnswer[]> AllAsync()
    {
        var kept = await (await ModuleAsync()).InvokeAsync<JsonElement>("all");
        return kept.Deserialize(OutboxJson.Default.KeptAnswerArray) ?? [];
    }

    /// <summary>The server has them.</summary>
    public async Task RemoveAsync(IEnumerable<long> orders) => await (await ModuleAsync()).InvokeVoidAsync("remove", [orders.ToArray()]);

    public async Task RemoveSessionAsync(Guid sessionId) => await (await ModuleAsync()).InvokeVoidAsync("removeSession", sessionId);

    /// <summary>Waits, but no longer than until the network comes back.</summary>
    public async Task PauseAsync(TimeSpan time) => await (await ModuleAsync()).InvokeVoidAsync("pause", time.TotalMilliseconds);

    private async Task<IJSObjectReference> ModuleAsync() => module ??= await js.InvokeAsync<IJSObjectReference>("import", "/outbox/outbox.js");
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(KeptAnswer[]))]
internal sealed partial class OutboxJson : JsonSerializerContext;

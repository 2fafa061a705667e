using System.Net;
using System.Text.Json;
using PerceptionStudy.Client.Session;
using PerceptionStudy.Shared;
using PerceptionStudy.Shared.Sessions;
using PerceptionStudy.Shared.Texts;
using PerceptionStudy.Shared.Trials;

namespace PerceptionStudy.Client.Outbox;

/// <summary>
/// The way of an answer to the server. It is kept on the disk before the screen changes, sent in order and in batches, and forgotten only on its receipt:
/// anything else is a failure, and it is sent again, now, when the network is back, or at the next visit.
/// </summary>
public sealed class ResponseOutbox(OutboxStore store, SessionApi api)
{
    private const int BatchSize = 20;

    private readonly Dictionary<Guid, TaskCompletionSource<ResponseReceipt>> awaited = [];
    private readonly HashSet<long> refused = [];
    private TaskCompletionSource somethingNew = new();
    private Guid session;
    private bool running;

    /// <summary>Something below has changed.</summary>
    public event Action? Changed;

    /// <summary>Answers of this session without a receipt.</summary>
    public int Waiting { get; private set; }

    /// <summary>Whether the last attempt to send failed.</summary>
    public bool Troubled { get; private set; }

    /// <summary>Why the server will not take an answer of this session, or null. It is kept nevertheless.</summary>
    public Func<ParticipantTexts, string>? Refusal { get; private set; }

    /// <summary>Opens the store, gives the trials of this session that are answered in it, and starts to send.</summary>
    public async Task<IReadOnlyList<Guid>> OpenAsync(Guid sessionId)
    {
        session = sessionId;
        await store.CheckAsync();
        var mine = (await store.AllAsync()).Where(kept => kept.SessionId == sessionId).Select(kept => kept.TrialId).ToList();
        Waiting = mine.Count;
        if (!running)
        {
            running = true;
            _ = SendForEverAsync();
        }
        return mine;
    }

    /// <summary>Returns when the answer is on the disk; from then on it cannot be lost by closing the page.</summary>
    public async Task AddAsync(TrialResponse answer)
    {
        awaited[answer.TrialId] = new TaskCompletionSource<ResponseReceipt>();
        await store.AddAsync(session, answer.TrialId, JsonSerializer.Serialize(answer, WireJson.Default.TrialResponse));
        Waiting++;
        somethingNew.TrySetResult();
    }

    /// <summary>A trial is about to be shown: should the page go meanwhile, <see cref="InterruptedAsync"/> names it.</summary>
    public Task BeginAsync(Guid trialId) => store.BeginAsync(session, trialId);

    /// <summary>The trial during which the page went, or null.</summary>
    public Task<Guid?> InterruptedAsync() => store.BegunAsync(session);

    /// <summary>The same for what the participant said about themselves.</summary>
    public async Task AddAsync(QuestionnaireAnswers answers)
    {
        await store.AddAsync(session, session, JsonSerializer.Serialize(answers, WireJson.Default.QuestionnaireAnswers));
        Waiting++;
        somethingNew.TrySetResult();
    }

    /// <summary>The same for the headphone check.</summary>
    public async Task AddAsync(HeadphoneAnswers answers)
    {
        await store.AddAsync(session, KeptAnswer.HeadphonesId, JsonSerializer.Serialize(answers, WireJson.Default.HeadphoneAnswers));
        Waiting++;
        somethingNew.TrySetResult();
    }

    /// <summary>The receipt of an answer given on this page, or null if it does not come in time.</summary>
    public async Task<ResponseReceipt?> ReceiptAsync(Guid trialId, TimeSpan patience)
    {
        if (!awaited.TryGetValue(trialId, out var receipt)) return null;
        await Task.WhenAny(receipt.Task, Task.Delay(patience));
        return receipt.Task.IsCompletedSuccessfully ? await receipt.Task : null;
    }

    /// <summary>Drops what this session still has: the participant left.</summary>
    public async Task ForgetAsync()
    {
        await store.RemoveSessionAsync(session);
        Waiting = 0;
        Changed?.Invoke();
    }

    private async Task SendForEverAsync()
    {
        var failures = 0;
        while (true)
        {
            var news = somethingNew = new TaskCompletionSource();
            var kept = (await store.AllAsync()).Where(answer => !refused.Contains(answer.Order)).ToList();
            // Counted anew each time: another tab may have sent some.
            Waiting = kept.Count(answer => answer.SessionId == session);
            if (kept.Count == 0)
            {
                Changed?.Invoke();
                await news.Task;
                continue;
            }
            var batch = kept[0].IsPage ? [kept[0]] : kept.Where(answer => answer.SessionId == kept[0].SessionId && !answer.IsPage).Take(BatchSize).ToArray();
            if (await SendAsync(batch))
            {
                failures = 0;
                continue;
            }
            failures++;
            await Task.WhenAny(store.PauseAsync(RetryDelay.After(failures, session)), news.Task);
        }
    }

    /// <summary>False if the batch, all of one session, has to be sent again.</summary>
    private async Task<bool> SendAsync(KeptAnswer[] batch)
    {
        try
        {
            if (batch[0].IsPage)
            {
                if (batch[0].IsHeadphones) await api.SendHeadphonesAsync(batch[0].SessionId, batch[0].Json);
                else await api.SendQuestionnaireAsync(batch[0].SessionId, batch[0].Json);
                await store.RemoveAsync([batch[0].Order]);
                Troubled = false;
                Changed?.Invoke();
                return true;
            }
            var reply = await api.SendAsync(batch[0].SessionId, batch.Select(answer => answer.Json));
            var receipts = reply.Receipts.ToDictionary(receipt => receipt.TrialId);
            var stored = batch.Where(answer => receipts.ContainsKey(answer.TrialId)).ToList();
            await store.RemoveAsync(stored.Select(answer => answer.Order));
            foreach (var answer in stored)
            {
                if (awaited.Remove(answer.TrialId, out var waiting)) waiting.TrySetResult(receipts[answer.TrialId]);
            }
            foreach (var refusal in reply.Refused) Refuse(batch.Where(answer => answer.TrialId == refusal.TrialId), _ => refusal.Sentence);
            // Something that is neither stored nor refused would be a fault in between: it is sent again.
            Troubled = stored.Count + reply.Refused.Length < batch.Length;
        }
        catch (RefusedBySiteException refusal) when (refusal.Final && batch.Length > 1)
        {
            // One bad answer shall not keep the others back.
            foreach (var answer in batch) await SendAsync([answer]);
        }
        catch (RefusedBySiteException refusal) when (refusal.Final)
        {
            Refuse(batch, refusal.In);
        }
        catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException or JsonException or RefusedBySiteException)
        {
            Troubled = true;
        }
        Changed?.Invoke();
        return !Troubled;
    }

    // Sending them again would not help; they stay on the disk and do not keep the others back.
    private void Refuse(IEnumerable<KeptAnswer> answers, Func<ParticipantTexts, string> sentence)
    {
        foreach (var answer in answers)
        {
            refused.Add(answer.Order);
            if (answer.SessionId == session) Refusal = sentence;
        }
    }
}

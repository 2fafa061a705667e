using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using PerceptionStudy.Shared;
using PerceptionStudy.Shared.Sessions;
using PerceptionStudy.Shared.Texts;
using PerceptionStudy.Shared.Trials;

namespace PerceptionStudy.Client.Session;

/// <summary>The server answered, but not with success.</summary>
/// <param name="status">The status.</param>
/// <param name="sentence">Its sentence for the participant; null where something in between has answered.</param>
public sealed class RefusedBySiteException(HttpStatusCode status, string? sentence) : Exception(sentence)
{
    public HttpStatusCode Status { get; } = status;

    private string? Sentence { get; } = sentence;

    /// <summary>What the participant reads.</summary>
    public string In(ParticipantTexts texts) => Sentence ?? string.Format(texts.ServerFailed, (int)Status);

    /// <summary>Whether the same request will be refused again.</summary>
    public bool Final => (int)Status is >= 400 and < 500 and not (408 or 425 or 429);
}

/// <summary>What the server can be asked about a session. The browser adds the session's cookie.</summary>
public sealed class SessionApi(HttpClient http)
{
    public async Task<SessionPlan> PlanAsync(Guid session) =>
        await ReadAsync(await http.GetAsync($"api/sessions/{session}"), WireJson.Default.SessionPlan);

    /// <summary>Sends a batch of answers, each already as JSON.</summary>
    public async Task<BatchReceipt> SendAsync(Guid session, IEnumerable<string> answers)
    {
        using var body = new StringContent($"[{string.Join(',', answers)}]", new MediaTypeHeaderValue("application/json"));
        return await ReadAsync(await http.PostAsync($"api/sessions/{session}/responses", body), WireJson.Default.BatchReceipt);
    }

    /// <summary>Sends what the participant said about themselves, already as JSON.</summary>
    public Task<QuestionnaireReceipt> SendQuestionnaireAsync(Guid session, string json) => SendPageAsync(session, "questionnaire", json, WireJson.Default.QuestionnaireReceipt);

    /// <summary>Sends the answers of the headphone check, already as JSON.</summary>
    public Task<HeadphoneReceipt> SendHeadphonesAsync(Guid session, string json) => SendPageAsync(session, "headphones", json, WireJson.Default.HeadphoneReceipt);

    public async Task<SessionCompletion> CompletionAsync(Guid session) =>
        await ReadAsync(await http.GetAsync($"api/sessions/{session}/completion"), WireJson.Default.SessionCompletion);

    /// <summary>Goes on with an interrupted session.</summary>
    public Task ResumeAsync(Guid session) => PostAsync(session, "resumption");

    /// <summary>Stops; the answers are kept.</summary>
    public Task LeaveAsync(Guid session) => PostAsync(session, "leaving");

    public Task WithdrawAsync(Guid session) => PostAsync(session, "withdrawal");

    private async Task<T> SendPageAsync<T>(Guid session, string page, string json, JsonTypeInfo<T> type)
    {
        using var body = new StringContent(json, new MediaTypeHeaderValue("application/json"));
        return await ReadAsync(await http.PostAsync($"api/sessions/{session}/{page}", body), type);
    }

    private async Task PostAsync(Guid session, string what)
    {
        using var reply = await http.PostAsync($"api/sessions/{session}/{what}", null);
        if (!reply.IsSuccessStatusCode) throw await RefusalAsync(reply);
    }

    private static async Task<T> ReadAsync<T>(HttpResponseMessage reply, JsonTypeInfo<T> type)
    {
        using (reply)
        {
            if (reply.StatusCode != HttpStatusCode.OK) throw await RefusalAsync(reply);
            return JsonSerializer.Deserialize(await reply.Content.ReadAsStringAsync(), type) ?? throw new JsonException("The server sent nothing.");
        }
    }

    private static async Task<RefusedBySiteException> RefusalAsync(HttpResponseMessage reply)
    {
        try
        {
            return new RefusedBySiteException(reply.StatusCode, JsonSerializer.Deserialize(await reply.Content.ReadAsStringAsync(), WireJson.Default.Refusal)?.Sentence);
        }
        catch (JsonException)
        {
            // Not from our server but from something in between: the status alone has to do.
            return new RefusedBySiteException(reply.StatusCode, null);
        }
    }
}

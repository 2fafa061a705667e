using System.Collections.Concurrent;
using PerceptionStudy.Client.Outbox;
using PerceptionStudy.Client.Session;
using PerceptionStudy.Server.Tests.Participation;
using PerceptionStudy.Shared.Sessions;

namespace PerceptionStudy.EndToEnd.Tests.Faults;

/// <summary>Somebody who answers with the player's own outbox and protocol, without a browser around them, and whose tab dies now and then.</summary>
public sealed class ProtocolParticipant(string address, Guid session, string token, int seed)
{
    private readonly BrowserDisk disk = new();
    private readonly Random chance = new(seed);

    /// <summary>What was kept on the disk, by trial.</summary>
    public ConcurrentDictionary<Guid, string> Given { get; } = [];

    public int TabsKilled { get; private set; }

    /// <summary>Returns when the server has given the completion code.</summary>
    public async Task TakePartAsync()
    {
        while (!await InOneTabAsync()) TabsKilled++;
        Assert.Equal(0, disk.Count);
    }

    private async Task<bool> InOneTabAsync()
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = new Uri(address), Timeout = TimeSpan.FromSeconds(20) };
        http.DefaultRequestHeaders.Add("Cookie", $"session-{session:N}={token}");
        var tab = new BrowserTab(disk);
        var (api, outbox) = (new SessionApi(http), new ResponseOutbox(new OutboxStore(tab), new SessionApi(http)));
        while (true)
        {
            var plan = await UntilItWorksAsync(() => api.PlanAsync(session));
            var path = new SessionPath(plan, await outbox.OpenAsync(session));
            while (path.Next is { } trial)
            {
                var choice = plan.Choices[chance.Next(plan.Choices.Length)];
                await outbox.AddAsync(Answers.Of(trial.TrialId, choice));
                Given[trial.TrialId] = choice;
                path.Answer(trial.TrialId);
                await Task.Delay(chance.Next(20));
                if (chance.Next(150) > 0) continue;
                tab.Kill();
                return false;
            }
            while (outbox.Waiting > 0) await Task.Delay(20);
            if ((await UntilItWorksAsync(() => api.CompletionAsync(session))).Code is not null) return true;
        }
    }

    private static async Task<T> UntilItWorksAsync<T>(Func<Task<T>> ask)
    {
        while (true)
        {
            try
            {
                return await ask();
            }
            catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException or System.Text.Json.JsonException || failure is RefusedBySiteException { Final: false })
            {
                await Task.Delay(200);
            }
        }
    }
}

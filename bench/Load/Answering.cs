using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text.Json;
using PerceptionStudy.Server.Tests.Participation;
using PerceptionStudy.Shared;

namespace PerceptionStudy.Bench.Load;

/// <summary>How long receipts took, ms, from sending the answer to having read the receipt.</summary>
internal sealed record Receipts(double[] SortedMs, int Failed, double Seconds)
{
    public double Quantile(double share) => SortedMs.Length == 0 ? double.NaN : SortedMs[Math.Min(SortedMs.Length - 1, (int)(share * SortedMs.Length))];

    public override string ToString() =>
        $"{SortedMs.Length} receipts in {Seconds:0.0} s ({SortedMs.Length / Seconds:0} per s), {Failed} failed; median {Quantile(.5):0.0} ms, p95 {Quantile(.95):0.0}, p99 {Quantile(.99):0.0}, longest {Quantile(1):0}";
}

/// <summary>People who answer one trial in every interval, each beginning at a moment of its own, whether or not the server keeps up.</summary>
internal sealed class Answering(string address)
{
    private readonly HttpClient http = new(new SocketsHttpHandler { UseCookies = false, MaxConnectionsPerServer = 256 }) { BaseAddress = new Uri(address), Timeout = TimeSpan.FromSeconds(30) };

    public async Task<Receipts> RunAsync(IReadOnlyList<Person> people, TimeSpan interval, TimeSpan duration)
    {
        var times = new ConcurrentBag<double>();
        var failed = 0;
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(people.Select(async (person, n) =>
        {
            var due = interval * ((n + .5) / people.Count);
            var sending = new List<Task>();
            for (; due < duration && person.Trials.Count > 0; due += interval)
            {
                if (due - clock.Elapsed is { Ticks: > 0 } pause) await Task.Delay(pause);
                sending.Add(SendAsync(person, person.Trials.Dequeue()));
            }
            await Task.WhenAll(sending);
        }));
        return new Receipts([.. times.Order()], failed, clock.Elapsed.TotalSeconds);

        async Task SendAsync(Person person, Guid trial)
        {
            var started = Stopwatch.GetTimestamp();
            try
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, $"api/sessions/{person.Session}/responses")
                {
                    Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes([Answers.Of(trial, "cat")], WireJson.Default.TrialResponseArray)) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
                };
                request.Headers.Add("Cookie", $"session-{person.Session:N}={person.Token}");
                using var reply = await http.SendAsync(request);
                var receipt = JsonSerializer.Deserialize(await reply.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync(), WireJson.Default.BatchReceipt)!;
                if (receipt.Receipts.Single().TrialId != trial) throw new InvalidDataException("The receipt is of another trial.");
                times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            }
            catch (Exception problem) when (problem is HttpRequestException or TaskCanceledException)
            {
                Interlocked.Increment(ref failed);
            }
        }
    }
}

using Microsoft.AspNetCore.Builder;
using PerceptionStudy.Bench.Load;
using PerceptionStudy.Bench.Scale;
using PerceptionStudy.Server.Commands;

// Arguments: participants, seconds of each part, address of the server, then its settings. run.sh starts everything.
var (people, seconds, address) = (int.Parse(args[0]), TimeSpan.FromSeconds(int.Parse(args[1])), args[2]);
await using var app = ServerHost.Build(args[3..]);
var interval = TimeSpan.FromSeconds(2);
var researcher = await Researching.BeginAsync(app.Services, address);
var campaign = await Synthesising.BeginAsync(app.Services);

Console.WriteLine($"{people} participants at one trial each 2 s, a campaign, a researcher who looks at results again and again; {seconds.TotalSeconds:0} s each, {Environment.ProcessorCount} cores for all and PostgreSQL");
Console.WriteLine("| | receipts per s | p50 ms | p99 ms | failed | metamers per min | results, median s | longest |");
Console.WriteLine("|---|---|---|---|---|---|---|---|");
await RowAsync("warming up", true, true, true);
await RowAsync("participants", true, false, false);
await RowAsync("synthesis", false, true, false);
await RowAsync("analysis", false, false, true);
await RowAsync("participants and synthesis", true, true, false);
await RowAsync("participants and analysis", true, false, true);
await RowAsync("all three", true, true, true);

async Task RowAsync(string what, bool answer, bool synthesise, bool analyse)
{
    var persons = answer ? await Participants.BeginAsync(app.Services, people, (int)(seconds / interval) + 1) : null;
    if (synthesise) await campaign.GoOnAsync();
    var before = await campaign.DoneAsync();
    using var over = new CancellationTokenSource(seconds);
    var answering = persons is null ? null : new Answering(address).RunAsync(persons, interval, seconds);
    var analysing = analyse ? researcher.LookAsync(over.Token) : null;
    var receipts = answering is null ? null : await answering;
    var looks = analysing is null ? null : await analysing;
    // The end of whatever comes first: without participants nothing else waits.
    await Task.Delay(Timeout.Infinite, over.Token).ContinueWith(_ => { }, TaskScheduler.Default);
    var made = await campaign.DoneAsync() - before;
    if (synthesise) await campaign.HoldAsync();
    Console.WriteLine($"| {what} | {(receipts is null ? "–" : $"{receipts.SortedMs.Length / receipts.Seconds:0}")} | {(receipts is null ? "–" : $"{receipts.Quantile(.5):0.0}")} | {(receipts is null ? "–" : $"{receipts.Quantile(.99):0}")} "
        + $"| {(receipts is null ? "–" : receipts.Failed)} | {(synthesise ? $"{made / seconds.TotalMinutes:0.0}" : "–")} | {(looks is null ? "–" : $"{looks[looks.Length / 2]:0.00}")} | {(looks is null ? "–" : $"{looks[^1]:0.00}")} |");
}

using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using PerceptionStudy.Bench.Load;
using PerceptionStudy.Server.Data;

// Arguments: participants, seconds, address of the server, then its settings. run.sh starts everything.
var (people, seconds, address) = (int.Parse(args[0]), int.Parse(args[1]), args[2]);
var configuration = new ConfigurationBuilder().AddCommandLine(args[3..]).Build();
var collection = new ServiceCollection();
collection.AddStudyDb(configuration);
await using var services = collection.BuildServiceProvider();
var interval = TimeSpan.FromSeconds(2);
var limit = 250;

Console.WriteLine($"{people} participants at one trial each 2 s for {seconds} s, {Environment.ProcessorCount} cores for PostgreSQL, server and clients");
var persons = await Participants.BeginAsync(services, people, seconds / 2 + 1);
var answering = new Answering(address);
await answering.RunAsync(await Participants.BeginAsync(services, 50, 10), TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(1));
var main = await answering.RunAsync(persons, interval, TimeSpan.FromSeconds(seconds));
Console.WriteLine(main);
await using (var db = await services.GetRequiredService<IDbContextFactory<StudyDb>>().CreateDbContextAsync())
{
    var sessions = persons.Select(p => p.Session).ToArray();
    var stored = await db.Responses.CountAsync(r => db.Trials.Any(t => t.Id == r.TrialId && sessions.Contains(t.SessionId)));
    Console.WriteLine($"stored: {stored} of {main.SortedMs.Length} with a receipt");
}

// The highest rate: more every time, 15 s each, until the limit is passed.
var highest = 0.0;
for (var rate = 500; ; rate += 250)
{
    var crowd = await Participants.BeginAsync(services, rate / 5, 80);
    var step = await answering.RunAsync(crowd, TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(15));
    Console.WriteLine($"{rate} per s asked: {step}");
    if (step.Failed > 0 || step.Quantile(.99) >= limit) break;
    highest = step.SortedMs.Length / step.Seconds;
}
Console.WriteLine($"highest rate with p99 under {limit} ms: {highest:0} per s");
foreach (var rows in (int[])[1, 20, 100])
    Console.WriteLine($"bare inserts by Npgsql, {rows} rows for each commit, 4 connections: {await BareInserts.RowsPerSecondAsync(configuration.GetConnectionString("Postgres")!, rows, TimeSpan.FromSeconds(8)):0} rows per s");

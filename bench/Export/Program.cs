using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using PerceptionStudy.Bench.Export;
using PerceptionStudy.Server.Analysis;
using PerceptionStudy.Server.Analysis.Digests;
using PerceptionStudy.Server.Analysis.Results;
using PerceptionStudy.Server.Data;

// fill N | naive-csv FILE | digest | page | naive-page, with the settings of the server
// (--ConnectionStrings:Postgres=..., --DataFolder=...). One step in a process, so that its memory is its own.
var settings = args.Where(a => a.StartsWith("--", StringComparison.Ordinal)).ToArray();
var words = args.Except(settings).ToArray();
var services = new ServiceCollection();
services.AddStudyDb(new ConfigurationBuilder().AddCommandLine(settings).Build());
services.AddSingleton(TimeProvider.System);
services.AddSingleton<SessionDigests>();
services.AddSingleton<DigestedStudy>();
await using var provider = services.BuildServiceProvider();
await using var db = await provider.GetRequiredService<IDbContextFactory<StudyDb>>().CreateDbContextAsync();
// A server has done so when it started; the memory that it takes is not that of a step.
if (words is ["fill", ..]) await provider.MigrateStudyDbAsync();
var study = await db.Studies.Where(s => s.Name == FilledStudy.Name).Select(s => s.Id).FirstOrDefaultAsync();
var watch = Stopwatch.StartNew();
switch (words)
{
    case ["fill", var count]:
        await FilledStudy.FillAsync(db, int.Parse(count));
        break;
    case ["naive-csv", var file]:
        await Naive.CsvAsync(db, study, file);
        break;
    case ["digest"]:
        await provider.GetRequiredService<SessionDigests>().StoreMissingAsync();
        break;
    case ["page"]:
        // The program keeps nothing between the two: the first also compiles, the second is what a server does for every new study.
        await ReadPageAsync();
        Console.WriteLine($"first in the process: {watch.Elapsed.TotalSeconds:0.00} s");
        watch.Restart();
        await ReadPageAsync();
        break;
    case ["naive-page"]:
        Show(await Naive.SummaryAsync(db, study));
        break;
    default:
        Console.Error.WriteLine("Use: fill N | naive-csv FILE | digest | page | naive-page");
        return 2;
}
var seconds = watch.Elapsed.TotalSeconds;
using var self = Process.GetCurrentProcess();
Console.WriteLine($"{words[0]}: {seconds:0.00} s, processor {self.TotalProcessorTime.TotalSeconds:0.0} s, peak memory {self.PeakWorkingSet64 / 1e6:0} MB");
return 0;

async Task ReadPageAsync() => Show(StudySummary.Of(await provider.GetRequiredService<DigestedStudy>().ReadAsync(study, new TrialFilter()), FilledStudy.Name));

static void Show(StudySummary summary) => Console.WriteLine($"{summary.Participants} participants, {summary.Trials} trials, {summary.Panels.Count} panels, people at natural {summary.Panels[0].Lines[0].Points[0].Value.Mean:0.0000}");

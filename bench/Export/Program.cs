using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using PerceptionStudy.ExportBench;
using PerceptionStudy.Server.Analysis;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Export;

// ExportBench fill N | csv FILE, with the settings of the server (--ConnectionStrings:Postgres=..., --DataFolder=...).
var settings = args.Where(a => a.StartsWith("--", StringComparison.Ordinal)).ToArray();
var words = args.Except(settings).ToArray();
var configuration = new ConfigurationBuilder().AddCommandLine(settings).Build();
var services = new ServiceCollection();
services.AddStudyDb(configuration);
services.AddSingleton<TrialQuery>();
await using var provider = services.BuildServiceProvider();
await using var db = await provider.GetRequiredService<IDbContextFactory<StudyDb>>().CreateDbContextAsync();
var watch = Stopwatch.StartNew();
switch (words)
{
    case ["fill", var count]:
        await provider.MigrateStudyDbAsync();
        await FilledStudy.FillAsync(db, int.Parse(count));
        break;
    case ["csv", var file]:
        var study = await db.Studies.FirstAsync(s => s.Name == FilledStudy.Name);
        await using (var stream = File.Create(file)) await TableCsv.WriteAsync(TrialColumns.Table, provider.GetRequiredService<TrialQuery>().ReadAsync(study.Id, new TrialFilter()), stream);
        break;
    default:
        Console.Error.WriteLine("Use: fill N | csv FILE");
        return 2;
}
using var self = Process.GetCurrentProcess();
Console.WriteLine($"{string.Join(' ', words)}: {watch.Elapsed.TotalSeconds:0.00} s, peak {self.PeakWorkingSet64 / 1e6:0} MB");
return 0;

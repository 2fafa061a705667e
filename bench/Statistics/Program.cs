using System.Diagnostics;
using System.Globalization;
using PerceptionStudy.Bench.Statistics;
using PerceptionStudy.Server.Analysis.Statistics;
using PerceptionStudy.Server.Participation;

// Permutation tests of a mixed analysis of variance of the published size: 22 participants, their networks, 9 stages, weak effects.
const int People = 22, Stages = 9, Permutations = 10_000;
var random = new SequenceRandom(1);
double[][] Made(double step) => [.. Enumerable.Range(0, People).Select(_ => Enumerable.Range(0, Stages).Select(s => (random.Below(12) + step * s) / 14).ToArray())];
double[][] people = Made(0.02), network = Made(0);

Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Cpu()}, one thread; load {File.ReadAllText("/proc/loadavg").Split(' ')[0]} before"));
StageAnova.Mixed(people, network, Permutations, 1);
var ours = TimeSpan.MaxValue;
AnovaTable? table = null;
for (var turn = 0; turn < 5; turn++)
{
    var watch = Stopwatch.StartNew();
    table = StageAnova.Mixed(people, network, Permutations, 1);
    if (watch.Elapsed < ours) ours = watch.Elapsed;
}
NaiveAnova.Mixed(people, network, 200, 1);
var slow = Stopwatch.StartNew();
var naive = NaiveAnova.Mixed(people, network, Permutations, 1);
slow.Stop();

Console.WriteLine("| effect | p of ours | p of LINQ |\n|---|---|---|");
foreach (var (effect, p) in new[] { ("observer", naive.Observer), ("stage", naive.Stage), ("observer:stage", naive.Interaction) })
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {effect} | {table![effect].Permutation!.Value.Published:0.000} | {p:0.000} |"));
Console.WriteLine("\n| 44 × 9, three tests of 10,000 permutations each | s |\n|---|---|");
Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| ours, best of 5 | {ours.TotalSeconds:0.000} |\n| LINQ, once | {slow.Elapsed.TotalSeconds:0.0} |\n| LINQ / ours | {slow.Elapsed / ours:0} |"));

// Intervals of a million trials' curves: 2,500 participants, 259 points (37 conditions, people and 6 models), some gaps.
double[][] proportions = [.. Enumerable.Range(0, 2500).Select(_ => Enumerable.Range(0, 259).Select(_ => random.Below(50) == 0 ? double.NaN : random.Below(12) / 11.0).ToArray())];
var bootstrap = Stopwatch.StartNew();
ParticipantBootstrap.OfMeans(proportions);
Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"\nBootstrap intervals, 2,500 participants × 259 points, 2,000 resamples: {bootstrap.Elapsed.TotalSeconds:0.00} s"));

static string Cpu() => File.Exists("/proc/cpuinfo") ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim() ?? "" : "";

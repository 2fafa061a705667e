using System.Globalization;
using System.Text;

namespace PerceptionStudy.Bench.Timing;

/// <summary>The trials as the table of docs/evidence.md.</summary>
public static class TimingTable
{
    public static string Of(IReadOnlyCollection<TimedTrial> trials)
    {
        var text = new StringBuilder();
        var durations = trials.Select(t => t.RequestedMs).Distinct().Order().ToList();
        text.AppendLine($"| engine | load | {string.Join(" | ", durations.Select(ms => $"{ms} ms"))} | all | inexact | of these flagged | zero of the reaction time, error in ms: 5 % / median / 95 % |");
        text.AppendLine($"|---|---|{string.Concat(durations.Select(_ => "---|"))}---|---|---|---|");
        foreach (var cell in trials.GroupBy(t => (t.Engine, t.Loaded)).OrderBy(c => c.Key.Loaded).ThenByDescending(c => c.Key.Engine, StringComparer.Ordinal))
        {
            var inexact = cell.Where(t => !t.Exact).ToList();
            var flagged = inexact.Count == 0 ? "–" : inexact[0].Flagged is null ? "no flag" : Percent(inexact.Count(t => t.Flagged == true), inexact.Count);
            var errors = cell.Select(t => t.Record.ReactionTimeErrorMs).Order().ToList();
            text.AppendLine(CultureInfo.InvariantCulture, $"| {cell.Key.Engine} | {(cell.Key.Loaded ? "yes" : "no")} | {string.Join(" | ", durations.Select(ms => Cell([.. cell.Where(t => t.RequestedMs == ms)])))} | "
                + $"{Percent(cell.Count(t => t.Exact), cell.Count())} | {inexact.Count} | {flagged} | {At(errors, .05):0.00} / {At(errors, .5):0.00} / {At(errors, .95):0.00} |");
        }
        return text.ToString();
    }

    private static string Cell(List<TimedTrial> trials)
    {
        var mean = trials.Average(t => t.ShownMs);
        var deviation = Math.Sqrt(trials.Average(t => (t.ShownMs - mean) * (t.ShownMs - mean)));
        return string.Create(CultureInfo.InvariantCulture, $"{Percent(trials.Count(t => t.Exact), trials.Count)} ({mean:0.0} ± {deviation:0.0})");
    }

    private static string Percent(int some, int all) => string.Create(CultureInfo.InvariantCulture, $"{100.0 * some / all:0.0} %");

    private static double At(List<double> sorted, double share) => sorted[(int)Math.Round(share * (sorted.Count - 1))];
}

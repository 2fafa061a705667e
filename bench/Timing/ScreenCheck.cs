using System.Globalization;
using Microsoft.Playwright;

namespace PerceptionStudy.Bench.Timing;

/// <summary>Our own record of trials beside what the trace saw on the screen.</summary>
public static class ScreenCheck
{
    /// <summary>Runs blocks of our presenter, each in a trace of its own, and says how often both saw the same number of frames.</summary>
    /// <param name="run">An open run.</param>
    /// <param name="page">A session of its page.</param>
    /// <param name="each">Trials of each duration and load.</param>
    public static async Task<string> RunAsync(TimingRun run, ICDPSession page, int each)
    {
        const int perBlock = 4;
        var trace = new ScreenTrace(page);
        var pairs = new List<(TimedTrial Trial, double ScreenFrames)>();
        int traced = 0, lost = 0;
        for (var (done, seed) = (0, 1); done < each; done += perBlock, seed++)
        {
            foreach (var loaded in (bool[])[false, true])
            {
                await trace.StartAsync();
                var trials = await run.RunBlockAsync(TimingRun.Ours, Math.Min(perBlock, each - done), seed, loaded);
                var seen = await trace.StopAsync();
                traced += trace.Frames;
                // A picture that no frame of the trace shows cannot be told from one that the trace has missed: the whole block is not compared.
                if (seen.Count == trials.Count) pairs.AddRange(trials.Zip(seen, (trial, picture) => (trial, Math.Round((picture.OffMs - picture.OnMs) / run.RefreshMs))));
                else lost += trials.Count;
                Console.Error.Write($"\r{pairs.Count} trials");
            }
        }
        Console.Error.WriteLine();
        var text = new System.Text.StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"{pairs.Count} trials in {traced} frames of the trace; {lost} in blocks where the trace did not see as many pictures as there were.");
        text.AppendLine();
        text.AppendLine("| load | trials | our record and the screen say the same | the screen one frame more | one less | further apart | of these flagged |");
        text.AppendLine("|---|---|---|---|---|---|---|");
        foreach (var load in pairs.GroupBy(p => p.Trial.Loaded).OrderBy(l => l.Key))
        {
            var differences = load.Select(p => (Difference: p.ScreenFrames - p.Trial.RecordedFrames, p.Trial.Flagged)).ToList();
            var apart = differences.Where(d => d.Difference != 0).ToList();
            text.AppendLine(CultureInfo.InvariantCulture, $"| {(load.Key ? "yes" : "no")} | {differences.Count} | {100.0 * (differences.Count - apart.Count) / differences.Count:0.0} % | {apart.Count(d => d.Difference == 1)} | {apart.Count(d => d.Difference == -1)} | {apart.Count(d => Math.Abs(d.Difference) > 1)} | {apart.Count(d => d.Flagged == true)} of {apart.Count} |");
        }
        return text.ToString();
    }
}

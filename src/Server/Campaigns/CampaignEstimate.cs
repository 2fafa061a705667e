namespace PerceptionStudy.Server.Campaigns;

/// <summary>What is known of one stage: how many of its syntheses are still to be made, and what those that are done took on average.</summary>
/// <param name="Open">Syntheses that are not done.</param>
/// <param name="MeanSeconds">Mean time of those that are done, in seconds; null before the first.</param>
public sealed record StageCost(int Open, double? MeanSeconds);

/// <summary>What a campaign will still take, from what its first syntheses took.</summary>
/// <param name="Seconds">Time until the last one is done, in seconds.</param>
/// <param name="Bytes">Disk that the open ones will take.</param>
public sealed record CampaignEstimate(double Seconds, long Bytes)
{
    /// <summary>
    /// A stage that has none yet is taken to cost what lies between the measured stages before and after it, by their order; outside them what
    /// the nearest costs. Syntheses of several workers go on side by side.
    /// </summary>
    /// <param name="stages">From input to output, models one after the other.</param>
    /// <param name="meanBytes">Mean disk of those that are done.</param>
    /// <param name="workers">Syntheses that run at a time, at least 1.</param>
    /// <returns>Null while nothing is measured.</returns>
    public static CampaignEstimate? Of(IReadOnlyList<StageCost> stages, double? meanBytes, int workers)
    {
        var measured = Enumerable.Range(0, stages.Count).Where(i => stages[i].MeanSeconds is not null).ToArray();
        if (measured.Length == 0 || meanBytes is not { } bytes) return null;
        var seconds = stages.Select((stage, i) => stage.Open * (stage.MeanSeconds ?? Between(i))).Sum();
        return new CampaignEstimate(seconds / Math.Max(1, workers), (long)(bytes * stages.Sum(s => s.Open)));

        double Between(int i)
        {
            var (before, after) = (measured.LastOrDefault(m => m < i, -1), measured.FirstOrDefault(m => m > i, -1));
            if (before < 0) return stages[after].MeanSeconds!.Value;
            if (after < 0) return stages[before].MeanSeconds!.Value;
            var (low, high) = (stages[before].MeanSeconds!.Value, stages[after].MeanSeconds!.Value);
            return low + (high - low) * (i - before) / (after - before);
        }
    }

    /// <summary>A time as people say it.</summary>
    public static string Duration(double seconds) => seconds switch
    {
        < 1.5 => "1 second",
        < 90 => $"{seconds:0} seconds",
        < 5400 => $"{seconds / 60:0} minutes",
        < 172800 => $"{seconds / 3600:0.#} hours",
        _ => $"{seconds / 86400:0.#} days",
    };
}

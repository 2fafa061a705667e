using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace PerceptionStudy.Server.Data;

/// <summary>What the program counts while it works; docs/operations.md lists the names. Nothing of it names a person.</summary>
public static class Telemetry
{
    /// <summary>Of meter and activity source.</summary>
    public const string Name = "PerceptionStudy";

    /// <summary>Name of the histogram of receipts.</summary>
    public const string AcknowledgementName = "perception.acknowledgement.duration";

    private static readonly Meter Meter = new(Name);

    private static readonly Counter<long> Answers = Meter.CreateCounter<long>("perception.answers", "{answer}", "Answers that were stored, by the verdict on their timing.");

    private static readonly Histogram<double> Acknowledgement = Meter.CreateHistogram(
        AcknowledgementName, "s", "From the arrival of a participant's answers to their receipt.", tags: null,
        new InstrumentAdvice<double> { HistogramBucketBoundaries = [.005, .01, .02, .05, .1, .25, .5, 1, 2.5, 5, 10] });

    private static readonly Counter<long> Sessions = Meter.CreateCounter<long>("perception.sessions", "{session}", "Sessions that began or were completed.");

    /// <summary>Spans of the program's own.</summary>
    public static ActivitySource Activities { get; } = new(Name);

    /// <param name="verdict">Of the timing: exact, off_by_one or bad.</param>
    public static void AnswerStored(string verdict) => Answers.Add(1, new KeyValuePair<string, object?>("timing", verdict));

    /// <param name="duration">Since the answers arrived.</param>
    public static void Acknowledged(TimeSpan duration) => Acknowledgement.Record(duration.TotalSeconds);

    /// <param name="what">began or completed.</param>
    public static void Session(string what) => Sessions.Add(1, new KeyValuePair<string, object?>("what", what));
}

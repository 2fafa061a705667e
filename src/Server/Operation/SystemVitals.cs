using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Campaigns;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Operation.Backups;
using PerceptionStudy.Server.Participation;

namespace PerceptionStudy.Server.Operation;

/// <summary>How the installation stands at one moment.</summary>
/// <param name="ActiveParticipants">People whose session is under way and of whom something arrived in the last five minutes.</param>
/// <param name="Syntheses">Number of syntheses by state.</param>
/// <param name="StepsPerSecond">Optimisation steps per second of all workers together, since the look before.</param>
/// <param name="Workers">Those that gave a sign of life within their lease, by name.</param>
/// <param name="DatabaseBytes">Size of the database.</param>
/// <param name="FreeBytes">Free space where the data folder lies.</param>
/// <param name="LastBackup">When the last backup was finished, or null if there is none.</param>
public sealed record Vitals(
    DateTimeOffset At, int ActiveParticipants, IReadOnlyDictionary<SynthesisState, int> Syntheses, double StepsPerSecond, IReadOnlyList<Worker> Workers, long DatabaseBytes, long FreeBytes, DateTimeOffset? LastBackup)
{
    public int Of(SynthesisState state) => Syntheses.GetValueOrDefault(state);
}

/// <summary>Receipts of this process in the last minute.</summary>
/// <param name="P99Seconds">99 % took at most so long, in s; NaN without any.</param>
public sealed record RecentReceipts(int Count, double P99Seconds);

/// <summary>Looks at the installation every few seconds, for the page and for the gauges of the metrics.</summary>
public sealed class SystemVitals : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan StillThere = TimeSpan.FromMinutes(5);

    private readonly IDbContextFactory<StudyDb> databases;
    private readonly ThisWorker here;
    private readonly DataFolder data;
    private readonly TimeProvider time;
    private readonly Meter meter;
    private readonly MeterListener listener = new();
    private readonly ConcurrentQueue<(DateTimeOffset At, double Seconds)> receipts = new();
    private readonly Lock gate = new();
    private Dictionary<Guid, int> stepsBefore = [];

    public SystemVitals(IDbContextFactory<StudyDb> databases, ThisWorker here, DataFolder data, TimeProvider time, IMeterFactory meters)
    {
        (this.databases, this.here, this.data, this.time) = (databases, here, data, time);
        meter = meters.Create(Telemetry.Name);
        Gauge("perception.participants.active", "{participant}", "People who take part now.", v => v.ActiveParticipants);
        Gauge("perception.synthesis.queued", "{job}", "Syntheses that wait.", v => v.Of(SynthesisState.Queued));
        Gauge("perception.synthesis.running", "{job}", "Syntheses under way.", v => v.Of(SynthesisState.Running));
        Gauge("perception.synthesis.failed", "{job}", "Syntheses that failed.", v => v.Of(SynthesisState.Failed));
        Gauge("perception.synthesis.steps_per_second", "{step}/s", "Optimisation steps per second of all workers together.", v => v.StepsPerSecond);
        meter.CreateObservableGauge("perception.workers", () => WorkersByProvider(Current), "{worker}", "Workers that gave a sign of life, by what they compute with.");
        Gauge("perception.database.size", "By", "Size of the database.", v => v.DatabaseBytes);
        Gauge("perception.data.free", "By", "Free space where the data folder lies.", v => v.FreeBytes);
        Gauge("perception.backup.age", "s", "Time since the last backup; absent without one.", v => (v.At - v.LastBackup)?.TotalSeconds);
        listener.InstrumentPublished = (instrument, listening) =>
        {
            if (instrument.Meter.Name == Telemetry.Name && instrument.Name == Telemetry.AcknowledgementName) listening.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<double>((_, seconds, _, _) => receipts.Enqueue((time.GetUtcNow(), seconds)));
        listener.Start();
    }

    /// <summary>The last look, or null before the first.</summary>
    public Vitals? Current { get; private set; }

    /// <summary>Receipts of this process in the last minute.</summary>
    public RecentReceipts Recent()
    {
        Forget();
        var seconds = receipts.Select(r => r.Seconds).Order().ToArray();
        return new RecentReceipts(seconds.Length, seconds.Length == 0 ? double.NaN : seconds[(int)Math.Ceiling(.99 * seconds.Length) - 1]);
    }

    /// <summary>Looks now.</summary>
    public async Task LookAsync(CancellationToken cancel = default)
    {
        Forget();
        var now = time.GetUtcNow();
        var since = now - StillThere;
        await using var db = await databases.CreateDbContextAsync(cancel);
        var active = await db.Sessions.CountAsync(s => s.ObserverType == ObserverType.Human && s.State == SessionState.Active && s.LastSeenAt >= since, cancel);
        var states = await db.SynthesisJobs.GroupBy(j => j.State).Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Key, g => g.Count, cancel);
        var steps = await db.SynthesisJobs.Where(j => j.State == SynthesisState.Running).Select(j => new { j.Id, j.StepsDone }).ToDictionaryAsync(j => j.Id, j => j.StepsDone, cancel);
        var aliveSince = now - here.Lease;
        var workers = await db.Workers.AsNoTracking().Where(w => w.HeartbeatAt >= aliveSince).OrderBy(w => w.Name).ToListAsync(cancel);
        var bytes = db is PostgresStudyDb
            ? await db.Database.SqlQuery<long>($"""SELECT pg_database_size(current_database()) AS "Value" """).SingleAsync(cancel)
            : new FileInfo(Path.Combine(data.Path, DatabaseSetup.SqliteFile)).Length;
        lock (gate)
        {
            var rate = Current is { } before && now > before.At ? steps.Sum(s => Math.Max(0, s.Value - stepsBefore.GetValueOrDefault(s.Key, s.Value))) / (now - before.At).TotalSeconds : 0;
            stepsBefore = steps;
            Current = new Vitals(now, active, states, rate, workers, bytes, new DriveInfo(data.Path).AvailableFreeSpace, BackupFile.LastIn(data));
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        await Rounds.RunAsync(Pause, time, LookAsync, stoppingToken);
    }

    public override void Dispose()
    {
        listener.Dispose();
        base.Dispose();
    }

    private void Forget()
    {
        var oldest = time.GetUtcNow().AddMinutes(-1);
        while (receipts.TryPeek(out var first) && first.At < oldest) receipts.TryDequeue(out _);
    }

    // 0 without a name where there are none, so that an alarm has something to see.
    private static IEnumerable<Measurement<int>> WorkersByProvider(Vitals? now) => now switch
    {
        null => [],
        { Workers.Count: 0 } => [new(0)],
        _ => now.Workers.CountBy(w => w.Provider).Select(p => new Measurement<int>(p.Value, new KeyValuePair<string, object?>("provider", p.Key))),
    };

    private void Gauge(string name, string unit, string what, Func<Vitals, double?> read) =>
        meter.CreateObservableGauge(name, () => Current is { } now && read(now) is { } value ? (IEnumerable<Measurement<double>>)[new(value)] : [], unit, what);
}

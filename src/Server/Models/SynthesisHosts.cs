using PerceptionStudy.Server.Data;
using PerceptionStudy.Synthesis.Hosting;
using PerceptionStudy.Synthesis.Hosting.Cages;

namespace PerceptionStudy.Server.Models;

/// <summary>
/// The synthesis hosts of this process: one that answers people at once, one that lets models answer, and those in which jobs run, so that nobody who
/// uploads a picture waits for a metamer. A host answers one request at a time; its child starts at the first one, in a cage that shows it the files
/// that it has to read and lets it write only where its results go.
/// </summary>
public sealed class SynthesisHosts : IAsyncDisposable
{
    private readonly List<WarmHost> forJobs;
    private readonly SemaphoreSlim free;
    private long turns;

    /// <param name="configuration">Settings <c>Worker:…</c> and <c>Models:ServerFolder</c>.</param>
    /// <param name="time">Clock of the time limits.</param>
    /// <param name="data">Where the files are that hosts read and write; null lets them reach all files.</param>
    public SynthesisHosts(IConfiguration configuration, TimeProvider time, DataFolder? data = null)
    {
        var threads = configuration.GetValue<int?>("Worker:Threads");
        Provider = configuration["Worker:Provider"] ?? "auto";
        if (!ExecutionProvider.Names.Contains(Provider))
            throw new InvalidOperationException($"The setting Worker:Provider is {Provider}; take one of {string.Join(", ", ExecutionProvider.Names)}.");
        Concurrency = Math.Max(1, configuration.GetValue("Worker:Concurrency", 1));
        var (program, arguments) = OwnProgram();
        var options = new SynthesisHostOptions { FileName = program, Arguments = arguments, Threads = threads };
        if (configuration.GetValue<long?>("Worker:MemoryMegabytes") is { } megabytes) options = options with { MemoryLimitBytes = megabytes << 20 };
        CageWish = Wish(configuration["Worker:Cage"] ?? "auto");
        var cages = new HostCages(configuration, data, CageWish, graphics: Provider != "cpu");
        ForPeople = new SynthesisHostProcess(options with { TimeLimit = TimeSpan.FromMinutes(5), Cage = cages.Writing("temporary", "thumbnails") }, time);
        ForAnswers = new SynthesisHostProcess(options with { Cage = cages.Writing() }, time);
        var warm = Math.Max(Concurrency, configuration.GetValue("Worker:WarmHosts", Concurrency));
        forJobs = [.. Enumerable.Range(0, warm).Select(_ => new WarmHost(new SynthesisHostProcess(options with { Cage = cages.Writing("syntheses", "nulls") }, time)))];
        free = new SemaphoreSlim(Concurrency);
    }

    /// <summary>How many jobs run at a time: setting <c>Worker:Concurrency</c>, by default 1.</summary>
    public int Concurrency { get; }

    /// <summary>Where metamers are computed, <c>auto</c>, <c>cpu</c>, <c>cuda</c> or <c>webgpu</c>: setting <c>Worker:Provider</c>, by default what works fastest.</summary>
    public string Provider { get; }

    /// <summary>How closely hosts have to be shut in: setting <c>Worker:Cage</c>, by default (null) as closely as the system allows.</summary>
    public CageKind? CageWish { get; }

    /// <summary>For short requests that somebody waits for.</summary>
    public SynthesisHostProcess ForPeople { get; }

    /// <summary>For the answers of models, which do not wait for a synthesis either.</summary>
    public SynthesisHostProcess ForAnswers { get; }

    /// <summary>
    /// Lends a host to a job until it is disposed of; waits while as many are out as jobs run at a time. The job gets the host that worked with its model
    /// last, where one is idle, else the one that has been idle longest: setting <c>Worker:WarmHosts</c> says how many there are, by default as many as jobs.
    /// </summary>
    /// <param name="modelSha256">Hash of the model's file.</param>
    /// <param name="cancel">Cancels.</param>
    public async Task<Loan> LendAsync(string modelSha256, CancellationToken cancel)
    {
        await free.WaitAsync(cancel);
        lock (forJobs)
        {
            var idle = forJobs.Where(h => !h.Lent);
            var host = idle.FirstOrDefault(h => h.ModelSha256 == modelSha256) ?? idle.MinBy(h => h.LastTurn)!;
            (host.Lent, host.ModelSha256) = (true, modelSha256);
            return new Loan(this, host);
        }
    }

    /// <summary>The provider that jobs get here; where there is no graphics device, no host is started to find that out.</summary>
    public async Task<string> ChooseProviderAsync(CancellationToken cancel = default)
    {
        if (Provider == "cpu" || (Provider == "auto" && !GraphicsDevices.Any)) return "cpu";
        try
        {
            return (await ForAnswers.CallAsync<ProviderChoice>(new ChooseProvider(Provider), cancel: cancel)).Provider;
        }
        catch (SynthesisException)
        {
            return "cpu"; // No host starts here: the first job says why, the server goes on.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await ForPeople.DisposeAsync();
        await ForAnswers.DisposeAsync();
        foreach (var host in forJobs) await host.Host.DisposeAsync();
        free.Dispose();
    }

    private static CageKind? Wish(string setting)
    {
        try
        {
            return Cage.Named(setting);
        }
        catch (SynthesisException e)
        {
            throw new InvalidOperationException(e.Message, e);
        }
    }

    // This process may be a test run or a tool, so the program is named by the server's own assembly.
    private static (string Program, string[] Arguments) OwnProgram()
    {
        var assembly = typeof(SynthesisHosts).Assembly;
        var process = Environment.ProcessPath ?? "dotnet";
        // Not GetFileNameWithoutExtension: that takes the end of PerceptionStudy.Server.Tests for an extension.
        var name = Path.GetFileName(process);
        if (name.EndsWith(".exe", StringComparison.OrdinalIgnoreCase)) name = name[..^4];
        return name == assembly.GetName().Name
            ? (process, ["synthesis-host"])
            : (name == "dotnet" ? process : "dotnet", [assembly.Location, "synthesis-host"]);
    }

    private void TakeBack(WarmHost host)
    {
        lock (forJobs) (host.Lent, host.LastTurn) = (false, ++turns);
        free.Release();
    }

    /// <summary>A host on loan.</summary>
    public sealed class Loan : IDisposable
    {
        private readonly SynthesisHosts owner;
        private WarmHost? held;

        internal Loan(SynthesisHosts owner, WarmHost held) => (this.owner, this.held) = (owner, held);

        public SynthesisHostProcess Host => held?.Host ?? throw new ObjectDisposedException(nameof(Loan));

        public void Dispose()
        {
            if (Interlocked.Exchange(ref held, null) is { } back) owner.TakeBack(back);
        }
    }

    internal sealed class WarmHost(SynthesisHostProcess host)
    {
        public SynthesisHostProcess Host { get; } = host;
        public string? ModelSha256 { get; set; }
        public long LastTurn { get; set; }
        public bool Lent { get; set; }
    }
}

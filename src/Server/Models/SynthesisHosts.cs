using PerceptionStudy.Synthesis.Hosting;

namespace PerceptionStudy.Server.Models;

/// <summary>
/// The synthesis hosts of this process: one that answers people at once, one that lets models answer, and one for each job that runs at a time,
/// so that nobody who uploads a picture waits for a metamer. A host answers one request at a time; its child starts at the first one.
/// </summary>
public sealed class SynthesisHosts : IAsyncDisposable
{
    private readonly SynthesisHostProcess[] workers;
    private readonly Stack<SynthesisHostProcess> idle;
    private readonly SemaphoreSlim free;

    public SynthesisHosts(IConfiguration configuration, TimeProvider time)
    {
        var threads = configuration.GetValue<int?>("Worker:Threads");
        Provider = configuration["Worker:Provider"] ?? "auto";
        if (!ExecutionProvider.Names.Contains(Provider))
            throw new InvalidOperationException($"The setting Worker:Provider is {Provider}; take one of {string.Join(", ", ExecutionProvider.Names)}.");
        Concurrency = Math.Max(1, configuration.GetValue("Worker:Concurrency", 1));
        var (program, arguments) = OwnProgram();
        var options = new SynthesisHostOptions { FileName = program, Arguments = arguments, Threads = threads };
        if (configuration.GetValue<long?>("Worker:MemoryMegabytes") is { } megabytes) options = options with { MemoryLimitBytes = megabytes << 20 };
        ForPeople = new SynthesisHostProcess(options with { TimeLimit = TimeSpan.FromMinutes(5) }, time);
        ForAnswers = new SynthesisHostProcess(options, time);
        workers = [.. Enumerable.Range(0, Concurrency).Select(_ => new SynthesisHostProcess(options, time))];
        idle = new Stack<SynthesisHostProcess>(workers);
        free = new SemaphoreSlim(Concurrency);
    }

    /// <summary>How many jobs run at a time: setting <c>Worker:Concurrency</c>, by default 1.</summary>
    public int Concurrency { get; }

    /// <summary>Where metamers are computed, <c>auto</c>, <c>cpu</c>, <c>cuda</c> or <c>webgpu</c>: setting <c>Worker:Provider</c>, by default what works fastest.</summary>
    public string Provider { get; }

    /// <summary>For short requests that somebody waits for.</summary>
    public SynthesisHostProcess ForPeople { get; }

    /// <summary>For the answers of models, which do not wait for a synthesis either.</summary>
    public SynthesisHostProcess ForAnswers { get; }

    /// <summary>Lends a host to a job until it is disposed of; waits while all are out.</summary>
    public async Task<Loan> LendAsync(CancellationToken cancel)
    {
        await free.WaitAsync(cancel);
        lock (idle) return new Loan(this, idle.Pop());
    }

    public async ValueTask DisposeAsync()
    {
        await ForPeople.DisposeAsync();
        await ForAnswers.DisposeAsync();
        foreach (var worker in workers) await worker.DisposeAsync();
        free.Dispose();
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

    /// <summary>A host on loan.</summary>
    public sealed class Loan(SynthesisHosts owner, SynthesisHostProcess host) : IDisposable
    {
        private SynthesisHostProcess? held = host;

        public SynthesisHostProcess Host => held ?? throw new ObjectDisposedException(nameof(Loan));

        public void Dispose()
        {
            if (Interlocked.Exchange(ref held, null) is not { } back) return;
            lock (owner.idle) owner.idle.Push(back);
            owner.free.Release();
        }
    }
}

using PerceptionStudy.Synthesis.Hosting.Cages;

namespace PerceptionStudy.Synthesis.Hosting;

/// <summary>How a <see cref="SynthesisHostProcess"/> starts its child and what the child may use.</summary>
public sealed record SynthesisHostOptions
{
    /// <summary>Environment variable that tells the child how many threads ONNX Runtime may use for one operator.</summary>
    public const string ThreadsVariable = "PERCEPTIONSTUDY_SYNTHESIS_THREADS";

    /// <summary>Program to start; null (the default) starts this very program again.</summary>
    public string? FileName { get; init; }

    /// <summary>Its arguments; null (the default) is <c>synthesis-host</c>, preceded by this program's assembly where it runs under <c>dotnet</c>.</summary>
    public string[]? Arguments { get; init; }

    /// <summary>Longest time for one request, default one day (a full schedule of a large network on a CPU takes hours).</summary>
    public TimeSpan TimeLimit { get; init; } = TimeSpan.FromDays(1);

    /// <summary>How long a cancelled request may take to stop by itself before the child is ended, default 10 seconds.</summary>
    public TimeSpan CancelGrace { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Threads for one operator; null leaves ONNX Runtime's own choice, the number of physical cores.</summary>
    public int? Threads { get; init; }

    /// <summary>What it may reach; by default all files, but no network where the system can take it away.</summary>
    public CageOptions Cage { get; init; } = new();

    /// <summary>
    /// Most resident memory of the child in bytes, native memory included; the default is four fifths of the machine's (the container's) memory, null sets no limit.
    /// The parent looks every half second and ends the child above the limit, so a faster growth can pass it for a moment, until it meets the cage's
    /// hard limit (<see cref="CageLimits"/>). The managed heap is limited to the same number by <c>DOTNET_GCHeapHardLimit</c>.
    /// </summary>
    public long? MemoryLimitBytes { get; init; } = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 5 * 4;
}

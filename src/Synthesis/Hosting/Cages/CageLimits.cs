namespace PerceptionStudy.Synthesis.Hosting.Cages;

/// <summary>Hard limits that the system itself holds against a synthesis host, whatever runs in it.</summary>
/// <param name="DataBytes">
/// Most memory that its processes may each write to (RLIMIT_DATA); null for none. The parent ends a host at its own, lower limit with a clear sentence;
/// this one stops a growth that is faster than the parent looks.
/// </param>
public sealed record CageLimits(long? DataBytes)
{
    /// <summary>Largest file that it may write: 8 GB.</summary>
    public const long MostFileBytes = 8L << 30;

    /// <summary>Most processes and threads; ONNX Runtime and the .NET runtime take two or three for each core.</summary>
    public static int MostProcesses { get; } = 512 + 8 * Environment.ProcessorCount;

    /// <summary>
    /// The hard limit that goes with a memory limit: stacks count in full though they are hardly used, so each core adds some.
    /// A graphics driver maps much more than it uses, so there is none where one is at work.
    /// </summary>
    public static CageLimits For(long? memoryLimitBytes, bool graphics) =>
        new(memoryLimitBytes is { } limit && !graphics ? limit + (1L << 30) + ((long)Environment.ProcessorCount << 25) : null);

    /// <summary>As prlimit takes them.</summary>
    /// <param name="ownUsers">Whether processes are counted within the cage: elsewhere all those of the same user would count.</param>
    internal IEnumerable<string> Arguments(bool ownUsers)
    {
        yield return "--core=0";
        yield return $"--fsize={MostFileBytes}";
        if (ownUsers)
            yield return $"--nproc={MostProcesses}";
        if (DataBytes is { } bytes)
            yield return $"--data={bytes}";
    }
}

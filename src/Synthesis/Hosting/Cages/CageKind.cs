namespace PerceptionStudy.Synthesis.Hosting.Cages;

/// <summary>How closely a synthesis host is shut in; each kind holds what those before it hold.</summary>
public enum CageKind
{
    /// <summary>A child process with the rights of its parent, but without its environment; its memory is watched, and a request has a time limit.</summary>
    Open,

    /// <summary>Hard limits of the system besides (prlimit): memory, size of a file, no core dump.</summary>
    Limits,

    /// <summary>No network (a network namespace of its own).</summary>
    Network,

    /// <summary>
    /// Namespaces of its own for users, files, processes and network (bubblewrap): it sees the system's libraries, the program and the folders that it is
    /// given, writes nowhere but where it is told, has no system calls that computing does not need (seccomp), and dies with its parent.
    /// </summary>
    Files,
}

/// <summary>What a synthesis host may reach.</summary>
public sealed record CageOptions
{
    /// <summary>How closely to shut in; null takes the closest that works here.</summary>
    public CageKind? Kind { get; init; }

    /// <summary>Folders that it may read, besides system and program; null for all files, where the person who asks names the files (the command line).</summary>
    public IReadOnlyList<string>? Readable { get; init; }

    /// <summary>Folders that it may write.</summary>
    public IReadOnlyList<string> Writable { get; init; } = [];

    /// <summary>Whether it may use the machine's graphics devices.</summary>
    public bool Graphics { get; init; } = true;
}

namespace PerceptionStudy.Synthesis.Hosting.Cages;

/// <summary>Device files of graphics cards.</summary>
public static class GraphicsDevices
{
    /// <summary>Whether the machine has one that this program can see.</summary>
    public static bool Any => List().Any();

    /// <summary>Their paths: NVIDIA's own, the kernel's rendering nodes, AMD's, and that of Windows' subsystem for Linux.</summary>
    public static IEnumerable<string> List() => !Directory.Exists("/dev") ? []
        : Directory.EnumerateFileSystemEntries("/dev", "nvidia*").Concat(((string[])["/dev/dri", "/dev/kfd", "/dev/dxg"]).Where(Path.Exists));
}

using System.Diagnostics;

namespace PerceptionStudy.Synthesis.Hosting.Cages;

/// <summary>The environment of a synthesis host: what runtimes and drivers need, and none of the parent's passwords and keys.</summary>
internal static class HostEnvironment
{
    private static readonly string[] Kept = ["PATH", "LANG", "TZ", "LD_LIBRARY_PATH"];
    private static readonly string[] KeptBeginnings = ["LC_", "DOTNET_", "CUDA_", "NVIDIA_", "VK_", "ORT_", "OMP_"];

    /// <summary>Leaves the start only what is needed, and puts its temporary files into a folder.</summary>
    public static void Set(ProcessStartInfo start, string temporary)
    {
        foreach (var name in start.Environment.Keys.Where(name => !IsKept(name)).ToArray())
            start.Environment.Remove(name);
        foreach (var name in (string[])["TMPDIR", "TMP", "TEMP", "HOME"])
            start.Environment[name] = temporary;
        // Nobody attaches a debugger to a host, and its socket would be one more door.
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
    }

    private static bool IsKept(string name) =>
        !OperatingSystem.IsLinux() || Kept.Contains(name) || KeptBeginnings.Any(b => name.StartsWith(b, StringComparison.Ordinal));
}

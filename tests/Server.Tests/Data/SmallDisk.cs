using System.Diagnostics;

namespace PerceptionStudy.Server.Tests.Data;

/// <summary>A disk of a few megabytes, in memory, that a test may fill.</summary>
internal sealed class SmallDisk : IDisposable
{
    private SmallDisk(string folder) => Folder = folder;

    public string Folder { get; }

    /// <summary>Makes one; skips the test where this user may not mount.</summary>
    public static SmallDisk Make(int megabytes)
    {
        var folder = Directory.CreateTempSubdirectory("perception-study-disk-").FullName;
        var mounted = OperatingSystem.IsLinux() && Run("mount", "-t", "tmpfs", "-o", $"size={megabytes}m", "none", folder);
        if (!mounted) Directory.Delete(folder);
        Assert.SkipUnless(mounted, "Only root may mount a small disk.");
        return new SmallDisk(folder);
    }

    /// <summary>Fills it to the last byte.</summary>
    public void Fill()
    {
        using var file = File.Create(Path.Combine(Folder, "filler"));
        var block = new byte[4096];
        try
        {
            while (true) file.Write(block);
        }
        catch (IOException)
        {
            // Full.
        }
    }

    /// <summary>Makes room again.</summary>
    public void Clear() => File.Delete(Path.Combine(Folder, "filler"));

    public void Dispose()
    {
        Run("umount", "-l", Folder);
        Directory.Delete(Folder);
    }

    private static bool Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}

using System.Reflection;

namespace PerceptionStudy.Synthesis.Hosting.Cages;

/// <summary>The arguments of bubblewrap (bwrap 0.5 or later): an empty root into which only what is needed is put.</summary>
internal static class Bubblewrap
{
    // Programs and libraries; of /etc only what the loader, graphics drivers and the clock read.
    private static readonly string[] System =
    [
        "/usr", "/lib", "/lib32", "/lib64", "/bin", "/sbin", "/opt", "/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d", "/etc/alternatives", "/etc/localtime",
        "/etc/vulkan", "/etc/glvnd", "/etc/OpenCL", "/etc/nvidia", "/etc/fonts",
    ];

    // A process that root started owns the kernel's settings even without any capability, and bwrap does not cover them by itself.
    private static readonly string[] Process =
        ["--proc", "/proc", "--ro-bind", "/proc/sys", "/proc/sys", "--ro-bind-try", "/proc/sysrq-trigger", "/proc/sysrq-trigger", "--ro-bind-try", "/proc/fs", "/proc/fs"];

    public static IEnumerable<string> Arguments(CageOptions options, string temporary, string file)
    {
        List<string> all = ["--unshare-all", "--die-with-parent", "--new-session", "--cap-drop", "ALL"];
        // All files keep their names, relative ones too.
        if (options.Readable is null)
            all.AddRange(["--dev-bind", "/", "/", .. Process]);
        else
            all.AddRange([.. Shut(options, options.Readable, file), "--chdir", "/"]);
        return [.. all, "--bind", temporary, temporary];
    }

    private static IEnumerable<string> Shut(CageOptions options, IReadOnlyList<string> readable, string file)
    {
        List<string> all = [.. Process, "--dev", "/dev", "--tmpfs", "/tmp"];
        foreach (var place in System.Concat(Own(file)))
            all.AddRange(["--ro-bind-try", place, place]);
        if (options.Graphics)
        {
            all.AddRange(["--ro-bind-try", "/sys", "/sys"]);
            foreach (var device in GraphicsDevices.List())
                all.AddRange(["--dev-bind", device, device]);
        }
        foreach (var folder in readable.Where(Path.Exists))
            all.AddRange(["--ro-bind", folder, folder]);
        // What comes later lies above what came before; a folder that may be written must be there already.
        foreach (var folder in options.Writable)
            all.AddRange(["--bind", Directory.CreateDirectory(folder).FullName, folder]);
        return all;
    }

    // The program with its libraries, and the .NET runtime, wherever they are installed.
    private static IEnumerable<string> Own(string file)
    {
        yield return AppContext.BaseDirectory;
        if (Path.IsPathRooted(file) && Path.GetDirectoryName(file) is { } folder && folder != "/")
            yield return folder;
        if (Assembly.GetAssembly(typeof(object))?.Location is { Length: > 0 } core && Path.GetDirectoryName(core) is { } version)
            yield return Path.GetFullPath(Path.Combine(version, "..", "..", ".."));
    }
}

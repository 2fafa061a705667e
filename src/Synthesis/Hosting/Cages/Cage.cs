using System.Diagnostics;

namespace PerceptionStudy.Synthesis.Hosting.Cages;

/// <summary>Finds out which cage works on this machine, and starts programs in it. The tools are util-linux's and bubblewrap's.</summary>
public static class Cage
{
    private static readonly Lazy<CageKind> Found = new(Probe);

    /// <summary>The closest that works here, found out once by trying.</summary>
    public static CageKind Closest => Found.Value;

    /// <summary>The kind by its name in the setting <c>Worker:Cage</c>; null for <c>auto</c>.</summary>
    /// <exception cref="SynthesisException">There is no such kind, or it does not work here.</exception>
    public static CageKind? Named(string name)
    {
        if (name == "auto")
            return null;
        if (!Enum.TryParse<CageKind>(name, ignoreCase: true, out var kind) || !Enum.IsDefined(kind))
            throw new SynthesisException($"The setting Worker:Cage is {name}; take auto, files, network, limits or open.");
        return kind <= Closest
            ? kind
            : throw new SynthesisException($"The setting Worker:Cage asks for {name}, which does not work on this machine ({Words(Closest)} holds): install bubblewrap and allow user namespaces, or take auto.");
    }

    /// <summary>One line that says what holds, for the log.</summary>
    public static string Words(CageKind kind) => kind switch
    {
        CageKind.Files => $"namespaces of its own for users, files, processes and network,{(SystemCallFilter.Fits ? " a filter of system calls," : "")} and limits on memory, files and processes",
        CageKind.Network => "no network, and limits on memory and files; it can read what this program can read, because bubblewrap is not installed or user namespaces do not let it mount",
        CageKind.Limits => "limits on memory and files; it has the network and the files that this program has, because user namespaces are not to be had here",
        _ => "watched memory and time only; this system has no prlimit",
    };

    /// <summary>The command line that starts a program in a cage.</summary>
    /// <param name="options">What it may reach.</param>
    /// <param name="limits">What it may use.</param>
    /// <param name="temporary">A folder of its own for temporary files.</param>
    /// <param name="file">The program.</param>
    /// <param name="arguments">Its arguments.</param>
    public static (string File, string[] Arguments) Around(CageOptions options, CageLimits limits, string temporary, string file, string[] arguments)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(limits);
        var kind = options.Kind ?? Closest;
        string[] program = kind == CageKind.Open ? [file, .. arguments] : ["prlimit", .. limits.Arguments(ownUsers: kind == CageKind.Files), "--", file, .. arguments];
        string[] all = kind switch
        {
            CageKind.Files => Filtered(temporary, [.. Bubblewrap.Arguments(options, temporary, file), "--", .. program]),
            CageKind.Network => ["unshare", "--user", "--map-current-user", "--net", "--", .. program],
            _ => program,
        };
        return (all[0], all[1..]);
    }

    /// <summary>Bubblewrap reads the filter of system calls from a file that a shell opens for it, and puts it in force last.</summary>
    private static string[] Filtered(string temporary, string[] arguments)
    {
        if (!SystemCallFilter.Fits)
            return ["bwrap", .. arguments];
        var filter = Path.Combine(temporary, "system-calls");
        File.WriteAllBytes(filter, SystemCallFilter.Program());
        return ["/bin/sh", "-c", "exec 9<\"$0\"; exec \"$@\"", filter, "bwrap", "--seccomp", "9", .. arguments];
    }

    private static CageKind Probe()
    {
        if (!OperatingSystem.IsLinux())
            return CageKind.Open;
        var temporary = TemporaryFolders.New();
        try
        {
            foreach (var kind in new[] { CageKind.Files, CageKind.Network, CageKind.Limits })
            {
                var (file, arguments) = Around(new() { Kind = kind, Readable = [], Graphics = false }, new(null), temporary, "/bin/sh", ["-c", "exit 0"]);
                if (Works(file, arguments))
                    return kind;
            }
            return CageKind.Open;
        }
        finally
        {
            TemporaryFolders.Delete(temporary);
        }
    }

    private static bool Works(string file, string[] arguments)
    {
        try
        {
            using var trial = Process.Start(new ProcessStartInfo(file, arguments) { RedirectStandardError = true, RedirectStandardOutput = true, UseShellExecute = false })!;
            if (trial.WaitForExit(TimeSpan.FromSeconds(10)))
                return trial.ExitCode == 0;
            trial.Kill(entireProcessTree: true);
            return false;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false; // It is not installed.
        }
    }
}

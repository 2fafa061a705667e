using System.Globalization;

namespace PerceptionStudy.Synthesis.Hosting.Cages;

/// <summary>A fresh folder for the temporary files of each synthesis host, gone with it.</summary>
internal static class TemporaryFolders
{
    private const string Prefix = "synthesis-host-";

    private static readonly Lazy<bool> Swept = new(Sweep);

    /// <summary>Makes one; at the first call those go that killed programs left behind.</summary>
    public static string New()
    {
        _ = Swept.Value;
        return Directory.CreateTempSubdirectory($"{Prefix}{Environment.ProcessId}-").FullName;
    }

    /// <summary>Deletes one with what is in it.</summary>
    public static void Delete(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The next program that starts tries again.
        }
    }

    private static bool Sweep()
    {
        foreach (var folder in Directory.EnumerateDirectories(Path.GetTempPath(), Prefix + "*").Where(f => OwnerIsGone(Path.GetFileName(f))))
            Delete(folder);
        return true;
    }

    private static bool OwnerIsGone(string name) =>
        OperatingSystem.IsLinux() && int.TryParse(name[Prefix.Length..].Split('-')[0], CultureInfo.InvariantCulture, out var owner) && !Directory.Exists($"/proc/{owner}");
}

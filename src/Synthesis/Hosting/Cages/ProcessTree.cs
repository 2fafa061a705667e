using System.Diagnostics;
using System.Globalization;

namespace PerceptionStudy.Synthesis.Hosting.Cages;

/// <summary>A process with all that it started: in a cage the program is a grandchild.</summary>
internal static class ProcessTree
{
    /// <summary>Resident memory of all of them in bytes.</summary>
    public static long ResidentBytes(Process root)
    {
        root.Refresh();
        return OperatingSystem.IsLinux() ? Of(root.Id).Sum(ResidentBytes) : root.WorkingSet64;
    }

    private static IEnumerable<int> Of(int id)
    {
        yield return id;
        foreach (var child in Read($"/proc/{id}/task/{id}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(c => int.Parse(c, CultureInfo.InvariantCulture)))
            foreach (var below in Of(child))
                yield return below;
    }

    // Second number of statm: resident pages.
    private static long ResidentBytes(int id) =>
        Read($"/proc/{id}/statm").Split(' ') is [_, var pages, ..] ? long.Parse(pages, CultureInfo.InvariantCulture) * Environment.SystemPageSize : 0;

    private static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (IOException)
        {
            return ""; // It ended meanwhile.
        }
    }
}

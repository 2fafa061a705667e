using PerceptionStudy.Server.Data;
using PerceptionStudy.Synthesis.Hosting.Cages;

namespace PerceptionStudy.Server.Models;

/// <summary>The cages of a server's synthesis hosts: all read blobs and what was uploaded, each writes only where its results go; none sees database and keys.</summary>
internal sealed class HostCages(IConfiguration configuration, DataFolder? data, CageKind? kind, bool graphics)
{
    /// <summary>A cage whose host may write into these folders of the data folder.</summary>
    public CageOptions Writing(params string[] folders)
    {
        var open = new CageOptions { Kind = kind, Graphics = graphics };
        if (data is null) return open;
        // Setting Worker:CageFolders: more folders to read, separated as in PATH, where drivers or a runtime lie in an unusual place.
        var more = (configuration["Worker:CageFolders"] ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        string[] server = configuration["Models:ServerFolder"] is { Length: > 0 } models ? [Path.GetFullPath(models)] : [];
        return open with
        {
            Readable = [data.Folder("blobs"), data.Folder("temporary"), data.Folder("uploads"), .. server, .. more],
            Writable = [.. folders.Select(data.Folder)],
        };
    }
}

using PerceptionStudy.Server.Data;

namespace PerceptionStudy.Server.Models;

/// <summary>A model file that lies on the server.</summary>
/// <param name="Path">Its path below the folder.</param>
/// <param name="Bytes">Its length.</param>
public sealed record ServerModelFile(string Path, long Bytes);

/// <summary>
/// Models that need no upload because they lie on the server: in the folder of the setting <c>Models:ServerFolder</c>, and nowhere else.
/// What is registered is copied, so that a file which changes there changes nothing here.
/// </summary>
public sealed class ServerModelFiles(IConfiguration configuration)
{
    private const int Most = 500;

    /// <summary>The folder, or null where the setting is empty and nobody can register files of the server.</summary>
    public string? Folder { get; } = configuration["Models:ServerFolder"] is { Length: > 0 } folder ? Path.GetFullPath(folder) : null;

    /// <summary>The ONNX files in it, at most 500.</summary>
    public IReadOnlyList<ServerModelFile> List() => Folder is null || !Directory.Exists(Folder) ? []
        : [.. Directory.EnumerateFiles(Folder, "*.onnx", new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true, AttributesToSkip = FileAttributes.ReparsePoint })
            .Take(Most).Select(f => new ServerModelFile(Path.GetRelativePath(Folder, f), new FileInfo(f).Length)).OrderBy(f => f.Path, StringComparer.Ordinal)];

    /// <summary>The whole path of a file below the folder.</summary>
    /// <exception cref="RefusedException">There is no folder, or no such file in it.</exception>
    public string Find(string path)
    {
        if (Folder is null) throw new RefusedException("Files of the server cannot be registered here: whoever runs it names their folder by the setting Models:ServerFolder.");
        var whole = Path.GetFullPath(Path.Combine(Folder, path.Trim()));
        if (!IsBelow(whole)) throw new RefusedException($"The file must lie in {Folder}.");
        if (!File.Exists(whole)) throw new RefusedException($"There is no file {path.Trim()} in {Folder}.");
        // A link in the folder may point anywhere; what counts is where the file really lies.
        for (var part = whole; IsBelow(part); part = Path.GetDirectoryName(part)!)
        {
            FileSystemInfo entry = part == whole ? new FileInfo(part) : new DirectoryInfo(part);
            if (entry.ResolveLinkTarget(returnFinalTarget: true) is not null) throw new RefusedException($"{path.Trim()} is a link; name the file itself.");
        }
        return whole;
    }

    private bool IsBelow(string path) => path.StartsWith(Folder!.TrimEnd(Path.DirectorySeparatorChar) + Path.DirectorySeparatorChar, StringComparison.Ordinal);
}

using PerceptionStudy.Server.Data;

namespace PerceptionStudy.Server.Participation;

/// <summary>The folder <c>presented</c>: files as participants get them, each made once. It may be deleted at any time.</summary>
public sealed class PresentedFolder(DataFolder data)
{
    /// <summary>Path of a file, which is made if it is not there.</summary>
    public async Task<string> MakeAsync(string name, Func<Task<byte[]>> content)
    {
        var path = Path.Combine(data.Path, "presented", name);
        if (File.Exists(path)) return path;
        var temporary = data.NewTemporaryPath(Path.GetExtension(name));
        await File.WriteAllBytesAsync(temporary, await content());
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.Move(temporary, path, overwrite: true);
        return path;
    }
}

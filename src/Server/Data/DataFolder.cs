namespace PerceptionStudy.Server.Data;

/// <summary>Where everything lies that is not in the database: setting <c>DataFolder</c>, by default <c>study-data</c> in the current folder.</summary>
public sealed class DataFolder(string path)
{
    public string Path { get; } = System.IO.Path.GetFullPath(path);

    /// <summary>A folder inside, created when asked for.</summary>
    public string Folder(string name) => Directory.CreateDirectory(System.IO.Path.Combine(Path, name)).FullName;

    /// <summary>A path for a file that is being written; on the same volume, so that it can be moved into place at once.</summary>
    public string NewTemporaryPath(string ending = "") => System.IO.Path.Combine(Folder("temporary"), Guid.CreateVersion7().ToString("N") + ending);
}

namespace PerceptionStudy.Server.Admin;

/// <summary>A file that was chosen in the browser, and how far its upload is.</summary>
/// <param name="index">Its number in the choice.</param>
/// <param name="path">Name, with the folders if a folder was chosen.</param>
/// <param name="bytes">Its length.</param>
public sealed class FileOnItsWay(int index, string path, long bytes)
{
    public int Index { get; } = index;
    public string Path { get; } = path;
    public long Bytes { get; } = bytes;

    /// <summary>Bytes that have arrived.</summary>
    public long Sent { get; set; }

    /// <summary>The upload, once it is whole.</summary>
    public Guid? UploadId { get; set; }

    /// <summary>One sentence why it did not arrive, or null.</summary>
    public string? Failure { get; set; }

    public string Name => System.IO.Path.GetFileName(Path);

    /// <summary>0 to 100.</summary>
    public double Percent => Bytes == 0 ? 100 : 100.0 * Sent / Bytes;
}

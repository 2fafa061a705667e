using System.Collections.Concurrent;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Models;
using PerceptionStudy.Synthesis.Hosting;

namespace PerceptionStudy.Server.Stimuli;

/// <summary>Small pictures for galleries: each is made once, when it is first looked at, by the synthesis host, and kept in the data folder.</summary>
public sealed class Thumbnails(BlobStore blobs, DataFolder data, SynthesisHosts hosts)
{
    /// <summary>The longer side; a picture that is not larger needs no thumbnail.</summary>
    public const int SidePixels = 192;

    private readonly ConcurrentDictionary<string, Lazy<Task>> making = new();

    /// <summary>Path of the thumbnail, a JPEG, of a picture that is stored.</summary>
    /// <exception cref="SynthesisException">The picture cannot be read.</exception>
    public async Task<string> PathOfAsync(string sha256)
    {
        var path = Path.Combine(data.Path, "thumbnails", sha256[..2], sha256 + ".jpg");
        if (File.Exists(path)) return path;
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        // A browser that asks twice, or two people, wait for the same making.
        var made = making.GetOrAdd(sha256, _ => new Lazy<Task>(() => MakeAsync(sha256, path)));
        try
        {
            await made.Value;
        }
        finally
        {
            making.TryRemove(new(sha256, made));
        }
        return path;
    }

    private async Task MakeAsync(string sha256, string path) => await hosts.ForPeople.CallAsync<PreparedPicture>(new MakeThumbnail(await blobs.FetchAsync(sha256), path, SidePixels));
}

using System.Collections.Concurrent;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Models;
using PerceptionStudy.Synthesis.Hosting;

namespace PerceptionStudy.Server.Stimuli;

/// <summary>Small pictures for galleries, and drawings of sounds: each is made once, when it is first looked at, by the synthesis host, and kept in the data folder.</summary>
public sealed class Thumbnails(BlobStore blobs, DataFolder data, SynthesisHosts hosts)
{
    /// <summary>The longer side; a picture that is not larger needs no thumbnail.</summary>
    public const int SidePixels = 192;

    private readonly ConcurrentDictionary<string, Lazy<Task>> making = new();

    /// <summary>Path of the thumbnail, a JPEG, of a picture that is stored.</summary>
    /// <exception cref="SynthesisException">The picture cannot be read.</exception>
    public async Task<string> PathOfAsync(string sha256)
    {
        var path = Place(sha256) + ".jpg";
        if (!File.Exists(path)) await MakeAsync(sha256, async () => await hosts.ForPeople.CallAsync<PreparedPicture>(new MakeThumbnail(await blobs.FetchAsync(sha256), path, SidePixels)));
        return path;
    }

    /// <summary>Path of a drawing, a PNG, of a sound that is stored: <c>waveform</c> or <c>spectrogram</c>. Both are made together.</summary>
    /// <exception cref="SynthesisException">The sound cannot be read.</exception>
    public async Task<string> OfSoundAsync(string sha256, string drawing)
    {
        string Drawing(string kind) => $"{Place(sha256)}-{kind}.png";
        if (!File.Exists(Drawing(drawing))) await MakeAsync(sha256, async () => await hosts.ForPeople.CallAsync<PreparedSound>(new ReadSound(await blobs.FetchAsync(sha256), null, Drawing("waveform"), Drawing("spectrogram"))));
        return Drawing(drawing);
    }

    private string Place(string sha256) => Path.Combine(Directory.CreateDirectory(Path.Combine(data.Path, "thumbnails", sha256[..2])).FullName, sha256);

    // A browser that asks twice, or two people, wait for the same making.
    private async Task MakeAsync(string sha256, Func<Task> make)
    {
        var made = making.GetOrAdd(sha256, _ => new Lazy<Task>(make));
        try
        {
            await made.Value;
        }
        finally
        {
            making.TryRemove(new(sha256, made));
        }
    }
}

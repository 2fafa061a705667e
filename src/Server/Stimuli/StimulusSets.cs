using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Models;
using PerceptionStudy.Synthesis.Hosting;

namespace PerceptionStudy.Server.Stimuli;

/// <summary>What came of an upload.</summary>
/// <param name="Added">Pictures that are in the set now.</param>
/// <param name="LeftOut">What is not, and why.</param>
/// <param name="Elsewhere">Of those added, how many are in other sets too, by the names of those.</param>
public sealed record PicturesAdded(int Added, IReadOnlyList<LeftOut> LeftOut, IReadOnlyDictionary<string, int> Elsewhere);

/// <summary>Sets of pictures: made, filled, corrected, deleted. Uploaded files are only decoded in the synthesis host.</summary>
public sealed class StimulusSets(
    IDbContextFactory<StudyDb> databases, BlobStore blobs, DataFolder data, SynthesisHosts hosts, IOptions<UploadLimits> limits, TimeProvider clock)
{
    /// <exception cref="RefusedException">The name is empty or taken.</exception>
    public async Task<StimulusSet> CreateAsync(
        string name, StimulusKind kind = StimulusKind.Natural, int? sidePixels = null, string? licence = null, string? source = null, CancellationToken cancel = default)
    {
        if (sidePixels is < 16 or > 4096) throw new RefusedException("The side of the pictures must be between 16 and 4096 pixels.");
        await using var db = await databases.CreateDbContextAsync(cancel);
        var set = new StimulusSet
        {
            Id = Guid.CreateVersion7(),
            Name = await FreeNameAsync(db, name, null, cancel),
            Kind = kind,
            SidePixels = sidePixels,
            Licence = Text(licence),
            Source = Text(source),
            CreatedAt = clock.GetUtcNow(),
        };
        db.StimulusSets.Add(set);
        await db.SaveChangesAsync(cancel);
        return set;
    }

    /// <exception cref="RefusedException">The name is empty or taken.</exception>
    public async Task DescribeAsync(Guid setId, string name, string? licence, string? source, CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var set = await db.StimulusSets.FirstAsync(s => s.Id == setId, cancel);
        set.Name = await FreeNameAsync(db, name, setId, cancel);
        (set.Licence, set.Source) = (Text(licence), Text(source));
        await db.SaveChangesAsync(cancel);
    }

    /// <summary>A batch to which the files of one upload are added; its folder goes with it.</summary>
    public PictureUpload BeginUpload(Guid setId) => new(this, setId, data.NewTemporaryPath(), new UploadSizes(limits.Value.PictureMegabytes * 1024L * 1024, 4L * limits.Value.ArchiveMegabytes * 1024 * 1024));

    /// <summary>Takes the pictures in one by one: a bad one is named and left out, the others go on.</summary>
    public async Task<PicturesAdded> AddAsync(
        Guid setId, IReadOnlyList<BatchPicture> pictures, IEnumerable<LeftOut> alreadyLeftOut, IProgress<int>? done = null, CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var set = await db.StimulusSets.AsNoTracking().FirstAsync(s => s.Id == setId, cancel);
        var known = await db.Stimuli.Where(s => s.SetId == setId).ToDictionaryAsync(s => s.Sha256, s => s.Name, cancel);
        var leftOut = new List<LeftOut>(alreadyLeftOut);
        var added = new List<string>();
        for (var i = 0; i < pictures.Count; i++)
        {
            var picture = pictures[i];
            if (picture.Category is null)
            {
                leftOut.Add(new LeftOut(picture.Entry, "It has no category: choose one for the upload, add a labels.csv, or take a folder or zip with one folder per category."));
                continue;
            }
            try
            {
                var stimulus = await PrepareAsync(set, picture, cancel);
                if (known.TryGetValue(stimulus.Sha256, out var twin))
                {
                    leftOut.Add(new LeftOut(picture.Entry, $"The same picture is in the set already, as “{twin}”."));
                    continue;
                }
                known[stimulus.Sha256] = stimulus.Name;
                db.Stimuli.Add(stimulus);
                await db.SaveChangesAsync(cancel);
                added.Add(stimulus.Sha256);
            }
            catch (SynthesisException e)
            {
                leftOut.Add(new LeftOut(picture.Entry, e.Message.Replace(picture.Path, "The file").Replace(Path.GetFileName(picture.Path), "the file")));
            }
            done?.Report(i + 1);
        }
        return new PicturesAdded(added.Count, leftOut, await ElsewhereAsync(db, setId, added, cancel));
    }

    /// <summary>Says a licence or source for one picture, where it differs from the set's; empty for the set's.</summary>
    public async Task DescribeStimulusAsync(Guid stimulusId, string? licence, string? source, CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var stimulus = await db.Stimuli.FirstOrDefaultAsync(s => s.Id == stimulusId, cancel) ?? throw new RefusedException("This picture is gone: load the page again.");
        (stimulus.Licence, stimulus.Source) = (Text(licence), Text(source));
        await db.SaveChangesAsync(cancel);
    }

    private static async Task<Dictionary<string, int>> ElsewhereAsync(StudyDb db, Guid setId, List<string> added, CancellationToken cancel)
    {
        var found = new Dictionary<string, int>();
        foreach (var part in added.Chunk(500))
        {
            foreach (var set in await db.Stimuli.Where(s => s.SetId != setId && part.Contains(s.Sha256)).Join(db.StimulusSets, s => s.SetId, set => set.Id, (_, set) => set.Name)
                .GroupBy(name => name).Select(g => new { g.Key, Count = g.Count() }).ToListAsync(cancel))
                found[set.Key] = found.GetValueOrDefault(set.Key) + set.Count;
        }
        return found;
    }

    /// <exception cref="RefusedException">Something was made from the picture, or showed it.</exception>
    public async Task DeleteStimulusAsync(Guid stimulusId, CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await DeleteUnusedAsync(db, await db.Stimuli.FindAsync([stimulusId], cancel), "This picture is in use: a campaign, an instant look, a metamer or a participant's trial names it, so it stays.", cancel);
    }

    /// <exception cref="RefusedException">Something was made from a picture of the set, or showed one.</exception>
    public async Task DeleteAsync(Guid setId, CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await DeleteUnusedAsync(db, await db.StimulusSets.FindAsync([setId], cancel), "This set is in use: a campaign, an instant look, a metamer or a participant's trial names its pictures. Delete the campaigns and looks first; what people have seen stays.", cancel);
    }

    // The database knows every reference, also those of features further down; it refuses, and we say so.
    private static async Task DeleteUnusedAsync(StudyDb db, object? row, string refusal, CancellationToken cancel)
    {
        if (row is null) return;
        db.Remove(row);
        try
        {
            await db.SaveChangesAsync(cancel);
        }
        catch (DbUpdateException e)
        {
            throw new RefusedException(refusal, e);
        }
    }

    private async Task<Stimulus> PrepareAsync(StimulusSet set, BatchPicture picture, CancellationToken cancel)
    {
        var (sha256, size) = await KeepAsync(picture.Path, set.SidePixels, cancel);
        return new Stimulus
        {
            Id = Guid.CreateVersion7(),
            SetId = set.Id,
            Name = Path.GetFileNameWithoutExtension(picture.FileName),
            Category = picture.Category!,
            Licence = picture.Licence,
            Source = picture.Source,
            Sha256 = sha256,
            MediaType = "image/png",
            Width = size.Width,
            Height = size.Height,
            CreatedAt = clock.GetUtcNow(),
        };
    }

    /// <summary>Turns a file into the PNG that is kept, and stores it.</summary>
    /// <exception cref="SynthesisException">It is no picture that can be read.</exception>
    internal async Task<(string Sha256, PreparedPicture Size)> KeepAsync(string path, int? sidePixels, CancellationToken cancel)
    {
        var prepared = data.NewTemporaryPath(".png");
        try
        {
            var size = await hosts.ForPeople.CallAsync<PreparedPicture>(new PreparePicture(path, prepared, sidePixels, sidePixels), cancel: cancel);
            return (await blobs.StoreFileAsync(prepared, cancel), size);
        }
        finally
        {
            File.Delete(prepared);
        }
    }

    private static async Task<string> FreeNameAsync(StudyDb db, string name, Guid? own, CancellationToken cancel)
    {
        name = name.Trim();
        if (name.Length is 0 or > 100) throw new RefusedException("Please give the set a name of at most 100 characters.");
        if (await db.StimulusSets.AnyAsync(s => s.Name == name && s.Id != own, cancel)) throw new RefusedException($"Another set is called “{name}”: please choose another name.");
        return name;
    }

    private static string? Text(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}

/// <summary>The files of one upload on their way into a set.</summary>
public sealed class PictureUpload : IDisposable
{
    private readonly StimulusSets sets;
    private readonly Guid setId;
    private readonly DirectoryInfo folder;

    internal PictureUpload(StimulusSets sets, Guid setId, string path, UploadSizes sizes)
    {
        (this.sets, this.setId) = (sets, setId);
        folder = Directory.CreateDirectory(path);
        Batch = new PictureBatch(path, sizes);
    }

    public PictureBatch Batch { get; }

    /// <summary>Moves a file that has arrived into the batch.</summary>
    /// <param name="uploads">Where it arrived.</param>
    /// <param name="id">Which one; it must be whole.</param>
    /// <param name="entry">Its name, with the folders if a folder was chosen.</param>
    public async Task TakeAsync(Uploads uploads, Guid id, string entry)
    {
        await using (var content = File.OpenRead(uploads.PathOf(id))) await Batch.AddAsync(entry, content);
        uploads.Delete(id);
    }

    public Task<PicturesAdded> FinishAsync(string? category, IProgress<int>? done = null, CancellationToken cancel = default) =>
        sets.AddAsync(setId, [.. Batch.Pictures(category)], Batch.LeftOut, done, cancel);

    public void Dispose() => folder.Delete(recursive: true);
}

using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Models;
using PerceptionStudy.Synthesis.Hosting;

namespace PerceptionStudy.Server.Stimuli;

/// <summary>What came of an upload.</summary>
/// <param name="Added">Stimuli that are in the set now.</param>
/// <param name="LeftOut">What is not, and why.</param>
/// <param name="Elsewhere">Of those added, how many are in other sets too, by the names of those.</param>
/// <param name="Notes">What had to be done to some of those added: sounds whose level had to be lowered.</param>
public sealed record StimuliAdded(int Added, IReadOnlyList<LeftOut> LeftOut, IReadOnlyDictionary<string, int> Elsewhere, IReadOnlyList<FileNote> Notes);

/// <summary>What had to be done to a file, in a sentence.</summary>
public sealed record FileNote(string FileName, string Sentence);

/// <summary>A stimulus as it is kept.</summary>
internal sealed record KeptFile(string Sha256, string MediaType, int Width, int Height, SoundFacts? Sound);

/// <summary>Sets of pictures or sounds: made, filled, corrected, deleted. Uploaded files are only decoded in the synthesis host.</summary>
public sealed class StimulusSets(
    IDbContextFactory<StudyDb> databases, BlobStore blobs, DataFolder data, SynthesisHosts hosts, IOptions<UploadLimits> limits, TimeProvider clock)
{
    /// <exception cref="RefusedException">The name is empty or taken, or the form of the stimuli makes no sense.</exception>
    public async Task<StimulusSet> CreateAsync(
        string name, StimulusKind kind = StimulusKind.Natural, int? sidePixels = null, string? licence = null, string? source = null,
        StimulusMedium medium = StimulusMedium.Picture, SoundForm? soundForm = null, CancellationToken cancel = default)
    {
        if (sidePixels is < 16 or > 4096) throw new RefusedException("The side of the pictures must be between 16 and 4096 pixels.");
        if (medium == StimulusMedium.Sound ? sidePixels is not null : soundForm is not null) throw new RefusedException("A side in pixels is for sets of pictures, a form of sounds for sets of sounds.");
        soundForm?.Check();
        await using var db = await databases.CreateDbContextAsync(cancel);
        var set = new StimulusSet
        {
            Id = Guid.CreateVersion7(),
            Name = await FreeNameAsync(db, name, null, cancel),
            Kind = kind,
            Medium = medium,
            SidePixels = sidePixels,
            SoundForm = soundForm,
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
    public StimulusUpload BeginUpload(Guid setId, StimulusMedium medium = StimulusMedium.Picture) => new(this, setId, data.NewTemporaryPath(), Sizes(medium), medium);

    /// <summary>The same for files whose set is made later, pictures or sounds.</summary>
    public StimulusUpload BeginImport() => new(this, default, data.NewTemporaryPath(), Sizes(StimulusMedium.Sound), null);

    private UploadSizes Sizes(StimulusMedium medium) =>
        new((medium == StimulusMedium.Sound ? limits.Value.SoundMegabytes : limits.Value.PictureMegabytes) * 1024L * 1024, 4L * limits.Value.ArchiveMegabytes * 1024 * 1024);

    /// <summary>Takes the files in one by one: a bad one is named and left out, the others go on.</summary>
    public async Task<StimuliAdded> AddAsync(
        Guid setId, IReadOnlyList<BatchFile> files, IEnumerable<LeftOut> alreadyLeftOut, IProgress<int>? done = null, CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var set = await db.StimulusSets.AsNoTracking().FirstAsync(s => s.Id == setId, cancel);
        var known = await db.Stimuli.Where(s => s.SetId == setId).ToDictionaryAsync(s => s.Sha256, s => s.Name, cancel);
        var leftOut = new List<LeftOut>(alreadyLeftOut);
        var (added, notes) = (new List<string>(), new List<FileNote>());
        for (var i = 0; i < files.Count; i++)
        {
            var file = files[i];
            if (file.Category is null)
            {
                leftOut.Add(new LeftOut(file.Entry, "It has no category: choose one for the upload, add a labels.csv, or take a folder or zip with one folder per category."));
                continue;
            }
            try
            {
                var stimulus = await PrepareAsync(set, file, cancel);
                if (known.TryGetValue(stimulus.Sha256, out var twin))
                {
                    leftOut.Add(new LeftOut(file.Entry, $"The same {set.Medium.One()} is in the set already, as “{twin}”."));
                    continue;
                }
                known[stimulus.Sha256] = stimulus.Name;
                db.Stimuli.Add(stimulus);
                await db.SaveChangesAsync(cancel);
                added.Add(stimulus.Sha256);
                if (stimulus.Sound?.Note is { } note) notes.Add(new FileNote(file.Entry, note));
            }
            catch (SynthesisException e)
            {
                leftOut.Add(new LeftOut(file.Entry, SentenceOf(e, file)));
            }
            done?.Report(i + 1);
        }
        return new StimuliAdded(added.Count, leftOut, await ElsewhereAsync(db, setId, added, cancel), notes);
    }

    // The person knows the file by its name, not by the number under which it lies.
    internal static string SentenceOf(SynthesisException refusal, BatchFile file)
    {
        var sentence = refusal.Message.Replace(file.Path, "The file").Replace(Path.GetFileName(file.Path), "the file");
        return char.ToUpperInvariant(sentence[0]) + sentence[1..];
    }

    /// <summary>Says a licence or source for one stimulus, where it differs from the set's; empty for the set's.</summary>
    public async Task DescribeStimulusAsync(Guid stimulusId, string? licence, string? source, CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var stimulus = await db.Stimuli.FirstOrDefaultAsync(s => s.Id == stimulusId, cancel) ?? throw new RefusedException("This stimulus is gone: load the page again.");
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

    /// <exception cref="RefusedException">Something was made from the stimulus, or showed it.</exception>
    public async Task DeleteStimulusAsync(Guid stimulusId, CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await DeleteUnusedAsync(db, await db.Stimuli.FindAsync([stimulusId], cancel), "This stimulus is in use: a campaign, an instant look, a metamer or a participant's trial names it, so it stays.", cancel);
    }

    /// <exception cref="RefusedException">Something was made from a stimulus of the set, or showed one.</exception>
    public async Task DeleteAsync(Guid setId, CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await DeleteUnusedAsync(db, await db.StimulusSets.FindAsync([setId], cancel), "This set is in use: a campaign, an instant look, a metamer or a participant's trial names its stimuli. Delete the campaigns and looks first; what people have seen stays.", cancel);
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

    private async Task<Stimulus> PrepareAsync(StimulusSet set, BatchFile file, CancellationToken cancel)
    {
        var kept = await KeepAsync(file.Path, set.Medium, set.SidePixels, set.SoundForm, cancel);
        return new Stimulus
        {
            Id = Guid.CreateVersion7(),
            SetId = set.Id,
            Name = Path.GetFileNameWithoutExtension(file.FileName),
            Category = file.Category!,
            Licence = file.Licence,
            Source = file.Source,
            Sha256 = kept.Sha256,
            MediaType = kept.MediaType,
            Width = kept.Width,
            Height = kept.Height,
            Sound = kept.Sound,
            CreatedAt = clock.GetUtcNow(),
        };
    }

    /// <summary>Turns a file into the PNG or WAV that is kept, and stores it. Without a form a sound is kept as it is.</summary>
    /// <exception cref="SynthesisException">It is no picture or sound that can be read.</exception>
    internal async Task<KeptFile> KeepAsync(string path, StimulusMedium medium, int? sidePixels, SoundForm? form, CancellationToken cancel)
    {
        var prepared = data.NewTemporaryPath(StimulusFormats.EndingOf(medium));
        try
        {
            if (medium == StimulusMedium.Sound)
            {
                SynthesisRequest request = form is null ? new ReadSound(path, prepared) : new PrepareSound(path, prepared, form.RateHz, form.Samples, form.Rms);
                var sound = await hosts.ForPeople.CallAsync<PreparedSound>(request, cancel: cancel);
                return new KeptFile(await blobs.StoreFileAsync(prepared, cancel), "audio/wav", 0, 0, SoundFacts.Of(sound));
            }
            var size = await hosts.ForPeople.CallAsync<PreparedPicture>(new PreparePicture(path, prepared, sidePixels, sidePixels), cancel: cancel);
            return new KeptFile(await blobs.StoreFileAsync(prepared, cancel), "image/png", size.Width, size.Height, null);
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
public sealed class StimulusUpload : IDisposable
{
    private readonly StimulusSets sets;
    private readonly Guid setId;
    private readonly DirectoryInfo folder;

    internal StimulusUpload(StimulusSets sets, Guid setId, string path, UploadSizes sizes, StimulusMedium? medium)
    {
        (this.sets, this.setId) = (sets, setId);
        folder = Directory.CreateDirectory(path);
        Batch = new StimulusBatch(path, sizes, medium);
    }

    public StimulusBatch Batch { get; }

    /// <summary>Moves a file that has arrived into the batch.</summary>
    /// <param name="uploads">Where it arrived.</param>
    /// <param name="id">Which one; it must be whole.</param>
    /// <param name="entry">Its name, with the folders if a folder was chosen.</param>
    public async Task TakeAsync(Uploads uploads, Guid id, string entry)
    {
        await using (var content = File.OpenRead(uploads.PathOf(id))) await Batch.AddAsync(entry, content);
        uploads.Delete(id);
    }

    public Task<StimuliAdded> FinishAsync(string? category, IProgress<int>? done = null, CancellationToken cancel = default) =>
        sets.AddAsync(setId, [.. Batch.Files(category)], Batch.LeftOut, done, cancel);

    public void Dispose() => folder.Delete(recursive: true);
}

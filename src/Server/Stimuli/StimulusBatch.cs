using System.IO.Compression;
using CsvHelper;

namespace PerceptionStudy.Server.Stimuli;

/// <summary>One picture or sound of an upload.</summary>
/// <param name="Entry">Its path as uploaded: with folders where a folder or a zip was chosen.</param>
/// <param name="Category">The category that the upload gives it; null if it gives none.</param>
/// <param name="Path">Where its bytes lie.</param>
/// <param name="Licence">Its own licence, from a list of labels.</param>
/// <param name="Source">Its own source, from a list of labels.</param>
public sealed record BatchFile(string Entry, string? Category, string Path, string? Licence = null, string? Source = null)
{
    public string FileName => System.IO.Path.GetFileName(Entry);
}

/// <summary>Something in an upload that was left out, and why.</summary>
public sealed record LeftOut(string FileName, string Sentence);

/// <summary>
/// Takes an upload apart into single pictures or sounds and what is said of them. The category comes from, in this order: the line of a CSV with the
/// columns <c>file,category</c> (and <c>licence</c>, <c>source</c> if wanted) in the same upload, the file's folder, the category chosen for
/// the batch. Names never become paths here: every file gets a number.
/// </summary>
/// <param name="folder">Where the files lie meanwhile.</param>
/// <param name="sizes">How large they may be.</param>
/// <param name="medium">What is wanted; null for either.</param>
public sealed class StimulusBatch(string folder, UploadSizes sizes, StimulusMedium? medium = StimulusMedium.Picture)
{
    private const int MostFiles = 20_000;

    private readonly Dictionary<string, Label> labels = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<BatchFile> files = [];
    private int number;
    private long unpacked;

    public List<LeftOut> LeftOut { get; } = [];

    /// <summary>Adds one uploaded file: a picture or sound, a zip of them, or a list of labels.</summary>
    /// <param name="entry">Its name, with the folders if a folder was chosen.</param>
    /// <param name="content">Its bytes.</param>
    /// <param name="cancel">Cancels.</param>
    public async Task AddAsync(string entry, Stream content, CancellationToken cancel = default)
    {
        var path = NewPath();
        await using (var target = File.Create(path)) await content.CopyToAsync(target, cancel);
        if (IsOfTheSystem(entry)) return;
        switch (Path.GetExtension(entry).ToLowerInvariant())
        {
            case ".zip": await OpenZipAsync(entry, path, cancel); break;
            case ".csv": ReadLabels(entry, await File.ReadAllTextAsync(path, cancel)); break;
            default: Add(entry, path); break;
        }
    }

    /// <summary>The pictures or sounds with what is said of them, once all files are added.</summary>
    public IEnumerable<BatchFile> Files(string? categoryOfBatch)
    {
        var chosen = Clean(categoryOfBatch);
        return files.Select(f => LabelOf(f.Entry) is { } label
            ? f with { Category = label.Category ?? f.Category ?? chosen, Licence = label.Licence, Source = label.Source }
            : f with { Category = f.Category ?? chosen });
    }

    /// <summary>A category as it is kept: without blanks around it; null if nothing is left.</summary>
    public static string? Clean(string? category) => category?.Trim() is { Length: > 0 and <= 60 } kept ? kept : null;

    /// <summary>The folder that a file lies in, as its category.</summary>
    public static string? FolderOf(string entry) => entry.Split('/', '\\') is [.., var parent, _] ? Clean(parent) : null;

    private void Add(string entry, string path)
    {
        var found = StimulusFormats.MediumOf(entry);
        if (found is not null && (medium is null || found == medium)) files.Add(new BatchFile(entry.Replace('\\', '/'), FolderOf(entry), path));
        else LeftOut.Add(new LeftOut(entry, medium switch
        {
            StimulusMedium.Picture => $"It is neither a picture ({StimulusFormats.PictureWords}) nor a list of labels (CSV).",
            StimulusMedium.Sound => $"It is neither a sound ({StimulusFormats.SoundWords}) nor a list of labels (CSV).",
            _ => $"It is neither a picture ({StimulusFormats.PictureWords}) nor a sound ({StimulusFormats.SoundWords}).",
        }));
    }

    private async Task OpenZipAsync(string fileName, string path, CancellationToken cancel)
    {
        try
        {
            await using var zip = await ZipFile.OpenReadAsync(path, cancel);
            if (zip.Entries.Count > MostFiles)
            {
                LeftOut.Add(new LeftOut(fileName, $"The archive holds {zip.Entries.Count:N0} files; at most {MostFiles:N0} can be taken at a time."));
                return;
            }
            foreach (var entry in zip.Entries)
            {
                // Folders have no name.
                if (entry.Name.Length == 0 || IsOfTheSystem(entry.FullName)) continue;
                if (Refusal(entry) is { } sentence) LeftOut.Add(new LeftOut(entry.FullName, sentence));
                else if (!await TakeEntryAsync(entry, cancel)) return;
            }
        }
        catch (InvalidDataException)
        {
            LeftOut.Add(new LeftOut(fileName, "This is no readable zip archive, or a part of it is damaged."));
        }
    }

    private static string? Refusal(ZipArchiveEntry entry)
    {
        if (Path.IsPathRooted(entry.FullName) || entry.FullName.Split('/', '\\').Contains("..")) return "Its name leads out of the archive, so it was not unpacked.";
        if (entry.IsEncrypted) return "It is locked by a password: unpack it first.";
        return Path.GetExtension(entry.Name).ToLowerInvariant() is ".zip" or ".7z" or ".rar" or ".gz" or ".tar" ? "It is an archive inside the archive: unpack it first." : null;
    }

    // False when no more can be taken.
    private async Task<bool> TakeEntryAsync(ZipArchiveEntry entry, CancellationToken cancel)
    {
        var target = NewPath();
        await using (var source = await entry.OpenAsync(cancel))
        await using (var file = File.Create(target))
        {
            // An entry's stated length can lie, so the bytes are counted as they come.
            var buffer = new byte[81920];
            int read;
            while ((read = await source.ReadAsync(buffer, cancel)) > 0)
            {
                if (file.Length + read > sizes.FileBytes)
                {
                    LeftOut.Add(new LeftOut(entry.FullName, $"The file is larger than {sizes.FileBytes >> 20} MB."));
                    return true;
                }
                if ((unpacked += read) > sizes.UnpackedBytes)
                {
                    LeftOut.Add(new LeftOut(entry.FullName, $"The archive unpacks to more than {sizes.UnpackedBytes >> 20} MB; this file and what follows it were left out."));
                    return false;
                }
                await file.WriteAsync(buffer.AsMemory(0, read), cancel);
            }
        }
        if (entry.Name.EndsWith(".csv", StringComparison.OrdinalIgnoreCase)) ReadLabels(entry.FullName, await File.ReadAllTextAsync(target, cancel));
        else if (!entry.Name.EndsWith(".txt", StringComparison.OrdinalIgnoreCase) && !entry.Name.EndsWith(".json", StringComparison.OrdinalIgnoreCase)) Add(entry.FullName, target);
        return true;
    }

    private void ReadLabels(string fileName, string text)
    {
        using var reader = CsvReader.FromText(text, new CsvReaderOptions { TrimWhitespace = true });
        if (!reader.Headers.Contains("file") || !reader.Headers.Contains("category"))
        {
            LeftOut.Add(new LeftOut(fileName, "A list of labels begins with the line file,category."));
            return;
        }
        var (hasLicence, hasSource) = (reader.Headers.Contains("licence"), reader.Headers.Contains("source"));
        while (reader.Read())
        {
            if (reader.GetString("file") is not { Length: > 0 } file) continue;
            labels[file.Replace('\\', '/')] = new Label(Clean(reader.GetString("category")), hasLicence ? Text(reader.GetString("licence")) : null, hasSource ? Text(reader.GetString("source")) : null);
        }

        static string? Text(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
    }

    // A list may name a file by its whole path, by the end of it, or by its name, with the ending or without.
    private Label? LabelOf(string entry)
    {
        for (var rest = entry; ; rest = rest[(rest.IndexOf('/') + 1)..])
        {
            if (labels.TryGetValue(rest, out var label) || labels.TryGetValue(Path.ChangeExtension(rest, null), out label)) return label;
            if (!rest.Contains('/')) return null;
        }
    }

    // What macOS and Windows add by themselves.
    private static bool IsOfTheSystem(string entry) =>
        entry.StartsWith("__MACOSX/", StringComparison.Ordinal) || Path.GetFileName(entry) is ['.', ..] or "Thumbs.db" or "desktop.ini";

    private string NewPath() => Path.Combine(folder, (number++).ToString("D6"));

    private sealed record Label(string? Category, string? Licence, string? Source);
}

/// <summary>How large the parts of an upload may be.</summary>
/// <param name="FileBytes">One picture or sound.</param>
/// <param name="UnpackedBytes">All that an upload's archives unpack to.</param>
public sealed record UploadSizes(long FileBytes, long UnpackedBytes);

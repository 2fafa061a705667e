using System.IO.Compression;
using CsvHelper;

namespace PerceptionStudy.Server.Stimuli;

/// <summary>One picture of an upload, with the category that the upload gives it; null if it gives none.</summary>
public sealed record BatchPicture(string FileName, string? Category, string Path);

/// <summary>Something in an upload that was left out, and why.</summary>
public sealed record LeftOut(string FileName, string Sentence);

/// <summary>
/// Takes an upload apart into single pictures and their categories. The category comes from, in this order: the line of a
/// <c>labels.csv</c> (<c>file,category</c>) in the same upload, the picture's folder in a zip, the category chosen for the batch.
/// </summary>
public sealed class PictureBatch(string folder, int pictureMegabytes)
{
    private const int MostPictures = 20_000;
    private readonly Dictionary<string, string> labels = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<BatchPicture> pictures = [];
    private int number;

    public List<LeftOut> LeftOut { get; } = [];

    /// <summary>Adds one uploaded file: a picture, a zip of pictures, or labels.csv.</summary>
    public async Task AddAsync(string fileName, Stream content, CancellationToken cancel = default)
    {
        var path = NewPath();
        await using (var target = File.Create(path)) await content.CopyToAsync(target, cancel);
        switch (Path.GetExtension(fileName).ToLowerInvariant())
        {
            case ".zip": await OpenZipAsync(fileName, path, cancel); break;
            case ".csv": ReadLabels(fileName, await File.ReadAllTextAsync(path, cancel)); break;
            default: pictures.Add(new BatchPicture(Path.GetFileName(fileName), null, path)); break;
        }
    }

    /// <summary>The pictures with their categories, once all files are added.</summary>
    public IEnumerable<BatchPicture> Pictures(string? categoryOfBatch)
    {
        var chosen = Clean(categoryOfBatch);
        return pictures.Select(p => p with
        {
            Category = labels.GetValueOrDefault(p.FileName) ?? labels.GetValueOrDefault(Path.GetFileNameWithoutExtension(p.FileName)) ?? p.Category ?? chosen,
        });
    }

    /// <summary>A category as it is kept: without blanks around it; null if nothing is left.</summary>
    public static string? Clean(string? category) => category?.Trim() is { Length: > 0 and <= 60 } kept ? kept : null;

    private async Task OpenZipAsync(string fileName, string path, CancellationToken cancel)
    {
        try
        {
            await using var zip = await ZipFile.OpenReadAsync(path, cancel);
            if (zip.Entries.Count > MostPictures)
            {
                LeftOut.Add(new LeftOut(fileName, $"The archive holds {zip.Entries.Count:N0} files; at most {MostPictures:N0} can be taken at a time."));
                return;
            }
            foreach (var entry in zip.Entries)
            {
                // Folders, and what macOS and Windows add by themselves.
                if (entry.Name.Length == 0 || entry.Name.StartsWith('.') || entry.Name == "Thumbs.db" || entry.FullName.StartsWith("__MACOSX/", StringComparison.Ordinal)) continue;
                await TakeEntryAsync(entry, cancel);
            }
        }
        catch (InvalidDataException)
        {
            LeftOut.Add(new LeftOut(fileName, "This is no readable zip archive."));
        }
    }

    private async Task TakeEntryAsync(ZipArchiveEntry entry, CancellationToken cancel)
    {
        var target = NewPath();
        await using (var source = await entry.OpenAsync(cancel))
        await using (var file = File.Create(target))
        {
            // An entry's stated length can lie, so the bytes are counted as they come.
            var (buffer, limit) = (new byte[81920], pictureMegabytes * 1024L * 1024);
            int read;
            while ((read = await source.ReadAsync(buffer, cancel)) > 0)
            {
                if (file.Length + read > limit)
                {
                    LeftOut.Add(new LeftOut(entry.FullName, $"The file is larger than {pictureMegabytes} MB."));
                    return;
                }
                await file.WriteAsync(buffer.AsMemory(0, read), cancel);
            }
        }
        if (entry.Name.EndsWith(".csv", StringComparison.OrdinalIgnoreCase))
        {
            ReadLabels(entry.FullName, await File.ReadAllTextAsync(target, cancel));
            return;
        }
        var folders = entry.FullName.Split('/', '\\')[..^1];
        pictures.Add(new BatchPicture(entry.Name, Clean(folders.LastOrDefault()), target));
    }

    private void ReadLabels(string fileName, string text)
    {
        using var reader = CsvReader.FromText(text, new CsvReaderOptions { TrimWhitespace = true });
        if (!reader.Headers.Contains("file") || !reader.Headers.Contains("category"))
        {
            LeftOut.Add(new LeftOut(fileName, "A list of labels begins with the line file,category."));
            return;
        }
        while (reader.Read())
        {
            if (Clean(reader.GetString("category")) is { } category) labels[Path.GetFileName(reader.GetString("file"))] = category;
        }
    }

    private string NewPath() => Path.Combine(folder, (number++).ToString("D6"));
}

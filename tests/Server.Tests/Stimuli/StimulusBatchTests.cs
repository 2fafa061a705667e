using System.IO.Compression;
using System.Text;
using PerceptionStudy.Server.Stimuli;
using PerceptionStudy.Synthesis.Tests;

namespace PerceptionStudy.Server.Tests.Stimuli;

public sealed class StimulusBatchTests : IDisposable
{
    private readonly TestFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_category_comes_from_the_list_then_from_the_folder_then_from_the_form()
    {
        var batch = Batch();
        await AddAsync(batch, "set/cat/1.png");
        await AddAsync(batch, "set/dog/1.png");
        await AddAsync(batch, "2.jpg");
        await AddAsync(batch, "3.webp");
        await AddAsync(batch, "labels.csv", "file,category,licence,source\ndog/1.png,wolf,CC0,\n3,fox,,a book\n");
        Assert.Equal(
            [("set/cat/1.png", "cat", null, null), ("set/dog/1.png", "wolf", "CC0", null), ("2.jpg", "bear", null, null), ("3.webp", "fox", null, "a book")],
            batch.Files(" bear ").Select(p => (p.Entry, p.Category, p.Licence, p.Source)));
        Assert.Null(batch.Files(null).Single(p => p.Entry == "2.jpg").Category);
        Assert.Empty(batch.LeftOut);
    }

    [Fact]
    public async Task A_zip_gives_its_pictures_and_a_sentence_for_what_it_should_not_hold()
    {
        var batch = Batch();
        await AddZipAsync(batch, ("cat/1.png", "a"), ("../../etc/cron.d/x.png", "b"), ("/root/y.png", "c"), ("cat\\..\\..\\z.png", "d"), ("inner.zip", "e"), ("cat/movie.mp4", "f"),
            ("README.txt", "g"), ("__MACOSX/cat/._1.png", "h"), ("cat/.DS_Store", "i"), ("cat/", ""));
        Assert.Equal(["cat/1.png"], batch.Files(null).Select(p => p.Entry));
        Assert.Equal(
            [
                ("../../etc/cron.d/x.png", "Its name leads out of the archive, so it was not unpacked."), ("/root/y.png", "Its name leads out of the archive, so it was not unpacked."),
                ("cat\\..\\..\\z.png", "Its name leads out of the archive, so it was not unpacked."), ("inner.zip", "It is an archive inside the archive: unpack it first."),
                ("cat/movie.mp4", "It is neither a picture (PNG, JPEG, WebP, GIF, BMP) nor a list of labels (CSV)."),
            ],
            batch.LeftOut.Select(l => (l.FileName, l.Sentence)));
        // Everything lies in the batch's own folder, under numbers.
        Assert.All(Directory.EnumerateFiles(folder.Path), f => Assert.Matches("^[0-9]{6}$", Path.GetFileName(f)));
    }

    [Fact]
    public async Task A_bomb_is_stopped_while_it_unpacks()
    {
        var batch = new StimulusBatch(folder.Path, new UploadSizes(FileBytes: 1 << 20, UnpackedBytes: 3 << 20));
        var million = new string('0', 1_000_000);
        await AddZipAsync(batch, ("large.png", million + million), ("1.png", million), ("2.png", million), ("3.png", million));
        Assert.Equal(["1.png", "2.png"], batch.Files("x").Select(p => p.FileName));
        Assert.Equal([("large.png", "The file is larger than 1 MB."), ("3.png", "The archive unpacks to more than 3 MB; this file and what follows it were left out.")], batch.LeftOut.Select(l => (l.FileName, l.Sentence)));
        Assert.InRange(Directory.EnumerateFiles(folder.Path).Sum(f => new FileInfo(f).Length), 0, 4 << 20);
    }

    [Fact]
    public async Task What_is_no_zip_and_what_is_no_list_says_so()
    {
        var batch = Batch();
        await AddAsync(batch, "a.zip", "no zip");
        await AddAsync(batch, "b.csv", "name,kind\n1,2\n");
        await AddAsync(batch, "c.tiff", "x");
        Assert.Equal(["This is no readable zip archive, or a part of it is damaged.", "A list of labels begins with the line file,category.", "It is neither a picture (PNG, JPEG, WebP, GIF, BMP) nor a list of labels (CSV)."], batch.LeftOut.Select(l => l.Sentence));
    }

    private StimulusBatch Batch() => new(folder.Path, new UploadSizes(30 << 20, 1 << 30));

    private static Task AddAsync(StimulusBatch batch, string entry, string content = "x") => batch.AddAsync(entry, new MemoryStream(Encoding.UTF8.GetBytes(content)));

    private static async Task AddZipAsync(StimulusBatch batch, params (string Name, string Content)[] entries)
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in entries)
            {
                using var entry = zip.CreateEntry(name, CompressionLevel.SmallestSize).Open();
                entry.Write(Encoding.UTF8.GetBytes(content));
            }
        }
        bytes.Position = 0;
        await batch.AddAsync("pictures.zip", bytes);
    }
}

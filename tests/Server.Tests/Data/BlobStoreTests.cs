using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Configuration;
using PerceptionStudy.Server.Data;

namespace PerceptionStudy.Server.Tests.Data;

/// <summary>The folder of blobs, and the same with a bucket behind it: what holds for both is tested on both.</summary>
public abstract class BlobStoreTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("perception-study-blobs-").FullName;

    protected DataFolder Data => new(folder);

    /// <summary>A store as a process that has just started has it.</summary>
    protected abstract BlobStore Store { get; }

    public virtual void Dispose()
    {
        Directory.Delete(folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task What_was_stored_comes_back_and_leaves_no_other_file()
    {
        var store = Store;
        var sha256 = await store.StoreAsync(Text("a metamer"));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData("a metamer"u8)), sha256);
        Assert.Equal("a metamer", await File.ReadAllTextAsync(await Store.FetchAsync(sha256)));
        Assert.True(await Store.ExistsAsync(sha256));
        Assert.False(await Store.ExistsAsync(new string('0', 64)));
        Assert.Empty(Directory.GetFiles(Data.Folder("temporary")));
    }

    [Fact]
    public async Task A_stream_that_breaks_off_leaves_nothing()
    {
        await Assert.ThrowsAsync<IOException>(() => Store.StoreAsync(new Broken()));
        Assert.Empty(Directory.GetFiles(Data.Path, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task What_is_missing_is_said_to_be() =>
        Assert.EndsWith("put it back from a backup.", (await Assert.ThrowsAsync<BlobException>(() => Store.FetchAsync(new string('0', 64)))).Message);

    [Fact]
    public async Task Many_at_a_time_store_and_fetch_the_same()
    {
        var store = Store;
        var shas = await Task.WhenAll(Enumerable.Range(0, 20).Select(n => Task.Run(() => store.StoreAsync(Text($"text {n % 2}")))));
        Assert.Equal(2, shas.Distinct().Count());
        var fresh = Store;
        var texts = await Task.WhenAll(shas.Select(sha256 => Task.Run(async () => await File.ReadAllTextAsync(await fresh.FetchAsync(sha256)))));
        Assert.Equal(Enumerable.Range(0, 20).Select(n => $"text {n % 2}"), texts);
    }

    [Fact]
    public async Task Only_what_has_not_been_stored_anew_is_deleted()
    {
        var store = Store;
        var sha256 = await store.StoreAsync(Text("forgotten"));
        Assert.Contains(sha256, await store.ListAsync().Select(b => b.Sha256).ToListAsync());
        Assert.False(await store.DeleteAsync(sha256, TimeProvider.System.GetUtcNow() - TimeSpan.FromHours(1)));
        Assert.True(await store.DeleteAsync(sha256, TimeProvider.System.GetUtcNow() + TimeSpan.FromHours(1)));
        Assert.False(await Store.ExistsAsync(sha256));
    }

    protected static MemoryStream Text(string text) => new(Encoding.UTF8.GetBytes(text));

    /// <summary>Spoils one byte of each file below a folder.</summary>
    protected static void Spoil(string folder, string files = "*")
    {
        foreach (var path in Directory.GetFiles(folder, files, SearchOption.AllDirectories))
        {
            using var file = File.OpenWrite(path);
            file.WriteByte((byte)'X');
        }
    }

    private sealed class Broken : MemoryStream
    {
        private int pieces;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            ++pieces > 1 ? throw new IOException("The cable was pulled.") : new(buffer.Length);
    }
}

public sealed class BlobFolderTests : BlobStoreTests
{
    protected override BlobStore Store => new(Data, TimeProvider.System);

    [Fact]
    public async Task A_damaged_file_is_never_given_out_and_whoever_stores_it_again_mends_it()
    {
        var sha256 = await Store.StoreAsync(Text("a metamer"));
        Spoil(Data.Folder("blobs"));
        var damaged = await Assert.ThrowsAsync<BlobException>(() => Store.FetchAsync(sha256));
        Assert.EndsWith("is damaged: its content is not what its name says. Put it back from a backup.", damaged.Message);
        await Store.StoreAsync(Text("a metamer"));
        Assert.Equal("a metamer", await File.ReadAllTextAsync(await Store.FetchAsync(sha256)));
    }

    [Fact]
    public async Task A_full_disk_refuses_and_takes_again_when_there_is_room()
    {
        using var disk = SmallDisk.Make(megabytes: 2);
        var store = new BlobStore(new DataFolder(disk.Folder), TimeProvider.System);
        var small = await store.StoreAsync(Text("small"));
        disk.Fill();
        await Assert.ThrowsAnyAsync<IOException>(() => store.StoreAsync(new MemoryStream(new byte[1_000_000])));
        Assert.Empty(Directory.GetFiles(Path.Combine(disk.Folder, "temporary")));
        Assert.Equal("small", await File.ReadAllTextAsync(await store.FetchAsync(small)));
        disk.Clear();
        Assert.True(await store.ExistsAsync(await store.StoreAsync(new MemoryStream(new byte[1_000_000]))));
    }
}

/// <summary>A real server of S3's protocol behind the store.</summary>
public sealed class BlobBucketTests(S3Server s3) : BlobStoreTests, IAsyncLifetime, IClassFixture<S3Server>
{
    private readonly List<BlobBucket> buckets = [];
    private readonly string prefix = Guid.CreateVersion7().ToString("N");

    protected override BlobStore Store
    {
        get
        {
            var settings = new ConfigurationBuilder().AddInMemoryCollection([.. s3.Settings, new("Blobs:S3:Prefix", prefix)]).Build().GetSection("Blobs:S3");
            buckets.Add(new BlobBucket(settings, TimeProvider.System));
            return new BlobStore(Data, TimeProvider.System, buckets[^1]);
        }
    }

    public async ValueTask InitializeAsync() => await s3.StartAsync();

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    public override void Dispose()
    {
        foreach (var bucket in buckets) bucket.Dispose();
        if (Directory.Exists(Data.Path)) base.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Another_machine_fetches_it_and_a_copy_that_went_bad_is_fetched_again()
    {
        var sha256 = await Store.StoreAsync(Text("a metamer"));
        Directory.Delete(Data.Folder("blobs"), recursive: true);
        Assert.Equal("a metamer", await File.ReadAllTextAsync(await Store.FetchAsync(sha256)));
        Spoil(Data.Folder("blobs"));
        Assert.Equal("a metamer", await File.ReadAllTextAsync(await Store.FetchAsync(sha256)));
    }

    [Fact]
    public async Task An_object_that_was_damaged_in_the_bucket_is_never_given_out()
    {
        var sha256 = await Store.StoreAsync(Text("a metamer"));
        Directory.Delete(Data.Folder("blobs"), recursive: true);
        Spoil(Path.Combine(s3.Objects, prefix), "*_object");
        // Of a small object the SDK finds that out before we do.
        await Assert.ThrowsAnyAsync<IOException>(() => Store.FetchAsync(sha256));
        Assert.Empty(Directory.GetFiles(Data.Folder("blobs"), "*", SearchOption.AllDirectories));
        Assert.Empty(Directory.GetFiles(Data.Folder("temporary")));
    }

    [Fact]
    public async Task While_the_bucket_is_away_copies_serve_and_storing_fails_whole()
    {
        var store = Store;
        var sha256 = await store.StoreAsync(Text("a metamer"));
        await s3.StopAsync();
        try
        {
            Assert.Equal("a metamer", await File.ReadAllTextAsync(await store.FetchAsync(sha256)));
            await Assert.ThrowsAsync<IOException>(() => store.StoreAsync(Text("another")));
            Assert.Empty(Directory.GetFiles(Data.Folder("temporary")));
            Assert.Single(Directory.GetFiles(Data.Folder("blobs"), "*", SearchOption.AllDirectories));
        }
        finally
        {
            await s3.StartAsync();
        }
        Assert.True(await Store.ExistsAsync(await store.StoreAsync(Text("another"))));
    }

    [Fact]
    public async Task Copies_that_have_not_been_used_for_longest_go_first_and_come_again()
    {
        var first = await Store.StoreAsync(new MemoryStream(new byte[3_000]));
        var second = await Store.StoreAsync(new MemoryStream(new byte[4_000]));
        foreach (var (path, hours) in Directory.GetFiles(Data.Folder("blobs"), "*", SearchOption.AllDirectories).Select(f => (f, f.EndsWith(first) ? 3 : 2)))
            File.SetLastWriteTimeUtc(path, TimeProvider.System.GetUtcNow().UtcDateTime.AddHours(-hours));
        var store = Store;
        store.TrimCopies(5_000);
        Assert.Equal(second, Path.GetFileName(Directory.GetFiles(Data.Folder("blobs"), "*", SearchOption.AllDirectories).Single()));
        await store.FetchAsync(first);
        store.TrimCopies(0);
        Assert.Equal(first, Path.GetFileName(Directory.GetFiles(Data.Folder("blobs"), "*", SearchOption.AllDirectories).Single()));
    }
}

using System.IO.Compression;
using System.Text;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PerceptionStudy.Server.Accounts.Auditing;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Operation.Backups;
using PerceptionStudy.Server.Participation;
using PerceptionStudy.Server.Studies;
using PerceptionStudy.Server.Tests.Data;
using PerceptionStudy.Server.Tests.Participation;

namespace PerceptionStudy.Server.Tests.Operation.Backups;

/// <summary>A backup that is put into an empty installation is that installation: rows, files and keys.</summary>
public abstract class BackupTests(TestDatabase database, TestDatabase empty)
{
    private readonly TestDatabase database = database.Need();
    private readonly TestDatabase empty = empty.Need();

    [Fact]
    public async Task What_was_written_is_restored_and_nothing_is_overwritten()
    {
        TestStudy study;
        await using (var db = database.Open()) study = await TestStudy.PublishAsync(db, database.Services.GetRequiredService<BlobStore>());
        var start = new SessionStart(database.Services.GetRequiredService<IDbContextFactory<StudyDb>>(), TimeProvider.System);
        var begun = await start.StartAsync(new Arrival(study.LinkKey, study.Version.Id) { Recruiter = new RecruiterLink("Prolific", "5f1e0c0ffee", "s-1", "p-1") });
        var answering = new ReceiveResponse(database.Services.GetRequiredService<IDbContextFactory<StudyDb>>(), new PublishedDesigns(), TimeProvider.System);
        await using (var db = database.Open())
        {
            foreach (var trial in await db.Trials.Where(t => t.SessionId == begun.SessionId).ToListAsync()) await answering.ReceiveAsync(begun.SessionId, Answers.Of(trial.Id, study.Design.Categories[0]));
        }
        var cookie = database.Services.GetRequiredService<IDataProtectionProvider>().CreateProtector("a cookie").Protect("signed in");

        var file = Path.Combine(Folder(empty), "backup.zip");
        var manifest = await database.ToBackUp().WriteAsync(file);
        Assert.Equal((1, 1), (manifest.Studies, manifest.Sessions));
        Assert.NotNull(BackupFile.LastIn(database.Services.GetRequiredService<DataFolder>()));
        // The names of people are in it only under the keys.
        Assert.DoesNotContain("5f1e0c0ffee", Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file)), StringComparison.Ordinal);

        await Assert.ThrowsAsync<RefusedException>(() => database.ToRestore().ReadAsync(file));
        await empty.EmptyAsync();
        await empty.ToRestore().ReadAsync(file);
        await empty.Services.MigrateStudyDbAsync();

        await using var before = database.Open();
        await using var after = empty.Open();
        Assert.Equal(await RowsAsync(before), await RowsAsync(after));
        Assert.Null((await AuditLog.CheckAsync(after)).Problem);
        var recruit = await after.Recruits.SingleAsync();
        Assert.Equal("5f1e0c0ffee", after.RecruiterIds.Open(recruit.ParticipantId));
        Assert.Equal(new RecruiterLink("Prolific", "5f1e0c0ffee", null, null).IdSha256(before, study.Study.Id), new RecruiterLink("Prolific", "5f1e0c0ffee", null, null).IdSha256(after, study.Study.Id));
        Assert.Equal("signed in", empty.Services.GetRequiredService<IDataProtectionProvider>().CreateProtector("a cookie").Unprotect(cookie));
        foreach (var sha256 in await after.Stimuli.Select(s => s.Sha256).ToListAsync())
            Assert.Equal(await File.ReadAllBytesAsync(await database.Services.GetRequiredService<BlobStore>().FetchAsync(sha256)), await File.ReadAllBytesAsync(await empty.Services.GetRequiredService<BlobStore>().FetchAsync(sha256)));
        // It goes on: the next session takes the next number.
        var next = await new SessionStart(empty.Services.GetRequiredService<IDbContextFactory<StudyDb>>(), TimeProvider.System).StartAsync(study.LinkKey, study.Version.Id, null);
        Assert.Equal(2, (await after.Sessions.SingleAsync(s => s.Id == next.SessionId)).Number);
    }

    [Fact]
    public async Task A_backup_that_is_not_what_was_written_is_refused_before_anything_is_touched()
    {
        var data = database.Services.GetRequiredService<DataFolder>();
        using (var stream = new MemoryStream("a picture"u8.ToArray())) await database.Services.GetRequiredService<BlobStore>().StoreAsync(stream);
        var file = Path.Combine(data.Folder("temporary"), "backup.zip");
        await database.ToBackUp().WriteAsync(file);
        await empty.EmptyAsync();

        // One byte of a blob.
        var changed = await File.ReadAllBytesAsync(file);
        changed[Find(changed, "a picture"u8)]++;
        await RefusedAsync(changed, "is not what was written");
        await RefusedAsync((await File.ReadAllBytesAsync(file))[..^200], "is not a whole zip file");
        await RefusedAsync(Rewrite(await File.ReadAllBytesAsync(file), name => name == BackupFile.ManifestName ? null : name, text => text), "has no manifest.json");
        await RefusedAsync(Rewrite(await File.ReadAllBytesAsync(file), name => name, text => text.Replace("\"blobs/", "\"../blobs/", StringComparison.Ordinal)), "leads out of the data folder");
        Assert.True(await IsEmptyAsync(empty));

        async Task RefusedAsync(byte[] content, string sentence)
        {
            var path = Path.Combine(data.Folder("temporary"), "wrong.zip");
            await File.WriteAllBytesAsync(path, content);
            var refused = await Assert.ThrowsAnyAsync<Exception>(() => empty.ToRestore().ReadAsync(path));
            Assert.True(refused is RefusedException, refused.ToString());
            Assert.Contains(sentence, refused.Message, StringComparison.Ordinal);
        }
    }

    private static string Folder(TestDatabase database) => database.Services.GetRequiredService<DataFolder>().Folder("temporary");

    private static async Task<bool> IsEmptyAsync(TestDatabase database)
    {
        var data = database.Services.GetRequiredService<DataFolder>();
        await using var db = database.Open();
        var tables = db is PostgresStudyDb ? await db.Database.SqlQuery<int>($"""SELECT count(*)::int AS "Value" FROM information_schema.tables WHERE table_schema = 'public'""").SingleAsync() : File.Exists(Path.Combine(data.Path, DatabaseSetup.SqliteFile)) ? 1 : 0;
        return tables == 0 && BackupFile.Folders.All(f => !Directory.EnumerateFileSystemEntries(data.Folder(f)).Any());
    }

    // Every table with its number of rows, and everything of the answers.
    private static async Task<string> RowsAsync(StudyDb db) =>
        string.Join('\n', [.. await db.RowsOfTablesAsync(), .. (await db.Responses.AsNoTracking().OrderBy(r => r.TrialId).ToListAsync()).Select(answer => System.Text.Json.JsonSerializer.Serialize(answer))]);

    private static int Find(byte[] all, ReadOnlySpan<byte> part) => all.AsSpan().IndexOf(part);

    private static byte[] Rewrite(byte[] zip, Func<string, string?> name, Func<string, string> manifest)
    {
        using var target = new MemoryStream();
        using (var from = new ZipArchive(new MemoryStream(zip)))
        using (var to = new ZipArchive(target, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var entry in from.Entries)
            {
                if (name(entry.FullName) is not { } renamed) continue;
                using var read = entry.Open();
                using var write = to.CreateEntry(renamed).Open();
                if (renamed != BackupFile.ManifestName) read.CopyTo(write);
                else write.Write(Encoding.UTF8.GetBytes(manifest(new StreamReader(read).ReadToEnd())));
            }
        }
        return target.ToArray();
    }
}

public sealed class BackupOnSqliteTests(SqliteDatabase database, BackupOnSqliteTests.Empty empty) : BackupTests(database, empty.Database), IClassFixture<SqliteDatabase>, IClassFixture<BackupOnSqliteTests.Empty>
{
    public sealed class Empty : IAsyncLifetime
    {
        public SqliteDatabase Database { get; } = new();

        public ValueTask InitializeAsync() => Database.InitializeAsync();

        public ValueTask DisposeAsync() => Database.DisposeAsync();
    }
}

public sealed class BackupOnPostgresTests(PostgresDatabase database, BackupOnPostgresTests.Empty empty) : BackupTests(database, empty.Database), IClassFixture<PostgresDatabase>, IClassFixture<BackupOnPostgresTests.Empty>
{
    public sealed class Empty(PostgresCluster cluster) : IAsyncLifetime
    {
        public PostgresDatabase Database { get; } = new(cluster);

        public ValueTask InitializeAsync() => Database.InitializeAsync();

        public ValueTask DisposeAsync() => Database.DisposeAsync();
    }
}

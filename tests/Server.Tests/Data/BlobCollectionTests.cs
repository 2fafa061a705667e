using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Tests.Participation;

namespace PerceptionStudy.Server.Tests.Data;

public abstract class BlobCollectionTests(TestDatabase database)
{
    private readonly TestDatabase database = database.Need();

    [Fact]
    public async Task Only_old_blobs_go_that_nothing_refers_to()
    {
        var blobs = database.Services.GetRequiredService<BlobStore>();
        await using var db = database.Open();
        var study = await TestStudy.PublishAsync(db, blobs);
        var shown = await db.Stimuli.Select(s => s.Sha256).Distinct().ToListAsync();
        var old = await StoreAsync("old");
        var young = await StoreAsync("young");
        // What the freeze of a published version names stays, even if its row went by an error.
        var frozen = await StoreAsync("frozen");
        (await db.StudyVersions.FirstAsync(v => v.Id == study.Version.Id)).FreezeJson = $$"""{"stimuli":[{"sha256":"{{frozen}}"}]}""";
        await db.SaveChangesAsync();
        foreach (var sha256 in shown.Append(old).Append(frozen)) await AgeAsync(sha256);

        var collection = new BlobCollection(database.Services.GetRequiredService<IDbContextFactory<StudyDb>>(), blobs, Options.Create(new BlobSettings { GraceDays = 14 }), TimeProvider.System, NullLogger<BlobCollection>.Instance);
        Assert.Equal(1, await collection.CollectAsync());
        Assert.False(await blobs.ExistsAsync(old));
        await Assert.AllAsync(shown.Append(young).Append(frozen), async sha256 => Assert.True(await blobs.ExistsAsync(sha256)));

        async Task<string> StoreAsync(string text) => await blobs.StoreAsync(new MemoryStream(Encoding.UTF8.GetBytes(text)));
        async Task AgeAsync(string sha256) => File.SetLastWriteTimeUtc(await blobs.FetchAsync(sha256), TimeProvider.System.GetUtcNow().UtcDateTime.AddDays(-15));
    }
}

public sealed class BlobCollectionOnSqliteTests(SqliteDatabase database) : BlobCollectionTests(database), IClassFixture<SqliteDatabase>;

public sealed class BlobCollectionOnPostgresTests(PostgresDatabase database) : BlobCollectionTests(database), IClassFixture<PostgresDatabase>;

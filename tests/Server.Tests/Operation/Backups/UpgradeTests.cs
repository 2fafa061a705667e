using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Operation.Backups;
using PerceptionStudy.Server.Tests.Data;
using PerceptionStudy.Synthesis.Tests;

namespace PerceptionStudy.Server.Tests.Operation.Backups;

/// <summary>The backup of every release is brought to the current schema with all of its rows (docs/operations.md, Updates).</summary>
public sealed class UpgradeTests
{
    private static readonly string Released = Path.Combine(Repository.Root, "tests", "Server.Tests", "Released");

    [Fact]
    public async Task Data_of_every_release_are_read()
    {
        var files = Directory.Exists(Released) ? Directory.GetFiles(Released, "*.zip") : [];
        Assert.SkipWhen(files.Length == 0, "Nothing has been released yet, so there is no older schema to come from.");
        foreach (var file in files)
        {
            var database = new SqliteDatabase();
            await using (database)
            {
                await database.InitializeAsync();
                var data = database.Services.GetRequiredService<DataFolder>();
                Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
                foreach (var old in Directory.GetFiles(data.Path, DatabaseSetup.SqliteFile + "*")) File.Delete(old);
                foreach (var folder in BackupFile.Folders) Directory.Delete(data.Folder(folder), recursive: true);
                var manifest = await new Restore(database.Services.GetRequiredService<IDbContextFactory<StudyDb>>(), data).ReadAsync(file);
                await database.Services.MigrateStudyDbAsync();
                await using var db = database.Open();
                Assert.Equal((manifest.Studies, manifest.Sessions), (await db.Studies.CountAsync(), await db.Sessions.CountAsync()));
                // Every row can be read by the program of today.
                await db.Responses.AsNoTracking().ToListAsync();
                await db.Trials.AsNoTracking().ToListAsync();
                Assert.All(await db.StudyVersions.AsNoTracking().ToListAsync(), version => Assert.NotEmpty(version.Design.Categories));
            }
        }
    }
}

using System.Net;
using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Stimuli;

namespace PerceptionStudy.Server.Tests.Data;

public abstract class StudyDbTests(TestDatabase database)
{
    private readonly TestDatabase database = database.Need();

    [Fact]
    public async Task Schema_is_that_of_the_entities()
    {
        await using var db = database.Open();
        Assert.False(db.Database.HasPendingModelChanges(), "Entities changed: run tools/migrations.sh NAME.");
        Assert.Empty(await db.Database.GetPendingMigrationsAsync());
    }

    [Fact]
    public async Task Times_keep_their_order_and_their_microseconds()
    {
        var early = new DateTimeOffset(2026, 3, 29, 0, 59, 59, TimeSpan.Zero).AddTicks(10);
        var late = new DateTimeOffset(2026, 3, 29, 3, 0, 0, TimeSpan.FromHours(2));
        await using (var db = database.Open())
        {
            db.StimulusSets.Add(new StimulusSet { Id = Guid.CreateVersion7(), Name = "late", CreatedAt = late.ToUniversalTime() });
            db.StimulusSets.Add(new StimulusSet { Id = Guid.CreateVersion7(), Name = "early", CreatedAt = early });
            await db.SaveChangesAsync();
        }
        await using var fresh = database.Open();
        var sets = await fresh.StimulusSets.OrderBy(s => s.CreatedAt).ToListAsync();
        Assert.Equal(["early", "late"], sets.Select(s => s.Name));
        Assert.Equal(early, sets[0].CreatedAt);
        Assert.Equal(1, await fresh.StimulusSets.CountAsync(s => s.CreatedAt < late.ToUniversalTime()));
    }

    [Fact]
    public async Task A_row_that_names_nothing_is_refused()
    {
        await using var db = database.Open();
        db.Stimuli.Add(new Stimulus
        {
            Id = Guid.CreateVersion7(), SetId = Guid.CreateVersion7(), Name = "x", Category = "cat", Sha256 = "0", MediaType = "image/png",
        });
        await Assert.ThrowsAsync<DbUpdateException>(() => db.SaveChangesAsync());
    }

    [Fact]
    public async Task The_server_answers_on_it()
    {
        await using var server = await database.StartServerAsync();
        var home = await server.Client.GetAsync("/");
        Assert.Equal(HttpStatusCode.OK, home.StatusCode);
        Assert.Contains("PerceptionStudy", await home.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.OK, (await server.Client.GetAsync("/participant.css")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await server.Client.GetAsync("/_content/MudBlazor/MudBlazor.min.css")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await server.Client.GetAsync("/_framework/blazor.web.js")).StatusCode);
    }
}

public sealed class StudyDbOnSqliteTests(SqliteDatabase database) : StudyDbTests(database), IClassFixture<SqliteDatabase>;

public sealed class StudyDbOnPostgresTests(PostgresDatabase database) : StudyDbTests(database), IClassFixture<PostgresDatabase>;

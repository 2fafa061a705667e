using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using PerceptionStudy.Server.Accounts;
using PerceptionStudy.Server.Accounts.Auditing;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Stimuli;
using PerceptionStudy.Server.Tests.Data;

namespace PerceptionStudy.Server.Tests.Accounts.Auditing;

public abstract class AuditTrailTests(TestDatabase database)
{
    private readonly TestDatabase database = database.Need();

    private static readonly Actor Ann = new(Guid.CreateVersion7(), "ann@example.org", "her script");

    [Fact]
    public async Task Adding_changing_and_removing_each_leave_who_when_before_and_after()
    {
        var set = NewSet();
        await Ann.DoAsync(async () =>
        {
            await using var db = database.Open();
            db.StimulusSets.Add(set);
            await db.SaveChangesAsync();
            set.Licence = "CC0";
            await db.SaveChangesAsync();
            await db.SaveChangesAsync();
            db.Remove(set);
            await db.SaveChangesAsync();
        });
        await using var reader = database.Open();
        var entries = await reader.AuditEntries.Where(e => e.EntityId == $"{set.Id}").OrderBy(e => e.Number).ToListAsync();

        Assert.Equal([AuditChange.Added, AuditChange.Changed, AuditChange.Removed], entries.Select(e => e.Change));
        Assert.All(entries, e => Assert.Equal((Ann.ResearcherId, "ann@example.org", "her script", "StimulusSet", set.Name), (e.ResearcherId, e.Who, e.Token, e.Entity, e.EntityName)));
        Assert.Equal(("""{"licence":null}""", """{"licence":"CC0"}"""), (entries[1].BeforeJson, entries[1].AfterJson));
        Assert.Null(entries[0].BeforeJson);
        Assert.Null(entries[2].AfterJson);
        Assert.Contains("CC0", entries[2].BeforeJson, StringComparison.Ordinal);
        Assert.Null((await AuditLog.CheckAsync(reader)).BrokenAt);
    }

    [Fact]
    public async Task What_is_not_saved_leaves_nothing_and_the_chain_goes_on()
    {
        var first = NewSet();
        await using var db = database.Open();
        db.StimulusSets.Add(first);
        await db.SaveChangesAsync();
        var before = await db.AuditEntries.CountAsync();

        db.StimulusSets.Add(NewSet(first.Name));
        await Assert.ThrowsAsync<DbUpdateException>(() => db.SaveChangesAsync());
        Assert.Null(db.Database.CurrentTransaction);
        Assert.Equal(before, await db.AuditEntries.CountAsync());
        await using (var transaction = await db.Database.BeginTransactionAsync())
        {
            await using var other = database.Open();
            db.ChangeTracker.Clear();
            db.StimulusSets.Add(NewSet());
            await db.SaveChangesAsync();
        }
        Assert.Equal(before, await db.AuditEntries.CountAsync());

        db.ChangeTracker.Clear();
        db.StimulusSets.Add(NewSet());
        await db.SaveChangesAsync();
        var check = await AuditLog.CheckAsync(db);
        Assert.Equal((before + 1, null), ((int)check.Entries, check.BrokenAt));
    }

    [Fact]
    public async Task Secrets_stay_out()
    {
        await using var server = await database.StartServerAsync();
        var email = $"secret-{Guid.NewGuid():N}@example.org";
        var program = await server.ProgramOfAsync(email);
        await using var db = database.Open();
        var researcher = await db.Users.SingleAsync(u => u.Email == email);
        var text = string.Join('\n', (await db.AuditEntries.AsNoTracking().ToListAsync()).Select(e => e.BeforeJson + e.AfterJson));

        Assert.Contains(email, text, StringComparison.Ordinal);
        Assert.Contains("\"scopes\"", text, StringComparison.Ordinal);
        foreach (var secret in (string[])[researcher.PasswordHash!, researcher.SecurityStamp!, program.DefaultRequestHeaders.Authorization!.Parameter!, (await db.ApiTokens.SingleAsync(t => t.ResearcherId == researcher.Id)).TokenSha256])
            Assert.DoesNotContain(secret, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Several_servers_at_once_extend_one_chain_without_a_gap()
    {
        await using var before = database.Open();
        var count = await before.AuditEntries.CountAsync();
        var servers = Enumerable.Range(0, 3).Select(_ =>
        {
            var services = new ServiceCollection();
            services.AddStudyDb(new ConfigurationBuilder().AddInMemoryCollection(database.Settings).Build());
            return services.BuildServiceProvider();
        }).ToArray();

        await Task.WhenAll(servers.SelectMany(server => Enumerable.Range(0, 4).Select(async _ =>
        {
            for (var n = 0; n < 10; n++)
            {
                await using var db = await server.GetRequiredService<IDbContextFactory<StudyDb>>().CreateDbContextAsync();
                db.StimulusSets.AddRange(NewSet(), NewSet());
                await db.SaveChangesAsync();
            }
        })));

        await using var after = database.Open();
        var check = await AuditLog.CheckAsync(after);
        Assert.Equal((count + 240, null), ((int)check.Entries, check.BrokenAt));
        foreach (var server in servers) await server.DisposeAsync();
    }

    [Fact]
    public async Task The_database_itself_refuses_to_change_or_remove_entries()
    {
        await using var db = database.Open();
        db.StimulusSets.Add(NewSet());
        await db.SaveChangesAsync();
        foreach (var statement in (string[])["""UPDATE "AuditEntries" SET "Who" = 'nobody'""", """DELETE FROM "AuditEntries" """, .. db is PostgresStudyDb ? ["""TRUNCATE "AuditEntries" """] : (string[])[]])
        {
            var refusal = await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => db.Database.ExecuteSqlRawAsync(statement));
            Assert.Contains("append-only", refusal.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("""UPDATE "AuditEntries" SET "AfterJson" = 'null' WHERE "Number" = {0}""", "was changed after it was written")]
    [InlineData("""UPDATE "AuditEntries" SET "At" = '2020-01-01' WHERE "Number" = {0}""", "was changed after it was written")]
    [InlineData("""DELETE FROM "AuditEntries" WHERE "Number" = {0}""", "is missing")]
    public async Task Who_goes_round_the_guard_is_found_out(string statement, string problem)
    {
        await using var db = database.Open();
        for (var n = 0; n < 5; n++)
        {
            db.StimulusSets.Add(NewSet());
            await db.SaveChangesAsync();
        }
        var number = await db.AuditEntries.MaxAsync(e => e.Number) - 2;
        // In a transaction that is taken back, because the other tests need the chain whole.
        await using var transaction = await db.Database.BeginTransactionAsync();
        await db.Database.ExecuteSqlRawAsync(db is PostgresStudyDb
            ? """DROP TRIGGER audit_append_only ON "AuditEntries" """
            : "DROP TRIGGER audit_no_update; DROP TRIGGER audit_no_delete;");
        await db.Database.ExecuteSqlRawAsync(statement, number);

        var check = await AuditLog.CheckAsync(db);
        Assert.Equal((number, number - 1), (check.BrokenAt, check.Entries));
        Assert.Equal($"Entry {number} {problem}.", check.Problem);
    }

    [Fact]
    public async Task Bulk_statements_on_audited_rows_are_refused_unless_they_say_why()
    {
        await using var db = database.Open();
        var sets = db.StimulusSets.Where(s => s.Name == "there is none");
        Assert.Contains("StimulusSet would pass the audit log by", (await Assert.ThrowsAsync<InvalidOperationException>(() => sets.ExecuteDeleteAsync())).Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<InvalidOperationException>(() => sets.ExecuteUpdateAsync(s => s.SetProperty(x => x.Licence, "CC0")));
        await sets.Unaudited("a test").ExecuteUpdateAsync(s => s.SetProperty(x => x.Licence, "CC0"));
        // What participants write is not audited, and may be changed in bulk.
        await db.Sessions.Where(s => s.Number == -1).ExecuteDeleteAsync();
    }

    private static StimulusSet NewSet(string? name = null) => new() { Id = Guid.CreateVersion7(), Name = name ?? $"set {Guid.NewGuid()}", CreatedAt = TimeProvider.System.GetStoredUtcNow() };
}

public sealed class AuditTrailOnSqliteTests(SqliteDatabase database) : AuditTrailTests(database), IClassFixture<SqliteDatabase>;

public sealed class AuditTrailOnPostgresTests(PostgresDatabase database) : AuditTrailTests(database), IClassFixture<PostgresDatabase>;

using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace PerceptionStudy.Server.Data;

// dotnet-ef asks these for a context when it writes migrations; no database is opened.

internal sealed class SqliteDesignTimeFactory : IDesignTimeDbContextFactory<SqliteStudyDb>
{
    public SqliteStudyDb CreateDbContext(string[] args) => new(new DbContextOptionsBuilder<SqliteStudyDb>().UseSqlite("Data Source=:memory:").UseApplicationServiceProvider(Server.Options).Options);
}

internal sealed class PostgresDesignTimeFactory : IDesignTimeDbContextFactory<PostgresStudyDb>
{
    public PostgresStudyDb CreateDbContext(string[] args) => new(new DbContextOptionsBuilder<PostgresStudyDb>().UseNpgsql("Host=127.0.0.1").UseApplicationServiceProvider(Server.Options).Options);
}

file static class Server
{
    /// <summary>What of the server's options decides the tables.</summary>
    public static IServiceProvider Options { get; } = new ServiceCollection().Configure<Microsoft.AspNetCore.Identity.IdentityOptions>(DatabaseSetup.WithPasskeys).BuildServiceProvider();
}

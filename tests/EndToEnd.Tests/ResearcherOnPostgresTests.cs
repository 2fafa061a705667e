using PerceptionStudy.Server.Tests.Data;

namespace PerceptionStudy.EndToEnd.Tests;

/// <summary>The server on PostgreSQL: one connection string, nothing else.</summary>
public class PostgresServerProcess(PostgresCluster cluster) : ServerProcess
{
    public PostgresCluster Cluster => cluster;

    public override async ValueTask InitializeAsync()
    {
        if (PostgresCluster.Absent is not null) return;
        Settings["ConnectionStrings:Postgres"] = await cluster.CreateDatabaseAsync();
        await base.InitializeAsync();
    }
}

/// <summary>The same way on PostgreSQL.</summary>
public sealed class ResearcherOnPostgresTests(Browser browser, PostgresServerProcess server) : ResearcherTests(browser, server), IClassFixture<PostgresServerProcess>;

/// <summary>The same way on SQLite, the embedded default.</summary>
public sealed class ResearcherOnSqliteTests(Browser browser, ServerProcess server) : ResearcherTests(browser, server), IClassFixture<ServerProcess>;

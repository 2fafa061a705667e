using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using PerceptionStudy.Server.Data;

namespace PerceptionStudy.Server.Operation;

/// <summary><c>/health/live</c>: the process answers. <c>/health/ready</c>: so do the database, in the schema of this program, and the data folder.</summary>
public static class Health
{
    public static void AddHealth(this IServiceCollection services) =>
        services.AddHealthChecks().AddCheck<DatabaseHealth>("database", timeout: TimeSpan.FromSeconds(5)).AddCheck<DataFolderHealth>("data folder");

    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false });
        // The word alone: what is wrong stands in the log, not before everybody.
        routes.MapHealthChecks("/health/ready");
    }
}

internal sealed class DatabaseHealth(IDbContextFactory<StudyDb> databases) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await using var db = await databases.CreateDbContextAsync(cancellationToken);
            var missing = (await db.Database.GetPendingMigrationsAsync(cancellationToken)).ToList();
            return missing.Count == 0 ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy($"The database lacks the migrations {string.Join(", ", missing)}.");
        }
        catch (Exception problem) when (Rounds.IsOfDatabase(problem) || problem is TimeoutException)
        {
            return HealthCheckResult.Unhealthy("The database does not answer.", problem);
        }
    }
}

internal sealed class DataFolderHealth(DataFolder data) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            var probe = data.NewTemporaryPath();
            File.WriteAllBytes(probe, [1]);
            File.Delete(probe);
            return Task.FromResult(HealthCheckResult.Healthy());
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return Task.FromResult(HealthCheckResult.Unhealthy("Nothing can be written into the data folder.", problem));
        }
    }
}

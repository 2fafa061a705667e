using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Data;

namespace PerceptionStudy.Server.Accounts.Auditing;

/// <summary>The audit log as a file, for administrators.</summary>
internal static class AuditEndpoints
{
    public static void MapAuditFiles(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/admin/audit.csv", FilteredFile).RequireAuthorization(Administration.Policy);

    /// <summary>The entries that an address asks for.</summary>
    public static IResult FilteredFile(IDbContextFactory<StudyDb> databases, string? who, string? entity, Guid? study, DateTimeOffset? from, DateTimeOffset? until) =>
        CsvFile(databases, new AuditFilter(study, who, entity, from, until));

    /// <summary>Streams the entries that a filter finds.</summary>
    public static IResult CsvFile(IDbContextFactory<StudyDb> databases, AuditFilter filter) => Results.Stream(async stream =>
    {
        await using var db = await databases.CreateDbContextAsync();
        await using var text = new StreamWriter(stream, leaveOpen: true);
        await AuditLog.WriteCsvAsync(db, filter, text);
    }, "text/csv; charset=utf-8", "audit.csv");
}

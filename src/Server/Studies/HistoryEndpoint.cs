using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Accounts;
using PerceptionStudy.Server.Accounts.Api;
using PerceptionStudy.Server.Accounts.Auditing;
using PerceptionStudy.Server.Data;

namespace PerceptionStudy.Server.Studies;

/// <summary>The audit log of one study, for its members.</summary>
public static class HistoryEndpoint
{
    public static void MapHistoryFile(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/admin/studies/{studyId:guid}/history.csv", (Guid studyId, IDbContextFactory<StudyDb> databases) => AuditEndpoints.CsvFile(databases, new AuditFilter(studyId)))
            .RequireAuthorization(NeedsAttribute.PolicyOf(StudyRight.See));

    public static void MapHistoryApi(this RouteGroupBuilder api) =>
        api.MapGet("/studies/{studyId:guid}/audit", async (Guid studyId, StudyDb db, [AsParameters] PageQuery page, CancellationToken cancel) =>
            {
                await db.DemandAsync(studyId, StudyRight.See, cancel);
                return (await AuditLog.Matching(db, new AuditFilter(studyId)).PageAsync(e => e.Number, page, cancel)).Select(AuditInfo.Of);
            })
            .Needs(TokenScopes.Read).WithTags("Audit").WithSummary("Every change of a study, oldest first");
}

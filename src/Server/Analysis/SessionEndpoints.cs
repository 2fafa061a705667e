using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Accounts;
using PerceptionStudy.Server.Accounts.Api;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Participation;
using PerceptionStudy.Server.Studies;

namespace PerceptionStudy.Server.Analysis;

/// <summary>A participant's session, without answers.</summary>
/// <param name="Participant">P1, P2, … within the version; S1, … for synthetic observers.</param>
public sealed record SessionInfo(
    Guid Id, int Version, string Participant, ObserverType Observer, SessionState State, DateTimeOffset StartedAt, DateTimeOffset LastSeenAt, DateTimeOffset? CompletedAt, int Answered, int Planned, string? CompletionCode);

/// <summary>Why a session is left out.</summary>
public sealed record ExclusionRequest(string Reason);

/// <summary>Sessions of a study over the HTTP API.</summary>
public static class SessionEndpoints
{
    public static void MapSessionApi(this RouteGroupBuilder api)
    {
        var sessions = api.MapGroup("/studies/{studyId:guid}/sessions").WithTags("Sessions");
        sessions.MapGet("", async (Guid studyId, StudyDb db, [AsParameters] PageQuery page, bool synthetic = false, CancellationToken cancel = default) =>
        {
            await db.DemandAsync(studyId, StudyRight.SeeParticipants, cancel);
            var observers = synthetic ? ObserverType.Synthetic : ObserverType.Human;
            var versions = await db.StudyVersions.Where(v => v.StudyId == studyId).ToDictionaryAsync(v => v.Id, v => v.Number, cancel);
            var found = await db.Sessions.AsNoTracking().Where(s => s.ObserverType == observers && versions.Keys.Contains(s.StudyVersionId)).PageAsync(page, cancel);
            var ids = found.Items.Select(s => s.Id).ToArray();
            var counts = await db.Sessions.Where(s => ids.Contains(s.Id))
                .Select(s => new { s.Id, Answered = s.Trials.Count(t => t.Response != null), Planned = s.Trials.Count }).ToDictionaryAsync(s => s.Id, cancel);
            return found.Select(s => new SessionInfo(s.Id, versions[s.StudyVersionId], ObserverKinds.NameOf(ObserverKinds.Of(observers), s.Number), s.ObserverType, s.State, s.StartedAt, s.LastSeenAt, s.CompletedAt,
                counts[s.Id].Answered, counts[s.Id].Planned, s.CompletionCode));
        }).Needs(TokenScopes.Read).WithSummary("Who takes part, in the order of consent");
        sessions.MapPost("/{sessionId:guid}/exclude", async (Guid studyId, Guid sessionId, ExclusionRequest request, StudyDb db, SessionExclusion exclusion, CancellationToken cancel) =>
        {
            await FindAsync(db, studyId, sessionId, cancel);
            await exclusion.ExcludeAsync(sessionId, request.Reason, cancel);
            return TypedResults.NoContent();
        }).Needs(TokenScopes.Run).WithSummary("Leave a completed session out of the results, with a reason").Produces(204);
        sessions.MapPost("/{sessionId:guid}/restore", async (Guid studyId, Guid sessionId, StudyDb db, SessionExclusion exclusion, CancellationToken cancel) =>
        {
            await FindAsync(db, studyId, sessionId, cancel);
            await exclusion.RestoreAsync(sessionId, cancel);
            return TypedResults.NoContent();
        }).Needs(TokenScopes.Run).WithSummary("Take a session in again").Produces(204);
    }

    private static async Task FindAsync(StudyDb db, Guid studyId, Guid sessionId, CancellationToken cancel)
    {
        await db.DemandAsync(studyId, StudyRight.Exclude, cancel);
        if (!await db.Sessions.AnyAsync(s => s.Id == sessionId && db.StudyVersions.Any(v => v.Id == s.StudyVersionId && v.StudyId == studyId), cancel))
            throw new RefusedException("This study has no such session.", Refusal.Missing);
    }
}

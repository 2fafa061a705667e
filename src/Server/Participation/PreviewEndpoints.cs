using Microsoft.AspNetCore.Antiforgery;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Participation.OnDemand;
using PerceptionStudy.Server.Studies;

namespace PerceptionStudy.Server.Participation;

/// <summary>The way of a researcher through a draft: frozen as it is saved, then begun as a participant begins.</summary>
public static class PreviewEndpoints
{
    public static void MapPreview(this IEndpointRouteBuilder site)
    {
        site.MapGet("/admin/studies/{studyId:guid}/try", async (Guid studyId, StudyPublisher publisher, CancellationToken cancel) =>
        {
            try
            {
                return Results.Redirect($"/try/{(await publisher.FreezePreviewAsync(studyId, cancel)).Id}");
            }
            catch (Exception refusal) when (refusal is DesignRefusedException or RefusedException)
            {
                return Results.Text(refusal.Message, statusCode: StatusCodes.Status409Conflict);
            }
        }).RequireAuthorization(NeedsAttribute.PolicyOf(StudyRight.See));

        site.MapPost("/try/{versionId:guid}/start", async (Guid versionId, StudyDb db, SessionStart start, SessionOrders orders, IAntiforgery antiforgery, HttpContext http) =>
        {
            if (!await antiforgery.IsRequestValidAsync(http)) return Results.Redirect($"/try/{versionId}");
            try
            {
                await PreviewPage.DemandAsync(db, versionId, http.RequestAborted);
                var started = await start.StartPreviewAsync(versionId, http.Request.Headers.UserAgent, http.RequestAborted);
                ParticipantToken.Give(http, started.SessionId, started.Token);
                orders.AskPlan(started.SessionId);
                return Results.Redirect($"/run/{started.SessionId}");
            }
            catch (ParticipantRefusedException refused)
            {
                return Results.Text(refused.Message, statusCode: refused.Status);
            }
            catch (RefusedException refused)
            {
                return Results.Text(refused.Message, statusCode: StatusCodes.Status403Forbidden);
            }
        }).RequireAuthorization();
    }
}

using PerceptionStudy.Shared.Texts;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Participation.Inviting;
using PerceptionStudy.Server.Participation.OnDemand;
using PerceptionStudy.Server.Participation.Privacy;
using PerceptionStudy.Shared;

namespace PerceptionStudy.Server.Participation;

/// <summary>Everything that a participant's browser can ask for.</summary>
public static class ParticipationFeature
{
    private const int LargestBatchBytes = 512 * 1024;

    public static void AddParticipation(this IServiceCollection services)
    {
        services.AddSingleton<PublishedDesigns>();
        services.AddSingleton<PresentedFolder>();
        services.AddSingleton<PresentedPictures>();
        services.AddSingleton<PresentedSounds>();
        services.AddSingleton<SessionStart>();
        services.AddSingleton<TrialSettlement>();
        services.AddSingleton<SessionOrders>();
        services.AddHostedService(provider => provider.GetRequiredService<SessionOrders>());
        services.AddSingleton<ReceiveResponse>();
        services.AddSingleton<ResponseIntake>();
        services.AddSingleton<SessionExclusion>();
        services.AddSingleton<PersonalLinks>();
        services.AddSingleton<DoorCounter>();
        services.AddHostedService(provider => provider.GetRequiredService<DoorCounter>());
        services.AddSingleton<Retention>();
        services.AddHostedService(provider => provider.GetRequiredService<Retention>());
    }

    public static void MapParticipation(this IEndpointRouteBuilder site)
    {
        site.MapPost("/s/{linkKey}/start", StartAsync);
        site.MapGet("/stimuli/{key}", StimulusFiles.SendAsync);
        site.MapPost("/stimuli/{key}/failure", SessionTroubles.ReceiveFailureAsync);
        site.MapRecruitList();
        site.MapPreview();
        site.MapPersonalLinks();
        site.MapPrivacy();

        var session = site.MapGroup("/api/sessions/{sessionId:guid}").AddEndpointFilter(SayWhyRefusedAsync);
        session.MapGet("", async (Guid sessionId, StudyDb db, PublishedDesigns designs, HttpContext http) =>
            Results.Json(await SessionPlans.OfAsync(db, designs, await EnterAsync(db, sessionId, http), http.RequestAborted), WireJson.Default.SessionPlan));
        session.MapPost("/responses", async (Guid sessionId, ResponseIntake intake, HttpContext http) =>
        {
            http.Response.Headers.CacheControl = "no-store";
            var token = ParticipantToken.Of(http, sessionId) is { Length: > 0 } held ? ParticipantToken.Sha256(held) : throw ParticipantToken.NotHeld();
            var answers = await ReadAsync(http, WireJson.Default.TrialResponseArray);
            return Results.Json(await intake.ReceiveAsync(new Delivery(sessionId, answers, token) { BrowserLanguages = http.Request.Headers.AcceptLanguage }), WireJson.Default.BatchReceipt);
        });
        session.MapPost("/questionnaire", async (Guid sessionId, StudyDb db, PublishedDesigns designs, TimeProvider time, HttpContext http) =>
        {
            var entered = await EnterAsync(db, sessionId, http);
            var answers = await ReadAsync(http, WireJson.Default.QuestionnaireAnswers);
            return Results.Json(await ReceiveQuestionnaire.ReceiveAsync(db, designs, entered, answers, time, http.RequestAborted), WireJson.Default.QuestionnaireReceipt);
        });
        session.MapPost("/headphones", async (Guid sessionId, StudyDb db, PublishedDesigns designs, TimeProvider time, HttpContext http) =>
        {
            var entered = await EnterAsync(db, sessionId, http);
            var answers = await ReadAsync(http, WireJson.Default.HeadphoneAnswers);
            return Results.Json(await ReceiveHeadphones.ReceiveAsync(db, designs, entered, answers, time, http.RequestAborted), WireJson.Default.HeadphoneReceipt);
        });
        session.MapGet("/completion", async (Guid sessionId, StudyDb db, PublishedDesigns designs, TimeProvider time, HttpContext http) =>
        {
            await EnterAsync(db, sessionId, http);
            return Results.Json(await SessionEnd.CompleteAsync(db, designs, sessionId, time, http.RequestAborted), WireJson.Default.SessionCompletion);
        });
        session.MapPost("/withdrawal", async (Guid sessionId, StudyDb db, TimeProvider time, HttpContext http) =>
        {
            await EnterAsync(db, sessionId, http);
            await SessionEnd.WithdrawAsync(db, sessionId, time, http.RequestAborted);
            return Results.NoContent();
        });
        session.MapPost("/leaving", async (Guid sessionId, StudyDb db, TimeProvider time, HttpContext http) =>
        {
            await EnterAsync(db, sessionId, http);
            await SessionEnd.LeaveAsync(db, sessionId, time, http.RequestAborted);
            return Results.NoContent();
        });
        session.MapPost("/resumption", async (Guid sessionId, StudyDb db, TimeProvider time, HttpContext http) =>
        {
            await EnterAsync(db, sessionId, http);
            await SessionResume.ResumeAsync(db, sessionId, time, http.RequestAborted);
            return Results.NoContent();
        });
    }

    /// <summary>Consent was given by pressing the button. Whatever is refused, the study's page says why.</summary>
    private static async Task<IResult> StartAsync(string linkKey, SessionStart start, SessionOrders orders, StudyDb db, IAntiforgery antiforgery, HttpContext http)
    {
        var query = http.Request.Query;
        var page = $"/s/{Uri.EscapeDataString(linkKey)}{QueryString.Create(query.Where(p => p.Key is not ("again" or "other")))}";
        var again = page + (page.Contains('?', StringComparison.Ordinal) ? "&" : "?") + "again=true";
        if (!await antiforgery.IsRequestValidAsync(http)) return SeeOther(http, again);
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        if (!Guid.TryParse(form["version"], out var versionId)) return SeeOther(http, page);
        var read = await db.StudyVersions.AsNoTracking().FirstOrDefaultAsync(v => v.Id == versionId, http.RequestAborted);
        if (read is null) return SeeOther(http, again);
        var recruitment = read.Design.Recruitment;
        try
        {
            var arrival = new Arrival(linkKey, versionId)
            {
                UserAgent = http.Request.Headers.UserAgent,
                Recruiter = RecruiterLink.Read(query, recruitment.IdParameter),
                PassesScreening = Enumerable.Range(0, recruitment.Screening.Length).All(n => form[$"statement-{n}"] == "yes"),
            };
            var started = await start.StartAsync(arrival, http.RequestAborted);
            ParticipantToken.Give(http, started.SessionId, started.Token);
            orders.AskPlan(started.SessionId);
            return SeeOther(http, arrival.PassesScreening ? $"/run/{started.SessionId}" : $"/end/{started.SessionId}");
        }
        catch (ParticipantRefusedException)
        {
            return SeeOther(http, again);
        }
    }

    // 303: the browser goes on with GET, and a reload does not send the form again.
    private static IResult SeeOther(HttpContext http, string address)
    {
        http.Response.Headers.Location = address;
        return Results.StatusCode(StatusCodes.Status303SeeOther);
    }

    /// <summary>The session, if this browser holds its token.</summary>
    private static async Task<Session> EnterAsync(StudyDb db, Guid sessionId, HttpContext http)
    {
        http.Response.Headers.CacheControl = "no-store";
        return await FindAsync(db, sessionId, http)
            ?? throw ParticipantToken.NotHeld();
    }

    /// <summary>The session, or null where this browser does not hold its token.</summary>
    public static async Task<Session?> FindAsync(StudyDb db, Guid sessionId, HttpContext http)
    {
        if (ParticipantToken.Of(http, sessionId) is not { Length: > 0 } token) return null;
        var hash = ParticipantToken.Sha256(token);
        return await db.Sessions.AsNoTracking().FirstOrDefaultAsync(s => s.Id == sessionId && s.TokenSha256 == hash, http.RequestAborted);
    }

    private static async Task<T> ReadAsync<T>(HttpContext http, JsonTypeInfo<T> type)
    {
        http.AllowBody(LargestBatchBytes);
        try
        {
            return await http.Request.ReadFromJsonAsync(type, http.RequestAborted)
                ?? throw new ParticipantRefusedException(StatusCodes.Status400BadRequest, ResponseRules.NotStored(texts => texts.AnswerEmpty));
        }
        catch (Exception unreadable) when (unreadable is System.Text.Json.JsonException or InvalidOperationException)
        {
            throw new ParticipantRefusedException(StatusCodes.Status400BadRequest, texts => texts.AnswerUnreadable);
        }
    }

    private static async ValueTask<object?> SayWhyRefusedAsync(EndpointFilterInvocationContext call, EndpointFilterDelegate next)
    {
        try
        {
            return await next(call);
        }
        catch (ParticipantRefusedException refused)
        {
            var (http, services) = (call.HttpContext, call.HttpContext.RequestServices);
            var db = services.GetRequiredService<StudyDb>();
            var session = await FindAsync(db, call.GetArgument<Guid>(0), http);
            var texts = await TextsAsync(db, services.GetRequiredService<PublishedDesigns>(), session, http);
            return Results.Json(new PerceptionStudy.Shared.Sessions.Refusal(refused.In(texts)), WireJson.Default.Refusal, statusCode: refused.Status);
        }
    }

    /// <summary>The texts in the participant's language: the study's, if this is a session of one; otherwise the browser's.</summary>
    private static async Task<ParticipantTexts> TextsAsync(StudyDb db, PublishedDesigns designs, Session? session, HttpContext http) => ParticipantTexts.In(
        session is null ? null : (await designs.OfAsync(db, session.StudyVersionId, http.RequestAborted)).Language, http.Request.Headers.AcceptLanguage);
}

using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using Microsoft.Net.Http.Headers;
using PerceptionStudy.Server.Accounts;
using PerceptionStudy.Server.Accounts.Api;
using PerceptionStudy.Server.Data;

namespace PerceptionStudy.Server.Studies;

/// <summary>A study in a list. Participants open <c>/s/{LinkKey}</c>.</summary>
public sealed record StudyInfo(Guid Id, string Name, string LinkKey, StudyState State, int? Places, bool ListedOnHomePage, int DraftRevision, DateTimeOffset CreatedAt)
{
    public static StudyInfo Of(Study s) => new(s.Id, s.Name, s.LinkKey, s.State, s.Places, s.ListedOnHomePage, s.DraftRevision, s.CreatedAt);
}

/// <summary>A published version.</summary>
public sealed record StudyVersionInfo(int Number, string DesignSha256, DateTimeOffset PublishedAt)
{
    public static StudyVersionInfo Of(StudyVersion v) => new(v.Number, v.DesignSha256, v.PublishedAt);
}

/// <summary>A study with its draft, what is wrong with it, and its versions.</summary>
public sealed record StudyDetail(StudyInfo Study, StudyDesign Draft, DesignProblem[] Problems, StudyVersionInfo[] Versions, StudyRight[] Rights);

/// <summary>A new study.</summary>
/// <param name="MetamerSets">What it is made from; natural sets where all metamers will be made while it runs.</param>
/// <param name="Protocol">Name of a published protocol, for example <c>Geirhos lab design</c>; null for the program's defaults.</param>
/// <param name="CopyOf">The study whose draft is copied; null for a draft by the template, from the sets.</param>
public sealed record NewStudyRequest(string Name, Guid[]? MetamerSets = null, int MainTrials = 40, int PracticeTrials = 4, string? Protocol = null, Guid? CopyOf = null);

/// <summary>The whole draft anew.</summary>
public sealed record DraftChange(string Name, StudyDesign Draft, int? Places = null, bool ListedOnHomePage = false);

/// <summary>Studies over the HTTP API.</summary>
public static class StudyEndpoints
{
    private const string NoRevision = "Send the header If-Match with the ETag of the study as you read it, so that nobody's change is overwritten; or If-Match: * to save over whatever is there.";

    public static void MapStudyApi(this RouteGroupBuilder api)
    {
        var studies = api.MapGroup("/studies").WithTags("Studies");
        studies.MapGet("", async (ClaimsPrincipal user, StudyDb db, [AsParameters] PageQuery page, CancellationToken cancel) =>
                (await db.StudiesOf(Actor.IdOf(user)).AsNoTracking().PageAsync(page, cancel)).Select(StudyInfo.Of))
            .Needs(TokenScopes.Read).WithSummary("The studies that you are a member of");
        studies.MapPost("", async (NewStudyRequest request, StudyDrafts drafts, CancellationToken cancel) =>
        {
            if (string.IsNullOrWhiteSpace(request.Name)) throw new RefusedException("The study needs a name.");
            var study = request.CopyOf is { } original ? await drafts.CopyAsync(original, request.Name, cancel)
                : await drafts.CreateAsync(request.Name, request.MetamerSets ?? [], request.MainTrials, request.PracticeTrials, ProtocolOf(request.Protocol), cancel);
            return Results.Created($"/api/v1/studies/{study.Id}", StudyInfo.Of(study));
        }).Needs(TokenScopes.Design).WithSummary("Make a draft by the template, or a copy of another; you are its owner").Produces<StudyInfo>(201);

        var study = studies.MapGroup("/{studyId:guid}");
        study.MapGet("", DetailAsync).Needs(TokenScopes.Read).WithSummary("A study with its draft; the ETag names the draft's revision").Produces<StudyDetail>();
        study.MapPut("/draft", SaveAsync).Needs(TokenScopes.Design).WithSummary("Save the draft").WithDescription("Needs If-Match. 409 if somebody else has saved it since.").Produces(204).ProducesProblem(409).ProducesProblem(428);
        study.MapPost("/draft/stimuli", ChooseStimuliAsync).Needs(TokenScopes.Design).WithSummary("Choose the draft's stimuli anew from what is accepted now").WithDescription("Needs If-Match, as saving does.").Produces(204).ProducesProblem(409).ProducesProblem(428);
        study.MapDelete("", async (Guid studyId, StudyDrafts drafts, CancellationToken cancel) =>
        {
            await drafts.DeleteAsync(studyId, cancel);
            return Results.NoContent();
        }).Needs(TokenScopes.Design).WithSummary("Delete a study that was never published").Produces(204);
        study.MapPost("/publish", async (Guid studyId, HttpContext http, StudyPublisher publisher, CancellationToken cancel) =>
                StudyVersionInfo.Of(await publisher.PublishAsync(studyId, Revision(http), cancel)))
            .Needs(TokenScopes.Run).WithSummary("Freeze the draft as a version, and open the study").WithDescription("With If-Match it is published only if nobody has saved the draft since.");
        study.MapPost("/pause", async (Guid studyId, StudyPublisher publisher, CancellationToken cancel) =>
        {
            await publisher.PauseAsync(studyId, cancel);
            return Results.NoContent();
        }).Needs(TokenScopes.Run).WithSummary("Let nobody begin for a while").Produces(204);
        study.MapPost("/archive", async (Guid studyId, StudyPublisher publisher, CancellationToken cancel) =>
        {
            await publisher.ArchiveAsync(studyId, cancel);
            return Results.NoContent();
        }).Needs(TokenScopes.Run).WithSummary("Take a closed study out of the list").Produces(204);
        study.MapPost("/close", async (Guid studyId, StudyPublisher publisher, CancellationToken cancel) =>
        {
            await publisher.CloseAsync(studyId, cancel);
            return Results.NoContent();
        }).Needs(TokenScopes.Run).WithSummary("Let nobody begin any more").Produces(204);
        study.MapPost("/open", async (Guid studyId, StudyPublisher publisher, CancellationToken cancel) =>
        {
            await publisher.ReopenAsync(studyId, cancel);
            return Results.NoContent();
        }).Needs(TokenScopes.Run).WithSummary("Open a study again that was published before").Produces(204);
        study.MapGet("/versions/{number:int}/design", async (Guid studyId, int number, StudyDb db, CancellationToken cancel) =>
        {
            await db.DemandAsync(studyId, StudyRight.See, cancel);
            var version = await db.StudyVersions.AsNoTracking().FirstOrDefaultAsync(v => v.StudyId == studyId && v.Number == number, cancel) ?? throw new RefusedException("There is no such version.", Refusal.Missing);
            return Results.Text(version.DesignJson, "application/json");
        }).Needs(TokenScopes.Read).WithSummary("A published design, byte for byte as its SHA-256 covers it");
        study.MapMembers();
    }

    private static async Task<IResult> DetailAsync(Guid studyId, ClaimsPrincipal user, HttpContext http, StudyDb db, CancellationToken cancel)
    {
        await db.DemandAsync(studyId, StudyRight.See, cancel);
        var study = await db.Studies.Include(s => s.Versions).AsNoTracking().FirstAsync(s => s.Id == studyId, cancel);
        var problems = DesignValidator.Validate(study.Draft, study.Places, await StudyMaterial.LoadAsync(db, study.Draft, cancel));
        http.Response.GetTypedHeaders().ETag = new EntityTagHeaderValue($"\"{study.DraftRevision}\"");
        return Results.Ok(new StudyDetail(StudyInfo.Of(study), study.Draft, [.. problems], [.. study.Versions.OrderBy(v => v.Number).Select(StudyVersionInfo.Of)],
            [.. (await db.RightsAsync(Actor.IdOf(user), studyId, cancel)).Order()]));
    }

    private static async Task<IResult> SaveAsync(Guid studyId, DraftChange change, HttpContext http, StudyDrafts drafts, CancellationToken cancel)
    {
        if (http.Request.GetTypedHeaders().IfMatch.Count == 0) return Results.Problem(NoRevision, statusCode: StatusCodes.Status428PreconditionRequired);
        if (string.IsNullOrWhiteSpace(change.Name)) throw new RefusedException("The study needs a name.");
        return Saved(http, await drafts.SaveAsync(studyId, change.Name, change.Draft, change.Places, change.ListedOnHomePage, Revision(http), cancel));
    }

    private static async Task<IResult> ChooseStimuliAsync(Guid studyId, HttpContext http, StudyDb db, StudyDrafts drafts, CancellationToken cancel)
    {
        if (http.Request.GetTypedHeaders().IfMatch.Count == 0) return Results.Problem(NoRevision, statusCode: StatusCodes.Status428PreconditionRequired);
        await db.DemandAsync(studyId, StudyRight.EditDesign, cancel);
        var study = await db.Studies.AsNoTracking().FirstAsync(s => s.Id == studyId, cancel);
        var material = await StudyMaterial.LoadAsync(db, study.Draft, cancel);
        var form = new DesignForm(study.Draft);
        form.ChooseStimuli(material);
        return Saved(http, await drafts.SaveAsync(studyId, study.Name, form.Design(material), study.Places, study.ListedOnHomePage, Revision(http) ?? study.DraftRevision, cancel));
    }

    private static IResult Saved(HttpContext http, int revision)
    {
        http.Response.GetTypedHeaders().ETag = new EntityTagHeaderValue($"\"{revision}\"");
        return Results.NoContent();
    }

    private static Protocol? ProtocolOf(string? name) => name is null ? null
        : Protocol.All.FirstOrDefault(p => p.Name == name) ?? throw new RefusedException($"There is no protocol '{name}': choose {string.Join(", ", Protocol.All.Select(p => p.Name))}.");

    // Null for any revision.
    private static int? Revision(HttpContext http) => http.Request.GetTypedHeaders().IfMatch switch
    {
        [] => null,
        [var tag] when tag.Equals(EntityTagHeaderValue.Any) => null,
        [var tag] when int.TryParse(tag.Tag.AsSpan().Trim('"'), out var revision) => revision,
        _ => throw new RefusedException("The header If-Match holds one ETag, as the study gave it."),
    };
}

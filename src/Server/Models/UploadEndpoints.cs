using System.Globalization;
using System.Security.Claims;
using System.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using PerceptionStudy.Server.Accounts;
using PerceptionStudy.Server.Accounts.Api;
using PerceptionStudy.Server.Data;

namespace PerceptionStudy.Server.Models;

/// <summary>
/// Resumable uploads by the tus protocol 1.0.0 (https://tus.io/protocols/resumable-upload): core, creation, termination. Any tus client works;
/// the pages' own is <c>wwwroot/upload.js</c>.
/// </summary>
public static class UploadEndpoints
{
    private const string Version = "1.0.0";
    private const string Bytes = "application/offset+octet-stream";

    /// <summary>For the pages, by the cookie of who is signed in.</summary>
    public static void MapUploads(this IEndpointRouteBuilder routes) => Map(routes.MapGroup("/admin/uploads").RequireAuthorization());

    /// <summary>For programs, by their token: the id of a whole upload then takes the place of a body.</summary>
    public static void MapUploadApi(this RouteGroupBuilder api) => Map(api.MapGroup("/uploads").WithTags("Uploads").Needs(TokenScopes.Design));

    private static void Map(RouteGroupBuilder uploads)
    {
        uploads.WithMetadata(new DisableRequestSizeLimitAttribute());
        uploads.AddEndpointFilter(async (call, next) =>
        {
            call.HttpContext.Response.Headers["Tus-Resumable"] = Version;
            return call.HttpContext.Request.Headers["Tus-Resumable"] == Version ? await next(call) : Results.StatusCode(StatusCodes.Status412PreconditionFailed);
        });
        uploads.MapPost("", Create).WithSummary("Begin an upload (tus: creation)");
        uploads.MapMethods("/{id:guid}", ["HEAD"], Head).WithSummary("How much of an upload has arrived (tus: core)");
        uploads.MapPatch("/{id:guid}", PatchAsync).WithSummary("Go on with an upload (tus: core)");
        uploads.MapDelete("/{id:guid}", (Guid id, Uploads store, HttpContext http) =>
        {
            if (store.Find(id, Owner(http.User)) is null) return Results.NotFound();
            store.Delete(id);
            return Results.NoContent();
        }).WithSummary("Give an upload up (tus: termination)");
    }

    /// <summary>To whom an upload belongs.</summary>
    public static string Owner(ClaimsPrincipal person) => person.FindFirstValue(ClaimTypes.NameIdentifier) ?? "";

    /// <summary>An upload of this person's that has arrived whole.</summary>
    /// <exception cref="RefusedException">There is none of this id, or a part is missing.</exception>
    internal static Upload Whole(Uploads store, Guid id, ClaimsPrincipal person)
    {
        if (store.Find(id, Owner(person)) is not { } upload) throw new RefusedException("There is no such upload: begin it at /api/v1/uploads.", Refusal.Missing);
        if (!upload.IsWhole) throw new RefusedException($"{upload.Offset} of {upload.Length} bytes of this upload have arrived: send the rest first.");
        return upload;
    }

    private static IResult Create(Uploads store, IOptions<UploadLimits> limits, HttpContext http)
    {
        if (!long.TryParse(http.Request.Headers["Upload-Length"], NumberStyles.None, CultureInfo.InvariantCulture, out var length)) return Results.BadRequest("The header Upload-Length says how many bytes will come.");
        if (length > limits.Value.LargestBytes) return Results.Text($"The file is larger than {limits.Value.LargestBytes >> 20} MB.", statusCode: StatusCodes.Status413PayloadTooLarge);
        var upload = store.Begin(FileName(http.Request.Headers["Upload-Metadata"].ToString()), length, Owner(http.User));
        return Results.Created($"{http.Request.Path}/{upload.Id}", null);
    }

    private static IResult Head(Guid id, Uploads store, HttpContext http)
    {
        if (store.Find(id, Owner(http.User)) is not { } upload) return Results.NotFound();
        var headers = http.Response.Headers;
        (headers.CacheControl, headers["Upload-Offset"], headers["Upload-Length"]) = ("no-store", Text(upload.Offset), Text(upload.Length));
        return Results.Ok();
    }

    private static async Task<IResult> PatchAsync(Guid id, Uploads store, HttpContext http)
    {
        if (http.Request.ContentType != Bytes) return Results.StatusCode(StatusCodes.Status415UnsupportedMediaType);
        if (store.Find(id, Owner(http.User)) is not { } upload) return Results.NotFound();
        if (http.Request.Headers["Upload-Offset"] != Text(upload.Offset)) return Results.Conflict();
        try
        {
            http.Response.Headers["Upload-Offset"] = Text(await store.AppendAsync(upload, http.Request.Body, http.RequestAborted));
            return Results.NoContent();
        }
        catch (RefusedException e)
        {
            return Results.BadRequest(e.Message);
        }
        catch (IOException) when (!http.RequestAborted.IsCancellationRequested)
        {
            return Results.StatusCode(StatusCodes.Status423Locked);
        }
    }

    // "filename d29ybGQub25ueA==,filetype YQ==": keys with values in base64.
    private static string FileName(string metadata)
    {
        var pair = metadata.Split(',').Select(p => p.Trim().Split(' ')).FirstOrDefault(p => p is ["filename", _]);
        var bytes = new byte[pair?[1].Length ?? 0];
        return pair is not null && Convert.TryFromBase64String(pair[1], bytes, out var count) ? Encoding.UTF8.GetString(bytes, 0, count) : "file";
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}

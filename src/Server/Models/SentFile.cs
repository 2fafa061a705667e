using Microsoft.Extensions.Options;
using PerceptionStudy.Server.Data;

namespace PerceptionStudy.Server.Models;

/// <summary>A file that a program sends: the body of its request, or an upload that has arrived before.</summary>
public sealed class SentFile(Uploads uploads, IOptions<UploadLimits> limits)
{
    /// <summary>How large files of each kind may be.</summary>
    public UploadLimits Limits => limits.Value;

    /// <summary>Takes the file; an upload that was taken goes.</summary>
    /// <param name="http">The request.</param>
    /// <param name="upload">Id of the upload; null for the body.</param>
    /// <param name="mostMegabytes">How large it may be.</param>
    /// <param name="fromBody">Takes a body.</param>
    /// <param name="fromUpload">Takes a file at a path; null for what takes bodies.</param>
    /// <exception cref="RefusedException">There is no such upload, a part of it is missing, or it is too large.</exception>
    public async Task<T> TakeAsync<T>(HttpContext http, Guid? upload, int mostMegabytes, Func<Stream, Task<T>> fromBody, Func<string, Task<T>>? fromUpload = null)
    {
        var most = mostMegabytes * 1024L * 1024;
        if (upload is not { } id)
        {
            http.AllowBody(most);
            return await fromBody(http.Request.Body);
        }
        var sent = UploadEndpoints.Whole(uploads, id, http.User);
        if (sent.Length > most) throw new RefusedException($"{sent.FileName} is larger than {mostMegabytes} MB.");
        var taken = fromUpload is null ? await ReadAsync(uploads.PathOf(id), fromBody) : await fromUpload(uploads.PathOf(id));
        uploads.Delete(id);
        return taken;
    }

    private static async Task<T> ReadAsync<T>(string path, Func<Stream, Task<T>> take)
    {
        await using var file = File.OpenRead(path);
        return await take(file);
    }
}

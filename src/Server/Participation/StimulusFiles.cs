using System.Text;
using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Data;

namespace PerceptionStudy.Server.Participation;

/// <summary>
/// Sends the picture of a trial under its random address. Every picture gets the same headers: no type, date, tag or name that would tell
/// a natural stimulus, a metamer and a catch trial's icon apart; only the bytes differ.
/// </summary>
public static class StimulusFiles
{
    public static async Task<IResult> SendAsync(string key, StudyDb db, BlobStore blobs, IWebHostEnvironment site, HttpContext http)
    {
        var trial = await db.Trials.Where(t => t.StimulusKey == key)
            .Select(t => new { t.CorrectCategory, Sha256 = db.Stimuli.Where(s => s.Id == t.StimulusId).Select(s => s.Sha256).FirstOrDefault() })
            .FirstOrDefaultAsync(http.RequestAborted);
        if (trial is null) return Results.NotFound();
        var content = trial.Sha256 is { } sha256 ? File.OpenRead(blobs.PathOf(sha256)) : Icon(trial.CorrectCategory, site);
        http.Response.Headers.CacheControl = "private, max-age=86400, immutable";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        http.Response.Headers.ContentDisposition = "inline; filename=stimulus";
        return Results.Stream(content, "application/octet-stream");
    }

    private static Stream Icon(string category, IWebHostEnvironment site)
    {
        var file = site.WebRootFileProvider.GetFileInfo($"icons/{category}.svg");
        if (file.Exists) return file.CreateReadStream();
        // A category that has no drawing is shown by its name.
        var label = System.Security.SecurityElement.Escape(category);
        return new MemoryStream(Encoding.UTF8.GetBytes(
            $"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 224 224" width="224" height="224"><rect width="224" height="224" fill="#e7e5e4"/><text x="112" y="122" font-family="sans-serif" font-size="32" text-anchor="middle" fill="#1c1917">{label}</text></svg>
            """));
    }
}

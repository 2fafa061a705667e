using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Participation.OnDemand;

namespace PerceptionStudy.Server.Participation;

/// <summary>
/// Sends the picture of a trial under its random address. Every picture of a study has the same headers, length and form: nothing tells a
/// natural stimulus, a metamer and a catch trial's icon apart but what they look like.
/// </summary>
public static class StimulusFiles
{
    public static async Task<IResult> SendAsync(string key, StudyDb db, PresentedPictures pictures, TrialSettlement settlement, HttpContext http)
    {
        var found =
            from t in db.Trials
            join s in db.Sessions on t.SessionId equals s.Id
            where t.StimulusKey == key
            select new { t.Id, t.SessionId, t.IsOpen, s.StudyVersionId, t.CorrectCategory, Sha256 = db.Stimuli.Where(x => x.Id == t.StimulusId).Select(x => x.Sha256).FirstOrDefault() };
        var trial = await found.FirstOrDefaultAsync(http.RequestAborted);
        if (trial is { IsOpen: true })
        {
            await settlement.SettleAsync(trial.StudyVersionId, trial.SessionId, trial.Id, http.RequestAborted);
            trial = await found.FirstOrDefaultAsync(http.RequestAborted);
        }
        if (trial is null) return Results.NotFound();
        var path = trial.Sha256 is { } sha256
            ? await pictures.OfStimulusAsync(db, trial.StudyVersionId, sha256, http.RequestAborted)
            : await pictures.OfIconAsync(db, trial.StudyVersionId, trial.CorrectCategory, http.RequestAborted);
        var content = await File.ReadAllBytesAsync(path, http.RequestAborted);
        http.Response.Headers.CacheControl = "private, max-age=86400, immutable";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        http.Response.Headers.ContentDisposition = "inline; filename=stimulus";
        // By it the browser knows whether everything arrived as it was sent (RFC 9530).
        http.Response.Headers["Repr-Digest"] = $"sha-256=:{Convert.ToBase64String(SHA256.HashData(content))}:";
        return Results.Bytes(content, "application/octet-stream");
    }
}

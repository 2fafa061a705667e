using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Participation.OnDemand;

namespace PerceptionStudy.Server.Participation;

/// <summary>
/// Sends the picture or sound of a trial under its random address. Every file of a study has the same headers, length and form: nothing tells a
/// natural stimulus, a metamer and a catch trial's icon or clear word apart but what they look or sound like.
/// </summary>
public static class StimulusFiles
{
    public static async Task<IResult> SendAsync(string key, StudyDb db, PresentedPictures pictures, PresentedSounds sounds, TrialSettlement settlement, HttpContext http)
    {
        var found =
            from t in db.Trials
            join s in db.Sessions on t.SessionId equals s.Id
            where t.StimulusKey == key
            select new { t.Id, t.SessionId, t.IsOpen, s.StudyVersionId, t.CorrectCategory, Shown = db.Stimuli.Where(x => x.Id == t.StimulusId).Select(x => new { x.Sha256, IsSound = x.Sound != null }).FirstOrDefault() };
        var trial = await found.FirstOrDefaultAsync(http.RequestAborted);
        if (trial is { IsOpen: true })
        {
            await settlement.SettleAsync(trial.StudyVersionId, trial.SessionId, trial.Id, http.RequestAborted);
            trial = await found.FirstOrDefaultAsync(http.RequestAborted);
        }
        if (trial is null) return Results.NotFound();
        var path = trial.Shown switch
        {
            null => await pictures.OfIconAsync(db, trial.StudyVersionId, trial.CorrectCategory, http.RequestAborted),
            { IsSound: true } sound => await sounds.OfStimulusAsync(db, trial.StudyVersionId, sound.Sha256, http.RequestAborted),
            var picture => await pictures.OfStimulusAsync(db, trial.StudyVersionId, picture.Sha256, http.RequestAborted),
        };
        var content = await File.ReadAllBytesAsync(path, http.RequestAborted);
        http.Response.Headers.CacheControl = "private, max-age=86400, immutable";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        http.Response.Headers.ContentDisposition = "inline; filename=stimulus";
        // By it the browser knows whether everything arrived as it was sent (RFC 9530).
        http.Response.Headers["Repr-Digest"] = $"sha-256=:{Convert.ToBase64String(SHA256.HashData(content))}:";
        return Results.Bytes(content, "application/octet-stream");
    }
}

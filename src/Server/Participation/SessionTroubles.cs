using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Data;

namespace PerceptionStudy.Server.Participation;

/// <summary>Keeps what went wrong in a participant's browser, for the researchers' page. A browser that repeats itself is noted a few times only.</summary>
public static partial class SessionTroubles
{
    private const int MostOfASession = 20, LongestDetail = 300;

    /// <summary>Adds refusals to what is saved next; none of a session that is over, since a late answer is nobody's fault.</summary>
    public static async Task NoteRefusedAsync(StudyDb db, Guid sessionId, IReadOnlyList<ParticipantRefusedException> refusals, DateTimeOffset now, CancellationToken cancel = default)
    {
        var unexpected = refusals.Where(r => r.Status != StatusCodes.Status409Conflict).Select(r => Quoted().Replace(r.Message, "An answer")).Distinct().ToList();
        if (unexpected.Count == 0 || !await db.Sessions.AnyAsync(s => s.Id == sessionId, cancel)) return;
        var before = await db.SessionEvents.Where(e => e.SessionId == sessionId && e.Kind == SessionEventKind.AnswerRefused).Select(e => e.Detail).ToListAsync(cancel);
        foreach (var sentence in unexpected.Where(s => !before.Contains(s)).Take(MostOfASession - before.Count)) db.Note(sessionId, SessionEventKind.AnswerRefused, now, sentence);
    }

    /// <summary>A browser says that the picture of a trial could not be loaded; the picture's own random address is the key.</summary>
    public static async Task<IResult> ReceiveFailureAsync(string key, StudyDb db, TimeProvider time, HttpContext http)
    {
        var cancel = http.RequestAborted;
        var trial = await db.Trials.AsNoTracking().Where(t => t.StimulusKey == key).Select(t => new { t.SessionId, t.Position }).FirstOrDefaultAsync(cancel);
        if (trial is null) return Results.NotFound();
        var detail = $"trial {trial.Position}: {await ReadAsync(http)}";
        var before = await db.SessionEvents.Where(e => e.SessionId == trial.SessionId && e.Kind == SessionEventKind.PictureFailed).Select(e => e.Detail).ToListAsync(cancel);
        // The browser repeats a report whose receipt was lost.
        if (before.Count < MostOfASession && !before.Contains(detail))
        {
            db.Note(trial.SessionId, SessionEventKind.PictureFailed, time.GetUtcNow(), detail);
            await db.SaveChangesAsync(cancel);
        }
        return Results.NoContent();
    }

    private static async Task<string> ReadAsync(HttpContext http)
    {
        var bytes = new byte[4 * LongestDetail];
        var length = await http.Request.Body.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, http.RequestAborted);
        var text = System.Text.Encoding.UTF8.GetString(bytes, 0, length).ReplaceLineEndings(" ").Trim();
        // Its own address would tell the key; the trial's number says the same.
        text = Address().Replace(text, "the picture");
        return text.Length <= LongestDetail ? text : text[..LongestDetail];
    }

    // What was answered is never kept outside the responses.
    [GeneratedRegex("'.*?'")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"\S*stimuli/[0-9a-f]+")]
    private static partial Regex Address();
}

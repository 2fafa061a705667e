using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Data;

namespace PerceptionStudy.Server.Participation.Privacy;

/// <summary>
/// Everything that is stored about one participant, as JSON (GDPR, articles 15 and 20). It is what the person gave and what their browser measured; conditions
/// and right answers are the study's, and are not in it.
/// </summary>
public static class ParticipantData
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.Create(System.Text.Unicode.UnicodeRanges.All) };

    /// <summary>The session of a person with this withdrawal code, or null.</summary>
    public static async Task<Guid?> FindAsync(StudyDb db, string? code, CancellationToken cancel = default)
    {
        var clean = Codes.Clean(code);
        return await db.Sessions.Where(s => s.WithdrawCode == clean && s.ObserverType == ObserverType.Human).Select(s => (Guid?)s.Id).FirstOrDefaultAsync(cancel);
    }

    /// <summary>UTF-8 JSON; null where there is no such session.</summary>
    public static async Task<byte[]?> OfAsync(StudyDb db, Guid sessionId, CancellationToken cancel = default)
    {
        var session = await db.Sessions.AsNoTracking().FirstOrDefaultAsync(s => s.Id == sessionId, cancel);
        if (session is null) return null;
        var version = await db.StudyVersions.AsNoTracking().FirstAsync(v => v.Id == session.StudyVersionId, cancel);
        var recruit = await db.Recruits.AsNoTracking().FirstOrDefaultAsync(r => r.SessionId == sessionId, cancel);
        var questionnaire = await db.SessionQuestionnaires.AsNoTracking().FirstOrDefaultAsync(q => q.SessionId == sessionId, cancel);
        var events = await db.SessionEvents.AsNoTracking().Where(e => e.SessionId == sessionId).OrderBy(e => e.At).ToListAsync(cancel);
        var answers = await db.Trials.AsNoTracking().Where(t => t.SessionId == sessionId && t.Response != null).OrderBy(t => t.Position).Select(t => new { t.Position, t.Phase, t.Response }).ToListAsync(cancel);
        return JsonSerializer.SerializeToUtf8Bytes(new
        {
            Study = version.Design.Title,
            Session = new { session.Id, session.State, session.StartedAt, session.LastSeenAt, session.CompletedAt, session.CompletionCode, session.WithdrawCode, session.Resumptions, Browser = session.UserAgent },
            AgreedTo = new { Text = version.Design.Consent, Sha256 = session.ConsentSha256 },
            Recruiter = recruit is null ? null : new { recruit.Recruiter, ParticipantId = db.RecruiterIds.Open(recruit.ParticipantId), SubmissionId = db.RecruiterIds.Open(recruit.SubmissionId), recruit.ProjectId },
            AboutYou = questionnaire is null ? null : new { questionnaire.AgeYears, Sex = questionnaire.Sex?.ToString(), Vision = questionnaire.Vision?.ToString(), questionnaire.Comments, questionnaire.ReceivedAt },
            Answers = answers.Select(a => new
            {
                Trial = a.Position + 1, Phase = a.Phase.ToString(), Kind = a.Response!.Kind.ToString(), a.Response.Choice, a.Response.ReactionTimeMs, a.Response.Confidence, a.Response.ConfidenceTimeMs,
                a.Response.ReceivedAt, Timing = JsonNode.Parse(a.Response.TimingJson),
            }),
            // What a researcher noted as reason is about the data, and may name others.
            Events = events.Select(e => new { e.At, Kind = e.Kind.ToString() }),
        }, Json);
    }
}

using PerceptionStudy.Server.Analysis;
using PerceptionStudy.Server.Participation;
using PerceptionStudy.Server.Studies;
using static PerceptionStudy.Server.Analysis.ColumnType;

namespace PerceptionStudy.Server.Export;

/// <summary>The study was opened, closed, or brought into another state.</summary>
internal sealed record StateChange(DateTimeOffset At, string State);

/// <summary>Something that happened to the study.</summary>
internal sealed record AuditRow(DateTimeOffset At, string Event, int? Version, string? Participant, string? Detail);

/// <summary>What the database knows of the study's history: its making, its versions, and when each session began and ended.</summary>
internal static class AuditTable
{
    public static readonly TableSchema<AuditRow> Table = new("audit", "One row is one event in the life of the study, in order of time.",
    [
        new("at", Time, "UTC", "ISO 8601", "When it happened.", null, a => a.At),
        new("event", Word, null, "study_created, version_published, draft_frozen, state_changed, session_started, session_completed, session_resumed, session_left, session_withdrawn, session_failed_gate, session_screened_out, session_expired, session_excluded, session_restored, metamers_replaced, trials_left_out, answer_refused, picture_failed, exported", "What happened.", null, a => a.Event),
        new("study_version", Whole, null, "1 or more; -1, -2, … for drafts", "The version that it concerns.", "if it concerns no single version", a => a.Version),
        new("participant", Word, null, "P1, P2, …; S for synthetic, T for preview", "The participant that it concerns.", "if it concerns none", a => a.Participant),
        new("detail", FreeText, null, "any text", "The design's SHA-256 for a published version or a draft that was tried, the state into which the study was brought, the reason of an exclusion, what became of withdrawn answers, how many trials were replaced or left out, why an answer was refused or a picture could not be loaded.", "where there is nothing to add", a => a.Detail),
    ]);

    public static IEnumerable<AuditRow> Of(Study study, IReadOnlyList<StudyVersion> versions, IReadOnlyList<ParticipantRow> participants, IReadOnlyList<SessionEvent> happened, IReadOnlyList<StateChange> states, DateTimeOffset exportedAt)
    {
        var events = new List<AuditRow> { new(study.CreatedAt, "study_created", null, null, null) };
        events.AddRange(versions.Select(v => new AuditRow(v.PublishedAt, v.IsPublished ? "version_published" : "draft_frozen", v.Number, null, v.DesignSha256)));
        events.AddRange(states.Select(s => new AuditRow(s.At, "state_changed", null, null, s.State)));
        foreach (var p in participants)
        {
            events.Add(new AuditRow(p.Session.StartedAt, "session_started", p.Version, p.Id, null));
            if (p.Session.CompletedAt is { } completed) events.Add(new AuditRow(completed, "session_completed", p.Version, p.Id, null));
        }
        var whose = participants.ToDictionary(p => p.Session.Id);
        foreach (var e in happened.Where(e => whose.ContainsKey(e.SessionId)))
            events.Add(new AuditRow(e.At, NameOf(e.Kind), whose[e.SessionId].Version, whose[e.SessionId].Id, e.Detail));
        events.Add(new AuditRow(exportedAt, "exported", null, null, null));
        return events.OrderBy(e => e.At);
    }

    private static string NameOf(SessionEventKind kind) => kind switch
    {
        SessionEventKind.FailedGate => "session_failed_gate",
        SessionEventKind.ScreenedOut => "session_screened_out",
        SessionEventKind.MetamersReplaced => "metamers_replaced",
        SessionEventKind.TrialsLeftOut => "trials_left_out",
        SessionEventKind.AnswerRefused => "answer_refused",
        SessionEventKind.PictureFailed => "picture_failed",
        _ => "session_" + Words.Of(kind),
    };
}

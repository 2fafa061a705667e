using PerceptionStudy.Server.Analysis;
using PerceptionStudy.Server.Participation;
using PerceptionStudy.Server.Studies;
using static PerceptionStudy.Server.Analysis.ColumnType;

namespace PerceptionStudy.Server.Export;

/// <summary>Something that happened to the study.</summary>
internal sealed record AuditRow(DateTimeOffset At, string Event, int? Version, string? Participant, string? Detail);

/// <summary>What the database knows of the study's history: its making, its versions, and when each session began and ended.</summary>
internal static class AuditTable
{
    public static readonly TableSchema<AuditRow> Table = new("audit", "One row is one event in the life of the study, in order of time.",
    [
        new("at", Time, "UTC", "ISO 8601", "When it happened.", null, a => a.At),
        new("event", Word, null, "study_created, version_published, session_started, session_completed, session_withdrawn, exported", "What happened.", null, a => a.Event),
        new("study_version", Whole, null, "1 or more", "The version that it concerns.", "if it concerns no single version", a => a.Version),
        new("participant", Word, null, "P1, P2, …; S for synthetic", "The participant that it concerns.", "if it concerns none", a => a.Participant),
        new("detail", FreeText, null, "any text", "The design's SHA-256 for a published version.", "where there is nothing to add", a => a.Detail),
    ]);

    public static IEnumerable<AuditRow> Of(Study study, IReadOnlyList<StudyVersion> versions, IReadOnlyList<ParticipantRow> participants, DateTimeOffset exportedAt)
    {
        var events = new List<AuditRow> { new(study.CreatedAt, "study_created", null, null, null) };
        events.AddRange(versions.Select(v => new AuditRow(v.PublishedAt, "version_published", v.Number, null, v.DesignSha256)));
        foreach (var p in participants)
        {
            events.Add(new AuditRow(p.Session.StartedAt, "session_started", p.Version, p.Id, null));
            if (p.Session.CompletedAt is { } completed) events.Add(new AuditRow(completed, "session_completed", p.Version, p.Id, null));
            if (p.Session.State == SessionState.Withdrawn) events.Add(new AuditRow(p.Session.LastSeenAt, "session_withdrawn", p.Version, p.Id, null));
        }
        events.Add(new AuditRow(exportedAt, "exported", null, null, null));
        return events.OrderBy(e => e.At);
    }
}

using System.ComponentModel.DataAnnotations.Schema;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using PerceptionStudy.Server.Accounts.Auditing;
using PerceptionStudy.Server.Data;

namespace PerceptionStudy.Server.Participation;

public enum SessionEventKind
{
    /// <summary>Gone on with after an interruption.</summary>
    Resumed,

    /// <summary>Stopped early; the answers are kept.</summary>
    Left,

    /// <summary>Withdrew; the detail says what became of the answers.</summary>
    Withdrawn,

    FailedGate,

    /// <summary>Did not pass the headphone check; the detail says how many rounds were right.</summary>
    FailedHeadphones,

    ScreenedOut,

    /// <summary>Silent for so long that the place was given back.</summary>
    Expired,

    /// <summary>Left out by a researcher; the detail says why.</summary>
    Excluded,

    /// <summary>Taken in again by a researcher.</summary>
    Restored,

    /// <summary>Some metamers that were drawn were not accepted: natural stimuli took their places; the detail says how many.</summary>
    MetamersReplaced,

    /// <summary>Some trials were left out, because no accepted metamer was left to draw; the detail says how many.</summary>
    TrialsLeftOut,

    /// <summary>An answer of this browser was not stored; the detail says why, without the answer.</summary>
    AnswerRefused,

    /// <summary>The browser gave up loading a picture or sound, after several attempts; the detail says of which trial, and why.</summary>
    PictureFailed,
}

/// <summary>Something that happened to a session besides its beginning, its answers and its completion. It never holds an answer.</summary>
[Audited(When = nameof(IsByResearcher), Study = nameof(StudyId))]
public sealed class SessionEvent
{
    public Guid Id { get; set; }
    public Guid SessionId { get; set; }
    public DateTimeOffset At { get; set; }
    public SessionEventKind Kind { get; set; }
    public string? Detail { get; set; }

    /// <summary>Only for the audit log: the study of what a researcher does; it is not stored here.</summary>
    [NotMapped]
    public Guid? StudyId { get; init; }

    [NotMapped]
    public bool IsByResearcher => Kind is SessionEventKind.Excluded or SessionEventKind.Restored;
}

internal static class SessionEvents
{
    /// <summary>Adds an event to what is saved next.</summary>
    public static void Note(this StudyDb db, Guid sessionId, SessionEventKind kind, DateTimeOffset at, string? detail = null, Guid? studyId = null) =>
        db.SessionEvents.Add(new SessionEvent { Id = Guid.CreateVersion7(at), SessionId = sessionId, At = at, Kind = kind, Detail = detail, StudyId = studyId });
}

internal sealed class SessionEventConfiguration : IEntityTypeConfiguration<SessionEvent>
{
    public void Configure(EntityTypeBuilder<SessionEvent> happened)
    {
        happened.Property(e => e.Kind).HasConversion<string>().HasMaxLength(24);
        happened.HasOne<Session>().WithMany().HasForeignKey(e => e.SessionId).OnDelete(DeleteBehavior.Cascade);
    }
}

using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Studies;

namespace PerceptionStudy.Server.Participation;

/// <summary>What somebody reads at the end of a session: made on the server, for the end page and for whoever opens the study's link again.</summary>
public sealed record SessionEnding
{
    public required string Title { get; init; }
    public required string[] Paragraphs { get; init; }

    /// <summary>The code to hand in, or null.</summary>
    public string? Code { get; init; }

    /// <summary>Whether the code proves completion.</summary>
    public bool IsCompletion { get; init; }

    /// <summary>Where the button leads, or null.</summary>
    public string? ReturnAddress { get; init; }

    /// <summary>With it the answers can be withdrawn later; null where there are none.</summary>
    public string? WithdrawCode { get; init; }

    /// <summary>The ending of a session; null while it is under way.</summary>
    public static async Task<SessionEnding?> OfAsync(StudyDb db, PublishedDesigns designs, Session session, CancellationToken cancel = default)
    {
        var design = await designs.OfAsync(db, session.StudyVersionId, cancel);
        var (page, title, usual) = session.State switch
        {
            SessionState.Completed or SessionState.Excluded => (design.Ends.Completed, "Thank you", "All your answers are stored."),
            SessionState.Left => (design.Ends.Left, "You have stopped", "The answers that you gave are stored. Thank you for your time."),
            SessionState.Withdrawn => (design.Ends.Withdrawn, "You have withdrawn", "Your answers were deleted. Thank you for your time."),
            SessionState.FailedGate => (design.Ends.FailedGate, "The study ends here", "For the main part, more of the practice has to be right. Thank you for trying."),
            SessionState.ScreenedOut => (design.Ends.ScreenedOut, "Thank you for your interest", "This study looks for people of whom all of the statements are true, so you cannot take part."),
            SessionState.Expired => (design.Ends.Expired, "Too late to go on", "You were away for so long that your place was given back. The answers that you gave are stored."),
            _ => (null, "", ""),
        };
        if (page is null) return null;

        var recruit = await db.Recruits.AsNoTracking().FirstOrDefaultAsync(r => r.SessionId == session.Id, cancel);
        var completed = session.State is SessionState.Completed or SessionState.Excluded;
        var code = completed ? session.CompletionCode : page.Code;
        var thanks = completed && !string.IsNullOrWhiteSpace(design.Thanks) ? Paragraph(design.Thanks) : [];
        return new SessionEnding
        {
            Title = title,
            Paragraphs = [.. thanks, .. string.IsNullOrWhiteSpace(page.Text) ? [usual] : Paragraph(page.Text)],
            Code = code,
            IsCompletion = completed,
            ReturnAddress = ReturnPattern.Fill(page.ReturnPattern, code, recruit?.ParticipantId, recruit?.SubmissionId),
            WithdrawCode = session.State is SessionState.Withdrawn or SessionState.ScreenedOut ? null : session.WithdrawCode,
        };
    }

    /// <summary>What somebody reads who came when all places were taken.</summary>
    public static SessionEnding Full(StudyDesign design, RecruiterLink? recruiter) => new()
    {
        Title = design.Title,
        Paragraphs = string.IsNullOrWhiteSpace(design.Ends.Full.Text) ? ["All places of this study are taken: thank you for your interest."] : Paragraph(design.Ends.Full.Text),
        Code = design.Ends.Full.Code,
        ReturnAddress = ReturnPattern.Fill(design.Ends.Full.ReturnPattern, design.Ends.Full.Code, recruiter?.ParticipantId, recruiter?.SubmissionId),
    };

    private static string[] Paragraph(string text) => text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}

using System.Text.Encodings.Web;
using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Studies;
using PerceptionStudy.Shared.Texts;

namespace PerceptionStudy.Server.Participation;

/// <summary>What somebody reads at the end of a session: made on the server, for the end page and for whoever opens the study's link again.</summary>
public sealed record SessionEnding
{
    public required ParticipantTexts Texts { get; init; }
    public required string Title { get; init; }

    /// <summary>What is read, made safe.</summary>
    public required string Html { get; init; }

    /// <summary>The code to hand in, or null.</summary>
    public string? Code { get; init; }

    /// <summary>Whether the code proves completion.</summary>
    public bool IsCompletion { get; init; }

    /// <summary>Where the button leads, or null.</summary>
    public string? ReturnAddress { get; init; }

    /// <summary>With it the answers can be withdrawn later; null where there are none.</summary>
    public string? WithdrawCode { get; init; }

    /// <summary>The ending of a session; null while it is under way.</summary>
    /// <param name="db">The database.</param>
    /// <param name="designs">Published designs.</param>
    /// <param name="session">The session.</param>
    /// <param name="browserLanguages">What the browser asks for (<c>Accept-Language</c>), where the study leaves the language to it.</param>
    public static async Task<SessionEnding?> OfAsync(StudyDb db, PublishedDesigns designs, Session session, string? browserLanguages, CancellationToken cancel = default)
    {
        var design = await designs.OfAsync(db, session.StudyVersionId, cancel);
        var texts = ParticipantTexts.In(design.Language, browserLanguages);
        var (page, title, usual) = session.State switch
        {
            SessionState.Completed or SessionState.Excluded => (design.Ends.Completed, texts.ThankYou, texts.AllStored),
            SessionState.Left => (design.Ends.Left, texts.Stopped, texts.StoppedWhy),
            SessionState.Withdrawn => (design.Ends.Withdrawn, texts.Withdrew, texts.WithdrewWhy),
            SessionState.FailedGate => (design.Ends.FailedGate, texts.GateFailed, texts.GateFailedWhy),
            SessionState.FailedHeadphones => (design.Ends.FailedHeadphones, texts.FailedHeadphones, texts.FailedHeadphonesWhy),
            SessionState.ScreenedOut => (design.Ends.ScreenedOut, texts.ScreenedOut, texts.ScreenedOutWhy),
            SessionState.Expired => (design.Ends.Expired, texts.Expired, texts.ExpiredWhy),
            _ => (null, "", ""),
        };
        if (page is null) return null;

        var recruit = await db.Recruits.AsNoTracking().FirstOrDefaultAsync(r => r.SessionId == session.Id, cancel);
        var completed = session.State is SessionState.Completed or SessionState.Excluded;
        var code = completed ? session.CompletionCode : page.Code;
        return new SessionEnding
        {
            Texts = texts,
            Title = title,
            Html = (completed ? ParticipantMarkdown.Html(design.Thanks) : "") + TextOf(page, usual),
            Code = code,
            IsCompletion = completed,
            ReturnAddress = ReturnPattern.Fill(page.ReturnPattern, code, db.RecruiterIds.Open(recruit?.ParticipantId), db.RecruiterIds.Open(recruit?.SubmissionId)),
            WithdrawCode = session.State is SessionState.Withdrawn or SessionState.ScreenedOut ? null : session.WithdrawCode,
        };
    }

    /// <summary>What somebody reads who came when all places were taken.</summary>
    public static SessionEnding Full(StudyDesign design, RecruiterLink? recruiter, ParticipantTexts texts) => new()
    {
        Texts = texts,
        Title = design.Title,
        Html = TextOf(design.Ends.Full, texts.Full),
        Code = design.Ends.Full.Code,
        ReturnAddress = ReturnPattern.Fill(design.Ends.Full.ReturnPattern, design.Ends.Full.Code, recruiter?.ParticipantId, recruiter?.SubmissionId),
    };

    private static string TextOf(Studies.EndPage page, string usual) =>
        string.IsNullOrWhiteSpace(page.Text) ? $"<p>{HtmlEncoder.Default.Encode(usual)}</p>" : ParticipantMarkdown.Html(page.Text);
}

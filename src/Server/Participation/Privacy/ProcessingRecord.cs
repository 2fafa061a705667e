using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Studies;

namespace PerceptionStudy.Server.Participation.Privacy;

/// <summary>
/// The record of processing of a study (GDPR, article 30), for the ethics board and the data protection officer: Markdown, filled from the settings of the
/// latest version, or of the draft. What the program cannot know is marked to be filled in.
/// </summary>
public static class ProcessingRecord
{
    private const string ToFill = "**to be filled in**";

    /// <summary>Null where there is no such study.</summary>
    public static async Task<string?> OfAsync(StudyDb db, Guid studyId, CancellationToken cancel = default)
    {
        if (await db.Studies.AsNoTracking().Include(s => s.Versions).FirstOrDefaultAsync(s => s.Id == studyId, cancel) is not { } study) return null;
        var version = study.Versions.MaxBy(v => v.Number);
        var recruiters = await db.Recruits.Where(r => r.StudyId == studyId).Select(r => r.Recruiter).Distinct().Order().ToListAsync(cancel);
        return Of(study.Name, version?.Design ?? study.Draft, version?.Number, study.Places, recruiters);
    }

    /// <param name="version">Number of the published version; null for a draft.</param>
    /// <param name="recruiters">By whom people have come so far.</param>
    public static string Of(string name, StudyDesign design, int? version, int? places, IReadOnlyList<string> recruiters)
    {
        var privacy = design.Privacy;
        return
            $"""
            # Record of processing: {name}

            {(version is { } number ? $"Version {number} of the study, as published." : "A draft that is not published yet.")} Records of processing activities: article 30 of Regulation (EU) 2016/679 (GDPR).

            | | |
            |---|---|
            | Controller | {Filled(privacy.Controller)} |
            | Contact, data protection officer | {Filled(privacy.Contact)} |
            | Ethics approval | {Filled(privacy.EthicsApproval)} |
            | Purpose | Research: how people recognise natural and synthesised stimuli, compared with neural networks ("{Cell(design.Title)}") |
            | Legal basis | Consent, article 6(1)(a), given before anything is stored; its text is below. {ToFill} if it is another |
            | Whose data | Volunteers{(places is { } most ? $", at most {most}" : "")}{(design.Recruitment.Screening.Length > 0 ? $", who say that: {Cell(string.Join("; ", design.Recruitment.Screening))}" : "")} |
            | Automated decisions | None about people{(design.Practice.RequiredProportion is not null ? "; who gets too few practice trials right does not go on" : "")} |

            ## What is stored

            | data | of whom | why | kept |
            |---|---|---|---|
            | Answers, reaction times{(design.Response.ConfidenceLevels is null ? "" : ", confidence")} | everybody | the measurement itself | {Answers(privacy)} |
            | Timing of the presentation, frame by frame; interruptions | everybody | to judge whether a trial can be trusted | {Answers(privacy)} |
            | Name and version of the browser (user agent) | everybody | faults that depend on it | {Ids(privacy)} |
            | Times of consent, of the last answer, of the end; hash of the consent text | everybody | proof of consent, places that are given back | {Answers(privacy)} |
            {Rows(design, privacy)}
            No names, e-mail addresses or IP addresses are stored. A random key in a cookie of the participant's browser ties the browser to the session for 60 days; it is needed for the study to work.

            ## Who receives them

            Members of the study, by role; each change of members is in the audit log. {(recruiters.Count > 0 ? $"People came by: {string.Join(", ", recruiters)}; the recruiter learns who has taken part, by its own id." : "No recruiter so far.")} Processors (host of the server, host of the backups): {ToFill}. Transfer to a third country: {ToFill}.

            ## What people can do

            - Stop at any time. {(design.Withdrawal == WithdrawalPolicy.Delete ? "Withdraw, also afterwards with the code of the last page: the answers are deleted at once." : "Withdraw, also afterwards with the code of the last page: what ties the answers to the person is deleted at once, the answers stay.")}
            - Download with the same code, on the page /withdraw of the server, everything that is stored about them.
            - Write to the contact above. Complain to a supervisory authority.

            ## How they are protected

            Encrypted on the way (https). Recruiters' ids are encrypted in the database, with keys that lie apart from it. Researchers sign in with a password of at least 12 characters and, where they turn it on, a second factor; five wrong ones close the account for a while. What researchers change is written down in a log that cannot be changed. Backups: {ToFill} where they lie and for how long. docs/security.md of the program says more.

            ## What was agreed to

            {design.Consent.Trim()}
            """;
    }

    private static string Rows(StudyDesign design, PrivacySettings privacy)
    {
        var (rows, asked) = (new List<string>(), design.Questionnaire);
        (bool On, string Name)[] possible = [(asked.Age, "age in years"), (asked.Sex, "sex"), (asked.Vision, "vision")];
        var questions = possible.Where(q => q.On).Select(q => q.Name).ToArray();
        if (questions.Length > 0) rows.Add($"| What people say of themselves: {string.Join(", ", questions)} | who answers | to describe the sample, exclusion rules | {Answers(privacy)} |");
        if (asked.Comments) rows.Add($"| Comments in people's own words | who writes one | faults of the study | {Ids(privacy)} |");
        if (design.Display.SizeDegrees is not null) rows.Add($"| Size of the screen and distance from it, as measured by the participant | everybody | size of the pictures in degrees | {Answers(privacy)} |");
        rows.Add($"| Recruiter's id of the person and of the submission, encrypted; a keyed hash of it | who comes by a recruiter | payment; nobody takes part twice | {Ids(privacy)}; the hash: {Answers(privacy)} |");
        return string.Join('\n', rows) + "\n";
    }

    private static string Ids(PrivacySettings privacy) => privacy.IdsKeptDays is { } days ? $"{days} days after the last answer" : "without end";

    private static string Answers(PrivacySettings privacy) => privacy.AnswersKeptDays is { } days ? $"{days} days after the last answer" : "without end, without tie to the person";

    private static string Filled(string text) => string.IsNullOrWhiteSpace(text) ? ToFill : Cell(text);

    // A cell of a table is one line.
    private static string Cell(string text) => text.Trim().ReplaceLineEndings(", ").Replace("|", "\\|", StringComparison.Ordinal);
}

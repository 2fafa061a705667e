using PerceptionStudy.Server.Data;

namespace PerceptionStudy.Server.Participation;

/// <summary>What a recruiter put into the link by which somebody came.</summary>
/// <param name="ParticipantId">Its id of the person.</param>
/// <param name="SubmissionId">Its id of this submission, assignment or session.</param>
/// <param name="ProjectId">Its id of the study, task or project.</param>
public sealed record RecruiterLink(string Recruiter, string ParticipantId, string? SubmissionId, string? ProjectId)
{
    /// <summary>The "recruiter" of a link that was made here for one person.</summary>
    public const string Personal = "Personal link";

    /// <summary>The parameter of such a link.</summary>
    public const string PersonalParameter = "invite";

    private const int LongestId = 200;

    private sealed record Names(string Recruiter, string Participant, string? Submission, string? Project);

    // Recruiters whose parameters are told apart by name; more than one may use the same, so the order counts.
    private static readonly Names[] Known =
    [
        new(Personal, PersonalParameter, null, null),
        new("Prolific", "PROLIFIC_PID", "SESSION_ID", "STUDY_ID"),
        new("MTurk", "workerId", "assignmentId", "hitId"),
        new("CloudResearch", "participantId", "assignmentId", "projectId"),
        new("SONA", "survey_code", null, "experiment_id"),
        new("SONA", "SONA_ID", null, "experiment_id"),
    ];

    /// <summary>MTurk shows a task before it is accepted, with this in place of the assignment.</summary>
    public bool IsPreview => SubmissionId == "ASSIGNMENT_ID_NOT_AVAILABLE";

    /// <summary>Reads a link's parameters; null where they hold no id.</summary>
    /// <param name="ownParameter">Name of the parameter that the study itself names for the id; it goes before all others.</param>
    public static RecruiterLink? Read(IQueryCollection query, string? ownParameter)
    {
        if (ownParameter is { Length: > 0 } && Value(query, ownParameter) is { } own) return new RecruiterLink("Other", own, null, null);
        foreach (var names in Known)
        {
            if (Value(query, names.Participant) is { } id) return new RecruiterLink(names.Recruiter, id, Value(query, names.Submission), Value(query, names.Project));
            // A preview of MTurk names no worker.
            if (names.Recruiter == "MTurk" && Value(query, names.Submission) is { } assignment && Value(query, "hitId") is { } hit)
                return new RecruiterLink(names.Recruiter, "", assignment, hit);
        }
        return null;
    }

    /// <summary>Whether the same id may take part again: where the study allows it, but a personal link works once.</summary>
    public bool MayRepeat(Studies.RecruitmentSettings settings) => settings.AllowRepeats && Recruiter != Personal;

    /// <summary>Hash by which the same id is known again within a study, lower-case hexadecimal.</summary>
    public string IdSha256(StudyDb db, Guid studyId) => db.RecruiterIds.Hash($"{studyId:N}\n{Recruiter}\n{ParticipantId}");

    // Placeholders that nobody filled in, as in {{%PROLIFIC_PID%}}, are no ids.
    private static string? Value(IQueryCollection query, string? name) =>
        name is not null && query[name].ToString().Trim() is { Length: > 0 and <= LongestId } value && !value.StartsWith("{{", StringComparison.Ordinal) && !value.Contains('%', StringComparison.Ordinal)
            ? value : null;
}

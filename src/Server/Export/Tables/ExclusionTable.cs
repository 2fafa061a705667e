using PerceptionStudy.Server.Analysis;
using PerceptionStudy.Server.Participation;
using static PerceptionStudy.Server.Analysis.ColumnType;

namespace PerceptionStudy.Server.Export;

/// <summary>Something that enters no proportion, and why.</summary>
/// <param name="Trials">How many trials of the session.</param>
internal sealed record ExclusionRow(ParticipantRow Participant, string Scope, string Reason, int Trials);

/// <summary>All that is left out: whole sessions, and trials of sessions that are in. It follows from states, trials and the rules of the design alone.</summary>
internal static class ExclusionTable
{
    public static readonly TableSchema<ExclusionRow> Table = new("exclusions", "One row is one reason for which a session, or some of its trials, enter no proportion.",
    [
        new("study_version", Whole, null, "1 or more; -1, -2, … for drafts", "See participants.csv.", null, e => e.Participant.Version),
        new("session", Whole, null, "1 or more", "See participants.csv.", null, e => e.Participant.Session.Number),
        new("participant", Word, null, "P1, P2, …; S for synthetic, T for preview", "See participants.csv.", null, e => e.Participant.Id),
        new("scope", Word, null, "session, trials", "Whether the whole session is left out or only some of its trials.", null, e => e.Scope),
        new("reason", Word, null, $"withdrawn, excluded, failed_gate, failed_headphones, screened_out, unfinished, {SessionExclusions.AllWords}, practice, catch, swapped, repeated, interrupted",
            "withdrawn: the participant withdrew, the answers are deleted; excluded: a researcher left the session out (see audit.csv); failed_gate: too little of the practice was right; failed_headphones: the headphone check was not passed; screened_out: nothing was shown; unfinished: not every planned trial was answered; "
            + $"{SessionExclusions.AllWords}: an exclusion rule of the design, whose level is in design.json; practice, catch: such trials are not analysed; "
            + "swapped: the drawn metamer was not accepted, so that the natural stimulus was shown; repeated: the timing was bad, and the picture was shown once more; interrupted: the page went before the answer, and the design shows such a trial no second time.", null, e => e.Reason),
        new("trials", Whole, "trials", "0 or more", "Trials left out for this reason: of a session, the planned ones.", null, e => e.Trials),
    ]);

    public static IEnumerable<ExclusionRow> Of(IEnumerable<ParticipantRow> participants)
    {
        foreach (var p in participants)
        {
            if (!p.Included)
            {
                yield return new ExclusionRow(p, "session", p.Session.State is SessionState.Withdrawn or SessionState.Excluded or SessionState.FailedGate or SessionState.FailedHeadphones or SessionState.ScreenedOut ? Words.Of(p.Session.State) : "unfinished", p.Planned);
                continue;
            }
            if (p.Tally.ExcludedBecause is { } rule)
            {
                yield return new ExclusionRow(p, "session", SessionExclusions.Word(rule), p.Planned);
                continue;
            }
            foreach (var (reason, trials) in ((string, int)[])[("practice", p.Tally.Practice), ("catch", p.Tally.Catch), ("swapped", p.Tally.Swapped), ("repeated", p.Tally.Repeated), ("interrupted", p.Tally.Interrupted)])
            {
                if (trials > 0) yield return new ExclusionRow(p, "trials", reason, trials);
            }
        }
    }
}

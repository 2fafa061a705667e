using PerceptionStudy.Server.Analysis.Digests;

namespace PerceptionStudy.Server.Analysis.Results;

/// <summary>Trials of one condition, right or wrong.</summary>
/// <param name="Model">The generating model; null for natural.</param>
public sealed record BalanceLine(string? Model, string Stage, int Trials, int Swapped, int Participants);

/// <summary>How a study runs, without a word of who recognises what: what is shown of a blind study while it is open.</summary>
/// <param name="Verdicts">Trials by timing verdict, catch trials too.</param>
/// <param name="Unanswered">Main trials whose time ran out.</param>
/// <param name="MedianReactionTimeMs">Over all main trials, whatever their condition; null without any.</param>
public sealed record StudyBalance(
    int Participants, IReadOnlyList<BalanceLine> Conditions, IReadOnlyDictionary<TimingVerdict, int> Verdicts, int MainTrials, int Unanswered, int CatchTrials, int CatchCorrect, double? MedianReactionTimeMs)
{
    /// <summary>From all trials of people, before any filter.</summary>
    internal static StudyBalance Of(IReadOnlyList<DigestedSession> sessions, Func<DigestedSession, TrialDigest, (string? Model, string Stage, int Index)> condition)
    {
        var trials = (from session in sessions from trial in session.Trials select (session, trial)).ToList();
        var main = trials.Where(t => !t.trial.IsCatch).ToList();
        double[] times = [.. main.Select(t => t.trial.ReactionTimeMs).Where(t => !double.IsNaN(t)).Order()];
        return new StudyBalance(
            sessions.Count(s => s.Trials.Length > 0),
            [
                .. from cell in main.GroupBy(t => condition(t.session, t.trial))
                   orderby cell.Key.Model is not null, cell.Key.Model, cell.Key.Index
                   select new BalanceLine(cell.Key.Model, cell.Key.Stage, cell.Count(), cell.Count(t => t.trial.Swapped), cell.Select(t => t.session).Distinct().Count())
            ],
            trials.CountBy(t => t.trial.Verdict).ToDictionary(), main.Count, main.Count(t => t.trial.Response < 0),
            trials.Count(t => t.trial.IsCatch), trials.Count(t => t.trial is { IsCatch: true, Correct: true }),
            times.Length == 0 ? null : Statistics.ParticipantBootstrap.Quantile(times, 0.5));
    }
}

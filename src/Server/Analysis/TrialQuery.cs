using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Participation;
using PerceptionStudy.Server.Studies;

namespace PerceptionStudy.Server.Analysis;

/// <summary>Which sessions of a study to read. People and synthetic observers never come together.</summary>
/// <param name="Version">Number of one version, or null for all.</param>
/// <param name="IncludeIncomplete">Also sessions that are still under way or were left; withdrawn ones never.</param>
public sealed record TrialFilter(ObserverType Observers = ObserverType.Human, int? Version = null, bool IncludeIncomplete = false);

/// <summary>Reads the database into trial records: each session's answered trials, followed by each recognising model's answers to its main trials.</summary>
public sealed class TrialQuery(IDbContextFactory<StudyDb> databases)
{
    public async IAsyncEnumerable<TrialRecord> ReadAsync(Guid studyId, TrialFilter filter, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var context = await StudyContext.LoadAsync(db, studyId, filter.Version, cancel);
        var rows =
            from session in db.Sessions
            join version in db.StudyVersions on session.StudyVersionId equals version.Id
            from trial in session.Trials
            where version.StudyId == studyId && session.ObserverType == filter.Observers && session.State != SessionState.Withdrawn
            where trial.Response != null
            where filter.IncludeIncomplete || session.State == SessionState.Completed
            where filter.Version == null || version.Number == filter.Version
            orderby version.Number, session.Number, trial.Position
            select new AnsweredTrial(version.Number, session.Number, session.State == SessionState.Completed, session.StartedAt, trial, trial.Response!);

        // A session's own rows first, then the models': so no row waits for more than one session.
        var ofSession = new List<AnsweredTrial>();
        await foreach (var row in rows.AsNoTracking().AsAsyncEnumerable().WithCancellation(cancel))
        {
            if (ofSession.Count > 0 && ofSession[0].Trial.SessionId != row.Trial.SessionId)
            {
                foreach (var record in Models(ofSession)) yield return record;
                ofSession.Clear();
            }
            ofSession.Add(row);
            yield return context.Participant(row, filter.Observers);
        }
        foreach (var record in Models(ofSession)) yield return record;

        IEnumerable<TrialRecord> Models(List<AnsweredTrial> session) => session.Count == 0
            ? []
            : from model in context.RecognisingModels(session[0].Version)
              from row in session
              let record = context.Model(model, row, filter.Observers)
              where record is not null
              select record;
    }
}

/// <summary>A trial with its answer and what a record needs of its session.</summary>
internal sealed record AnsweredTrial(int Version, int Session, bool Completed, DateTimeOffset StartedAt, Trial Trial, Response Response);

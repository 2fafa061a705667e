using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Analysis;
using PerceptionStudy.Server.Analysis.Results;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Participation;

namespace PerceptionStudy.Bench.Export;

/// <summary>What one would write first: entities with EF Core, row by row and LINQ over all of them. People's rows only, which flatters it.</summary>
internal static class Naive
{
    /// <summary>The columns of the tables behind a trial, as text; the timing stays the JSON that it is.</summary>
    public static async Task CsvAsync(StudyDb db, Guid study, string file)
    {
        await using var text = new StreamWriter(file);
        await foreach (var (session, trial) in Rows(db, study).AsAsyncEnumerable().Select(r => (r.Session, r.Trial)))
        {
            var response = trial.Response!;
            await text.WriteLineAsync(string.Join(',', session.Number, session.State, session.StartedAt.ToString("O"), trial.Position, trial.Phase, trial.StimulusId, trial.NaturalStimulusId,
                trial.ModelId, trial.StageId, trial.Swapped, trial.CorrectCategory, response.Choice, response.Correct, response.ReactionTimeMs, Quoted(response.TimingJson), response.ReceivedAt.ToString("O")));
        }

        static string Quoted(string value) => $"\"{value.Replace("\"", "\"\"")}\"";
    }

    public static async Task<StudySummary> SummaryAsync(StudyDb db, Guid study)
    {
        var models = await db.Models.ToDictionaryAsync(m => m.Id, m => m.Name);
        var stages = await db.Stages.ToDictionaryAsync(s => s.Id, s => s);
        var rows = await Rows(db, study).ToListAsync();
        return StudySummary.Of(ResultsSource.Of([.. rows.Select(r => new TrialRecord
        {
            Study = FilledStudy.Name, StudyVersion = 1, Observer = ObserverKind.Human, ObserverId = $"P{r.Session.Number}", SessionObserver = ObserverKind.Human, Session = r.Session.Number,
            SessionCompleted = true, Position = r.Trial.Position, IsPractice = false, Condition = r.Trial.ModelId is null ? ConditionKind.Natural : ConditionKind.Metamer,
            GeneratingModel = r.Trial.ModelId is { } model ? models[model] : null, Stage = r.Trial.StageId is { } stage ? stages[stage].Name : null,
            StageIndex = r.Trial.StageId is { } place ? stages[place].Position + 1 : 0, Category = r.Trial.CorrectCategory, Choices = 16, Response = r.Trial.Response!.Choice,
            Correct = r.Trial.Response.Correct, SessionStartedAt = r.Session.StartedAt,
        })]), FilledStudy.Name);
    }

    private sealed record Row(Session Session, Trial Trial);

    private static IQueryable<Row> Rows(StudyDb db, Guid study) =>
        from session in db.Sessions
        join version in db.StudyVersions on session.StudyVersionId equals version.Id
        join trial in db.Trials.Include(t => t.Response) on session.Id equals trial.SessionId
        where version.StudyId == study && session.State == SessionState.Completed && trial.Response != null
        orderby session.Number, trial.Position
        select new Row(session, trial);
}

using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using NpgsqlTypes;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Participation;

namespace PerceptionStudy.Bench.Export;

/// <summary>Writes sessions with their answered trials as fast as each database takes them.</summary>
public abstract class BulkRows : IAsyncDisposable
{
    private readonly List<(Session Session, Trial[] Trials)> waiting = [];

    public static async Task<BulkRows> OpenAsync(StudyDb db)
    {
        await db.Database.OpenConnectionAsync();
        return db.Database.GetDbConnection() is NpgsqlConnection postgres ? new Postgres(db, postgres) : new Sqlite(db);
    }

    public async Task AddAsync(Session session, IEnumerable<Trial> trials)
    {
        waiting.Add((session, [.. trials]));
        if (waiting.Count >= 100) await FlushAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await FlushAsync();
        GC.SuppressFinalize(this);
    }

    protected abstract Task WriteAsync(IReadOnlyList<Trial> trials);

    protected StudyDb Db { get; }

    private BulkRows(StudyDb db) => Db = db;

    private async Task FlushAsync()
    {
        if (waiting.Count == 0) return;
        Db.Sessions.AddRange(waiting.Select(w => w.Session));
        await Db.SaveChangesAsync();
        Db.ChangeTracker.Clear();
        await WriteAsync([.. waiting.SelectMany(w => w.Trials)]);
        waiting.Clear();
    }

    private sealed class Postgres(StudyDb db, NpgsqlConnection connection) : BulkRows(db)
    {
        protected override async Task WriteAsync(IReadOnlyList<Trial> trials)
        {
            await using (var copy = await connection.BeginBinaryImportAsync(
                """COPY "Trials" ("Id","SessionId","Position","Phase","IsCatch","StimulusId","NaturalStimulusId","ModelId","StageId","Swapped","CorrectCategory","StimulusKey","MaskSeed") FROM STDIN BINARY"""))
            {
                foreach (var t in trials)
                {
                    await copy.StartRowAsync();
                    await copy.WriteAsync(t.Id);
                    await copy.WriteAsync(t.SessionId);
                    await copy.WriteAsync(t.Position);
                    await copy.WriteAsync(t.Phase.ToString());
                    await copy.WriteAsync(t.IsCatch);
                    foreach (var id in (Guid?[])[t.StimulusId, t.NaturalStimulusId, t.ModelId, t.StageId])
                    {
                        if (id is { } value) await copy.WriteAsync(value);
                        else await copy.WriteNullAsync();
                    }
                    await copy.WriteAsync(t.Swapped);
                    await copy.WriteAsync(t.CorrectCategory);
                    await copy.WriteAsync(t.StimulusKey);
                    await copy.WriteAsync(t.MaskSeed);
                }
                await copy.CompleteAsync();
            }
            await using var responses = await connection.BeginBinaryImportAsync(
                """COPY "Responses" ("TrialId","Kind","Choice","Correct","ReactionTimeMs","TimingJson","ReceivedAt") FROM STDIN BINARY""");
            foreach (var r in trials.Select(t => t.Response!))
            {
                await responses.StartRowAsync();
                await responses.WriteAsync(r.TrialId);
                await responses.WriteAsync(r.Kind.ToString());
                await responses.WriteAsync(r.Choice);
                await responses.WriteAsync(r.Correct);
                await responses.WriteAsync(r.ReactionTimeMs!.Value);
                await responses.WriteAsync(r.TimingJson);
                await responses.WriteAsync(r.ReceivedAt.UtcDateTime, NpgsqlDbType.TimestampTz);
            }
            await responses.CompleteAsync();
        }
    }

    private sealed class Sqlite(StudyDb db) : BulkRows(db)
    {
        protected override async Task WriteAsync(IReadOnlyList<Trial> trials)
        {
            var connection = (SqliteConnection)Db.Database.GetDbConnection();
            await using var transaction = connection.BeginTransaction();
            await using var trial = connection.CreateCommand();
            trial.CommandText = """INSERT INTO "Trials" ("Id","SessionId","Position","Phase","IsCatch","StimulusId","NaturalStimulusId","ModelId","StageId","Swapped","CorrectCategory","StimulusKey","MaskSeed") VALUES ($0,$1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12)""";
            await using var response = connection.CreateCommand();
            response.CommandText = """INSERT INTO "Responses" ("TrialId","Kind","Choice","Correct","ReactionTimeMs","TimingJson","ReceivedAt") VALUES ($0,$1,$2,$3,$4,$5,$6)""";
            foreach (var t in trials)
            {
                Run(trial, t.Id, t.SessionId, t.Position, t.Phase.ToString(), t.IsCatch, t.StimulusId, t.NaturalStimulusId, t.ModelId, t.StageId, t.Swapped, t.CorrectCategory, t.StimulusKey, t.MaskSeed);
                var r = t.Response!;
                Run(response, r.TrialId, r.Kind.ToString(), r.Choice, r.Correct, r.ReactionTimeMs, r.TimingJson, r.ReceivedAt.UtcDateTime);
            }
            await transaction.CommitAsync();
        }

        private static void Run(SqliteCommand command, params object?[] values)
        {
            for (var i = 0; i < values.Length; i++)
            {
                if (command.Parameters.Count <= i) command.Parameters.Add(new SqliteParameter { ParameterName = $"${i}" });
                command.Parameters[i].Value = values[i] ?? DBNull.Value;
            }
            command.ExecuteNonQuery();
        }
    }
}

using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;
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
        Trial[] trials = [.. waiting.SelectMany(w => w.Trials)];
        // What fails is not tried again when this is disposed of.
        waiting.Clear();
        await WriteAsync(trials);
    }

    /// <summary>The columns of an entity as the model has them, so that a new column is written too.</summary>
    private static (string Name, Func<object, object?> Value)[] Columns<TEntity>(StudyDb db) =>
    [
        .. from property in db.Model.FindEntityType(typeof(TEntity))!.GetProperties()
           let converter = property.GetTypeMapping().Converter
           let value = (Func<object, object?>)property.GetGetter().GetClrValue
           select (property.GetColumnName(), converter is null ? value : row => converter.ConvertToProvider(value(row)))
    ];

    private sealed class Postgres(StudyDb db, NpgsqlConnection connection) : BulkRows(db)
    {
        protected override async Task WriteAsync(IReadOnlyList<Trial> trials)
        {
            await CopyAsync("Trials", trials);
            await CopyAsync("Responses", trials.Select(t => t.Response!));
        }

        private async Task CopyAsync<TEntity>(string table, IEnumerable<TEntity> rows) where TEntity : class
        {
            var columns = Columns<TEntity>(Db);
            await using var copy = await connection.BeginBinaryImportAsync($"""COPY "{table}" ({string.Join(',', columns.Select(c => $"\"{c.Name}\""))}) FROM STDIN BINARY""");
            foreach (var row in rows)
            {
                await copy.StartRowAsync();
                foreach (var column in columns)
                {
                    if (column.Value(row) is { } value) await copy.WriteAsync(value);
                    else await copy.WriteNullAsync();
                }
            }
            await copy.CompleteAsync();
        }
    }

    private sealed class Sqlite(StudyDb db) : BulkRows(db)
    {
        protected override async Task WriteAsync(IReadOnlyList<Trial> trials)
        {
            var connection = (SqliteConnection)Db.Database.GetDbConnection();
            await using var transaction = connection.BeginTransaction();
            Insert(connection, "Trials", trials);
            Insert(connection, "Responses", trials.Select(t => t.Response!));
            await transaction.CommitAsync();
        }

        private void Insert<TEntity>(SqliteConnection connection, string table, IEnumerable<TEntity> rows) where TEntity : class
        {
            var columns = Columns<TEntity>(Db);
            using var insert = connection.CreateCommand();
            insert.CommandText = $"""INSERT INTO "{table}" ({string.Join(',', columns.Select(c => $"\"{c.Name}\""))}) VALUES ({string.Join(',', columns.Select((_, i) => $"${i}"))})""";
            foreach (var i in Enumerable.Range(0, columns.Length)) insert.Parameters.Add(new SqliteParameter { ParameterName = $"${i}" });
            foreach (var row in rows)
            {
                for (var i = 0; i < columns.Length; i++) insert.Parameters[i].Value = columns[i].Value(row) ?? DBNull.Value;
                insert.ExecuteNonQuery();
            }
        }
    }
}

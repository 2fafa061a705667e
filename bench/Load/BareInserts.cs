using System.Diagnostics;
using System.Text.Json;
using Npgsql;

namespace PerceptionStudy.Bench.Load;

/// <summary>What the database could take without a program in front of it: Npgsql's batches into a table like that of the responses.</summary>
internal static class BareInserts
{
    public static async Task<double> RowsPerSecondAsync(string connection, int rowsPerCommit, TimeSpan duration)
    {
        await using var source = NpgsqlDataSource.Create(connection);
        await using (var create = source.CreateCommand("""CREATE TABLE IF NOT EXISTS bare ("TrialId" uuid PRIMARY KEY, "Choice" text, "Correct" boolean NOT NULL, "ReactionTimeMs" double precision, "TimingJson" text NOT NULL, "ReceivedAt" timestamptz NOT NULL)"""))
            await create.ExecuteNonQueryAsync();
        var timing = new string('x', 900);
        var rows = 0;
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            await using var open = await source.OpenConnectionAsync();
            while (clock.Elapsed < duration)
            {
                await using var batch = new NpgsqlBatch(open);
                for (var n = 0; n < rowsPerCommit; n++)
                {
                    batch.BatchCommands.Add(new NpgsqlBatchCommand("""INSERT INTO bare VALUES ($1, $2, $3, $4, $5, now())""")
                    {
                        Parameters = { new() { Value = Guid.NewGuid() }, new() { Value = "cat" }, new() { Value = true }, new() { Value = 612.3 }, new() { Value = timing } },
                    });
                }
                await batch.ExecuteNonQueryAsync();
                Interlocked.Add(ref rows, rowsPerCommit);
            }
        }));
        return rows / clock.Elapsed.TotalSeconds;
    }
}

using System.ComponentModel;
using System.Diagnostics;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using PerceptionStudy.Server.Data;

namespace PerceptionStudy.Server.Operation.Backups;

/// <summary>The database as a file, as of one moment, while others write: by SQLite itself, and by PostgreSQL's own programs.</summary>
internal static class DatabaseDump
{
    /// <exception cref="RefusedException">PostgreSQL's programs are not there, or fail.</exception>
    public static async Task WriteAsync(StudyDb db, string file, CancellationToken cancel)
    {
        if (db is PostgresStudyDb)
        {
            // The list of the job engine is made anew from the rows of the jobs.
            await RunAsync("pg_dump", db, ["--format=custom", "--no-owner", "--no-privileges", "--exclude-schema=hangfire", $"--file={file}"], cancel);
            return;
        }
        await db.Database.ExecuteSqlAsync($"VACUUM INTO {file}", cancel);
    }

    /// <summary>Puts the file's content into a database that holds nothing.</summary>
    /// <exception cref="RefusedException">It holds something; PostgreSQL's programs are not there, or fail.</exception>
    public static async Task ReadAsync(StudyDb db, DataFolder data, string file, CancellationToken cancel)
    {
        if (db is PostgresStudyDb)
        {
            // All or nothing.
            await RunAsync("pg_restore", db, ["--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction", $"--dbname={new NpgsqlConnectionStringBuilder(db.Database.GetConnectionString()).Database}", file], cancel);
            return;
        }
        SqliteConnection.ClearAllPools();
        File.Move(file, Path.Combine(data.Path, DatabaseSetup.SqliteFile));
    }

    /// <summary>Whether nothing was ever stored in it.</summary>
    public static async Task<bool> IsEmptyAsync(StudyDb db, DataFolder data, CancellationToken cancel) => db is PostgresStudyDb
        ? await db.Database.SqlQuery<int>($"""SELECT count(*)::int AS "Value" FROM information_schema.tables WHERE table_schema = 'public'""").SingleAsync(cancel) == 0
        : !File.Exists(Path.Combine(data.Path, DatabaseSetup.SqliteFile));

    private static async Task RunAsync(string program, StudyDb db, string[] arguments, CancellationToken cancel)
    {
        var to = new NpgsqlConnectionStringBuilder(db.Database.GetConnectionString());
        var start = new ProcessStartInfo(Find(program), arguments) { RedirectStandardError = true };
        foreach (var (name, value) in ((string, string?)[])[("PGHOST", to.Host), ("PGPORT", $"{to.Port}"), ("PGDATABASE", to.Database), ("PGUSER", to.Username), ("PGPASSWORD", to.Password), ("PGPASSFILE", to.Passfile)])
            if (!string.IsNullOrEmpty(value)) start.Environment[name] = value;
        try
        {
            using var process = Process.Start(start)!;
            var said = await process.StandardError.ReadToEndAsync(cancel);
            await process.WaitForExitAsync(cancel);
            if (process.ExitCode != 0) throw new RefusedException($"{program} failed: {said.Trim()}");
        }
        catch (Win32Exception problem)
        {
            throw new RefusedException($"PostgreSQL's program {program} is needed, of the server's version or a later one: install PostgreSQL's client programs.", problem);
        }
    }

    // Debian keeps them by version; the newest can read from every older server.
    private static string Find(string program) =>
        (Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql") : [])
        .OrderByDescending(v => int.TryParse(Path.GetFileName(v), out var number) ? number : 0).Select(v => Path.Combine(v, "bin", program)).FirstOrDefault(File.Exists) ?? program;
}

using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Data;

namespace PerceptionStudy.Server.Accounts.Auditing;

/// <summary>Lets the database itself refuse to change or remove entries of the audit log.</summary>
internal static class AppendOnly
{
    private const string Sqlite =
        """
        CREATE TRIGGER IF NOT EXISTS audit_no_update BEFORE UPDATE ON "AuditEntries" BEGIN SELECT RAISE(ABORT, 'The audit log is append-only.'); END;
        CREATE TRIGGER IF NOT EXISTS audit_no_delete BEFORE DELETE ON "AuditEntries" BEGIN SELECT RAISE(ABORT, 'The audit log is append-only.'); END;
        """;

    private const string Postgres =
        """
        CREATE OR REPLACE FUNCTION audit_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'The audit log is append-only.'; END $$;
        CREATE OR REPLACE TRIGGER audit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON "AuditEntries" FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only();
        """;

    /// <summary>Makes the triggers where they are missing.</summary>
    public static async Task EnsureAsync(StudyDb db, CancellationToken cancel)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        // Of several servers that start at once one makes them, and the others wait.
        if (db is PostgresStudyDb) await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock({AuditTrail.ChainLock})", cancel);
        await db.Database.ExecuteSqlRawAsync(db is PostgresStudyDb ? Postgres : Sqlite, cancel);
        await transaction.CommitAsync(cancel);
    }
}

using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Data;

namespace PerceptionStudy.Server.Accounts.Auditing;

/// <summary>Which entries are wanted; what is null does not matter.</summary>
/// <param name="From">The first moment.</param>
/// <param name="Until">The first moment that does not count any more.</param>
public sealed record AuditFilter(Guid? StudyId = null, string? Who = null, string? Entity = null, DateTimeOffset? From = null, DateTimeOffset? Until = null);

/// <summary>What came of checking the chain.</summary>
/// <param name="Entries">How many were read.</param>
/// <param name="LastSha256">Hash of the last one that is whole.</param>
/// <param name="BrokenAt">Number of the first entry that is not what was written; null if all are.</param>
/// <param name="Problem">One sentence about it.</param>
public sealed record ChainCheck(long Entries, string LastSha256, long? BrokenAt = null, string? Problem = null);

/// <summary>Reads the audit log, and checks that nobody has touched it.</summary>
public static class AuditLog
{
    public static IQueryable<AuditEntry> Matching(StudyDb db, AuditFilter filter)
    {
        var entries = db.AuditEntries.AsNoTracking();
        if (filter.StudyId is { } study) entries = entries.Where(e => e.StudyId == study);
        if (filter.Who is { Length: > 0 } who) entries = entries.Where(e => e.Who == who);
        if (filter.Entity is { Length: > 0 } entity) entries = entries.Where(e => e.Entity == entity);
        if (filter.From is { } from) entries = entries.Where(e => e.At >= from);
        if (filter.Until is { } until) entries = entries.Where(e => e.At < until);
        return entries;
    }

    /// <summary>Computes every hash anew. What it cannot see: entries cut off at the end, unless the last hash is kept elsewhere.</summary>
    public static async Task<ChainCheck> CheckAsync(StudyDb db, CancellationToken cancel = default)
    {
        var (number, sha256) = (0L, AuditEntry.Beginning);
        await foreach (var entry in db.AuditEntries.AsNoTracking().OrderBy(e => e.Number).AsAsyncEnumerable().WithCancellation(cancel))
        {
            var problem = entry.Number != number + 1 ? $"Entry {number + 1} is missing."
                : entry.PreviousSha256 != sha256 ? $"Entry {entry.Number} does not follow the one before it: one of them was replaced."
                : entry.ComputeSha256() != entry.Sha256 ? $"Entry {entry.Number} was changed after it was written."
                : null;
            if (problem is not null) return new ChainCheck(number, sha256, number + 1, problem);
            (number, sha256) = (entry.Number, entry.Sha256);
        }
        return new ChainCheck(number, sha256);
    }

    /// <summary>The entries as CSV, oldest first, with every field that the hash covers: part after part, so that a long log needs little memory.</summary>
    public static async Task WriteCsvAsync(StudyDb db, AuditFilter filter, TextWriter text, CancellationToken cancel = default)
    {
        string[]? columns = ["number", "at", "researcher_id", "who", "token", "entity", "entity_id", "entity_name", "study_id", "change", "before", "after", "previous_sha256", "sha256"];
        await foreach (var part in Matching(db, filter).OrderBy(e => e.Number).AsAsyncEnumerable().Chunk(200).WithCancellation(cancel))
        {
            await text.WriteAsync(CsvText.Of(columns, part.Select(e => (object?[])[e.Number, e.MomentText, e.ResearcherId, e.Who, e.Token, e.Entity, e.EntityId, e.EntityName, e.StudyId,
                e.Change, e.BeforeJson, e.AfterJson, e.PreviousSha256, e.Sha256])));
            columns = null;
        }
        await text.WriteAsync(columns is null ? "" : CsvText.Of(columns, []));
        await text.FlushAsync(cancel);
    }
}

using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Data;

namespace PerceptionStudy.Server.Accounts.Api;

/// <summary>A part of a list.</summary>
/// <param name="Items">In the order in which they were made.</param>
/// <param name="Next">Give it as <c>after</c> for the next part; null at the end. It stays good while rows are added and removed.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? Next)
{
    public Page<TOther> Select<TOther>(Func<T, TOther> of) => new([.. Items.Select(of)], Next);
}

/// <summary>Which part of a list.</summary>
/// <param name="After">The <c>next</c> of the part before; nothing for the first.</param>
/// <param name="Limit">How many at most, 1 to 200; 50 if nothing is said.</param>
public readonly record struct PageQuery(string? After, int? Limit)
{
    private const int Usual = 50, Most = 200;

    internal int Size => Limit switch
    {
        null => Usual,
        >= 1 and <= Most => Limit.Value,
        _ => throw new RefusedException($"A page has 1 to {Most} items: ask for a limit in that range."),
    };
}

public static class Paging
{
    private const string BadCursor = "This is no place in the list: give the 'next' of the page before as 'after', as it is.";

    /// <summary>A page of rows whose ids tell the order in which they were made (UUID version 7).</summary>
    public static Task<Page<T>> PageAsync<T>(this IQueryable<T> rows, PageQuery query, CancellationToken cancel) where T : class
    {
        if (query.After is { } cursor)
        {
            var after = Guid.TryParseExact(cursor, "N", out var id) ? id : throw new RefusedException(BadCursor);
            rows = rows.Where(row => EF.Property<Guid>(row, "Id") > after);
        }
        return TakeAsync(rows.OrderBy(row => EF.Property<Guid>(row, "Id")), query, row => ((Guid)typeof(T).GetProperty("Id")!.GetValue(row)!).ToString("N"), cancel);
    }

    /// <summary>A page of rows that are numbered.</summary>
    public static Task<Page<T>> PageAsync<T>(this IQueryable<T> rows, Expression<Func<T, long>> number, PageQuery query, CancellationToken cancel)
    {
        if (query.After is { } cursor)
        {
            var after = long.TryParse(cursor, out var last) ? last : throw new RefusedException(BadCursor);
            rows = rows.Where(Expression.Lambda<Func<T, bool>>(Expression.GreaterThan(number.Body, Expression.Constant(after)), number.Parameters));
        }
        return TakeAsync(rows.OrderBy(number), query, row => $"{number.Compile()(row)}", cancel);
    }

    private static async Task<Page<T>> TakeAsync<T>(IQueryable<T> rows, PageQuery query, Func<T, string> cursorOf, CancellationToken cancel)
    {
        var found = await rows.Take(query.Size + 1).ToListAsync(cancel);
        var more = found.Count > query.Size;
        if (more) found.RemoveAt(found.Count - 1);
        return new Page<T>(found, more ? cursorOf(found[^1]) : null);
    }
}

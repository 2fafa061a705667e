using System.Linq.Expressions;
using System.Reflection;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace PerceptionStudy.Server.Accounts.Auditing;

/// <summary>
/// Refuses bulk statements on audited entities, because they pass the audit log by. A statement that changes nothing that matters says why with
/// <see cref="Unaudited"/>.
/// </summary>
public sealed class BulkChangeGuard : IQueryExpressionInterceptor
{
    /// <summary>One for all: Entity Framework keeps a set of services for each instance.</summary>
    public static readonly BulkChangeGuard Instance = new();

    private const string Tag = "Not audited: ";

    private BulkChangeGuard()
    {
    }

    public Expression QueryCompilationStarting(Expression queryExpression, QueryExpressionEventData eventData)
    {
        if (queryExpression is MethodCallExpression { Method: { Name: "ExecuteUpdate" or "ExecuteDelete", IsGenericMethod: true } bulk }
            && bulk.GetGenericArguments()[0] is var entity && entity.GetCustomAttribute<AuditedAttribute>() is not null && !new TagFinder().IsIn(queryExpression))
        {
            throw new InvalidOperationException(
                $"{bulk.Name} on {entity.Name} would pass the audit log by: load the rows, change or remove them, and save; or say with Unaudited(…) why it does not matter.");
        }
        return queryExpression;
    }

    /// <summary>Lets a bulk statement through.</summary>
    internal static string TagOf(string because) => Tag + because;

    private sealed class TagFinder : ExpressionVisitor
    {
        private bool found;

        public bool IsIn(Expression query)
        {
            Visit(query);
            return found;
        }

        protected override Expression VisitConstant(ConstantExpression node)
        {
            found |= node.Value is string text && text.StartsWith(Tag, StringComparison.Ordinal);
            return node;
        }
    }
}

public static class UnauditedQueries
{
    /// <summary>A bulk statement on audited rows that need not enter the audit log.</summary>
    /// <param name="because">Why not, for whoever reads the code and the SQL.</param>
    public static IQueryable<T> Unaudited<T>(this IQueryable<T> rows, string because) => rows.TagWith(BulkChangeGuard.TagOf(because));
}

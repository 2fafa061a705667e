namespace PerceptionStudy.Server.Accounts.Auditing;

/// <summary>
/// Put on an entity: every row that is added, changed or removed enters the audit log, whoever saves it. Bulk statements (<c>ExecuteUpdate</c>,
/// <c>ExecuteDelete</c>) on such an entity are refused, see <see cref="BulkChangeGuard"/>. Not for what participants say or do.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class AuditedAttribute : Attribute
{
    /// <summary>Name of the property, mapped or not, with the id of the study that a row belongs to; null where it belongs to none.</summary>
    public string? Study { get; init; }

    /// <summary>Names of properties that are never written down: secrets, and what changes all the time. A change of these alone is no entry.</summary>
    public string[] Except { get; init; } = [];

    /// <summary>Name of a property that is true of the rows that are written down: for rows that participants bring about too. Null for all.</summary>
    public string? When { get; init; }
}

using System.Collections.Concurrent;
using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;

namespace PerceptionStudy.Server.Accounts.Auditing;

/// <summary>What a context is about to save, as rows of the audit log without number and hash.</summary>
internal static class AuditedChanges
{
    private static readonly JsonSerializerOptions Readable =
        new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, Converters = { new JsonStringEnumConverter() } };

    // Asked for at every save, participants' too.
    private static readonly ConcurrentDictionary<Type, AuditedAttribute?> Attributes = new()
    {
        // Entities of ASP.NET Core Identity, which cannot carry the attribute.
        [typeof(IdentityUserPasskey<Guid>)] = new() { Except = [nameof(IdentityUserPasskey<Guid>.Data)] },
        [typeof(IdentityUserLogin<Guid>)] = new(),
    };

    public static List<AuditEntry> In(ChangeTracker tracker, Actor actor, DateTimeOffset at) =>
        [.. tracker.Entries().Where(e => e.State is EntityState.Added or EntityState.Modified or EntityState.Deleted).Select(e => Of(e, actor, at)).OfType<AuditEntry>()];

    private static AuditEntry? Of(EntityEntry row, Actor actor, DateTimeOffset at)
    {
        if (AttributeOf(row.Metadata.ClrType) is not { } audited || (audited.When is { } when && Of(row.Entity, when) is not true)) return null;
        var properties = row.Properties
            .Where(p => !p.Metadata.IsShadowProperty() && !audited.Except.Contains(p.Metadata.Name) && (row.State != EntityState.Modified || !Equals(p.OriginalValue, p.CurrentValue)))
            .ToList();
        if (properties.Count == 0) return null;
        return new AuditEntry
        {
            At = at,
            ResearcherId = actor.ResearcherId,
            Who = actor.Name,
            Token = actor.Token,
            // Without the arity of a generic type.
            Entity = row.Metadata.ClrType.Name.Split('`')[0],
            EntityId = string.Join('/', row.Metadata.FindPrimaryKey()!.Properties.Select(p => row.Property(p.Name).CurrentValue is byte[] bytes ? Convert.ToHexStringLower(bytes) : row.Property(p.Name).CurrentValue)),
            EntityName = (Value(row, "Name") ?? Value(row, "Email")) as string,
            StudyId = audited.Study is { } study ? Of(row.Entity, study) as Guid? : null,
            Change = row.State switch { EntityState.Added => AuditChange.Added, EntityState.Deleted => AuditChange.Removed, _ => AuditChange.Changed },
            BeforeJson = row.State == EntityState.Added ? null : Json(properties, p => p.OriginalValue),
            AfterJson = row.State == EntityState.Deleted ? null : Json(properties, p => p.CurrentValue),
            PreviousSha256 = "",
        };
    }

    private static AuditedAttribute? AttributeOf(Type entity) => Attributes.GetOrAdd(entity, type => type.GetCustomAttribute<AuditedAttribute>());

    private static object? Of(object entity, string property) => entity.GetType().GetProperty(property)!.GetValue(entity);

    private static object? Value(EntityEntry row, string property) => row.Metadata.FindProperty(property) is null ? null : row.Property(property).CurrentValue;

    private static string Json(List<PropertyEntry> properties, Func<PropertyEntry, object?> value)
    {
        var json = new JsonObject();
        foreach (var property in properties.OrderBy(p => p.Metadata.Name, StringComparer.Ordinal))
        {
            var (name, content) = (property.Metadata.Name, value(property));
            // A document inside a column is shown as the document that it is.
            var node = name.EndsWith("Json", StringComparison.Ordinal) && content is string { Length: > 0 } text ? JsonNode.Parse(text) : JsonSerializer.SerializeToNode(content, Readable);
            json[JsonNamingPolicy.CamelCase.ConvertName(name)] = node;
        }
        return json.ToJsonString(Readable);
    }
}

using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using PerceptionStudy.Server.Models;
using PerceptionStudy.Server.Stimuli;

namespace PerceptionStudy.Server.Campaigns;

/// <summary>How often a model sees the right category in the stimuli of a set: asked for by a researcher, computed by a worker, kept.</summary>
public sealed class ModelAccuracy
{
    public Guid Id { get; set; }
    public Guid ModelId { get; set; }
    public Guid SetId { get; set; }
    public DateTimeOffset AskedAt { get; set; }

    /// <summary>Null while it is under way.</summary>
    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>One sentence why it could not be computed, or null.</summary>
    public string? Failure { get; set; }

    /// <summary>Stimuli whose category the model does not know: it was not asked about them.</summary>
    public int Unknown { get; set; }

    /// <summary>The <see cref="Confusion"/> as JSON.</summary>
    public string ConfusionJson { get; set; } = "{}";

    /// <summary>How often each category (outer key) was taken for each (inner key); the model chooses among all the categories that it knows.</summary>
    public IReadOnlyDictionary<string, Dictionary<string, int>> Confusion
    {
        get => JsonSerializer.Deserialize<Dictionary<string, Dictionary<string, int>>>(ConfusionJson)!;
        set => ConfusionJson = JsonSerializer.Serialize(value);
    }
}

internal sealed class ModelAccuracyConfiguration : IEntityTypeConfiguration<ModelAccuracy>
{
    public void Configure(EntityTypeBuilder<ModelAccuracy> accuracy)
    {
        accuracy.Ignore(a => a.Confusion);
        accuracy.HasIndex(a => new { a.ModelId, a.AskedAt });
        accuracy.HasOne<RegisteredModel>().WithMany().HasForeignKey(a => a.ModelId).OnDelete(DeleteBehavior.Cascade);
        accuracy.HasOne<StimulusSet>().WithMany().HasForeignKey(a => a.SetId).OnDelete(DeleteBehavior.Cascade);
    }
}

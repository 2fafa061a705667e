using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Campaigns;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Models;
using PerceptionStudy.Server.Stimuli;

namespace PerceptionStudy.Server.Studies;

/// <summary>What a replication needs beside the freeze and the pictures: provenance, and what the models answered. Entities as they lie in the database.</summary>
internal sealed record BundleMaterial
{
    public required List<StimulusSet> Sets { get; init; }
    public required List<Stimulus> Stimuli { get; init; }
    public required List<RegisteredModel> Models { get; init; }
    public required List<ModelAnswer> Answers { get; init; }

    /// <summary>How it is written and read: the stages of a model with it, what is only computed without.</summary>
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { Adapt } } };

    public static async Task<BundleMaterial> LoadAsync(StudyDb db, StudyFreeze freeze, CancellationToken cancel)
    {
        Guid[] stimuli = [.. freeze.Stimuli.Select(s => s.Id)], models = [.. freeze.Models.Select(m => m.Id)];
        var shown = await db.Stimuli.AsNoTracking().Include(s => s.Metamer).Where(s => stimuli.Contains(s.Id)).OrderBy(s => s.Id).ToListAsync(cancel);
        var sets = shown.Select(s => s.SetId).Distinct().ToArray();
        return new BundleMaterial
        {
            Stimuli = shown,
            // Without the pictures that the study does not show.
            Sets = await db.StimulusSets.AsNoTracking().Where(s => sets.Contains(s.Id)).OrderBy(s => s.Id).ToListAsync(cancel),
            Models = await db.Models.AsNoTracking().Include(m => m.Stages.OrderBy(s => s.Position)).Where(m => models.Contains(m.Id)).OrderBy(m => m.Id).ToListAsync(cancel),
            Answers = await db.ModelAnswers.AsNoTracking().Where(a => models.Contains(a.ModelId) && stimuli.Contains(a.StimulusId)).OrderBy(a => a.ModelId).ThenBy(a => a.StimulusId).ToListAsync(cancel),
        };
    }

    private static void Adapt(JsonTypeInfo type)
    {
        if (type.Kind != JsonTypeInfoKind.Object) return;
        if (type.Type == typeof(RegisteredModel))
        {
            type.Properties.First(p => p.Name == "stages").ObjectCreationHandling = JsonObjectCreationHandling.Populate;
            type.Properties.Remove(type.Properties.First(p => p.Name == "pipeline"));
        }
        if (type.Type == typeof(StimulusSet)) type.Properties.Remove(type.Properties.First(p => p.Name == "stimuli"));
    }
}

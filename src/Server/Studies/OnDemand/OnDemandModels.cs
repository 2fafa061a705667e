using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Synthesis.FrontEnds;

namespace PerceptionStudy.Server.Studies.OnDemand;

/// <summary>The models that make metamers while a study runs.</summary>
public static class OnDemandModels
{
    /// <summary>Their pipelines, which say what form the metamers will have.</summary>
    public static async Task<IReadOnlyList<StimulusPipeline>> PipelinesAsync(StudyDb db, OnDemandSettings settings, CancellationToken cancel = default)
    {
        var makers = settings.Conditions.Select(c => c.ModelId).OfType<Guid>().Distinct().ToArray();
        return makers.Length == 0 ? [] : [.. (await db.Models.AsNoTracking().Where(m => makers.Contains(m.Id)).ToListAsync(cancel)).Select(m => m.Pipeline)];
    }
}

using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Studies;

namespace PerceptionStudy.Server.Analysis.Digests;

/// <summary>
/// Places of the metamers that a version made on demand, behind those that it published: by natural stimulus, condition and seed, so that a place stays what it is
/// while more are made.
/// </summary>
internal sealed class OnDemandPlaces
{
    public static readonly OnDemandPlaces None = new([]);

    private readonly Dictionary<Guid, int> places;
    private readonly Dictionary<int, Guid> stimuli;

    private OnDemandPlaces(Dictionary<Guid, int> places) => (this.places, stimuli) = (places, places.ToDictionary(p => p.Value, p => p.Key));

    public static async Task<OnDemandPlaces> LoadAsync(StudyDb db, Guid versionId, StudyDesign design, CancellationToken cancel)
    {
        if (!design.OnDemand.Any) return None;
        var naturals = design.NaturalStimuli.Index().ToDictionary(n => n.Item, n => n.Index);
        var conditions = design.Conditions.Index().ToDictionary(c => c.Item, c => c.Index);
        var made = await db.SynthesisJobs.Where(j => j.CampaignId == versionId && j.MetamerStimulusId != null)
            .Select(j => new { j.NaturalStimulusId, j.ModelId, j.StageId, j.LossLevel, j.Seed, Stimulus = j.MetamerStimulusId!.Value }).ToListAsync(cancel);
        return new OnDemandPlaces(made.ToDictionary(m => m.Stimulus, m => checked(
            design.Metamers.Length + (naturals[m.NaturalStimulusId] * conditions.Count + conditions[new StudyCondition(m.ModelId, m.StageId, m.LossLevel)]) * design.OnDemand.Seeds + m.Seed - design.OnDemand.Seed)));
    }

    public IEnumerable<Guid> Stimuli => places.Keys;

    /// <summary>-1 for a stimulus that was not made on demand.</summary>
    public int Of(Guid stimulus) => places.GetValueOrDefault(stimulus, -1);

    /// <summary>Null for what was made after this was read.</summary>
    public Guid? Stimulus(int place) => stimuli.TryGetValue(place, out var stimulus) ? stimulus : null;
}

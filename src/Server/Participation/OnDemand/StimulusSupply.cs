using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Studies;
using PerceptionStudy.Server.Studies.OnDemand;

namespace PerceptionStudy.Server.Participation.OnDemand;

/// <summary>What can be shown of some natural stimuli in the conditions of a design: made on demand, or published with it.</summary>
public sealed class StimulusSupply
{
    private readonly StudyDesign design;
    private readonly OnDemandStock stock;
    private readonly Dictionary<TrialCell, Guid> published;

    private StimulusSupply(StudyDesign design, OnDemandStock stock, Dictionary<TrialCell, Guid> published) => (this.design, this.stock, this.published) = (design, stock, published);

    /// <param name="withPublished">Whether what was published is asked for too: a glance at what is made on demand can do without.</param>
    public static async Task<StimulusSupply> LoadAsync(StudyDb db, Guid versionId, StudyDesign design, IReadOnlyCollection<Guid> naturals, bool withPublished, CancellationToken cancel = default)
    {
        var stock = await OnDemandStock.LoadAsync(db, versionId, design.OnDemand, naturals, cancel);
        var published = new Dictionary<TrialCell, Guid>();
        if (!withPublished || design.Metamers.Length == 0) return new StimulusSupply(design, stock, published);
        var metamers = await db.Metamers.AsNoTracking().Where(m => naturals.Contains(m.NaturalStimulusId) && m.MeetsCriteria && m.RejectedBecause == null)
            .OrderBy(m => m.StimulusId).Select(m => new { m.StimulusId, m.NaturalStimulusId, m.ModelId, m.StageId, m.LossLevel }).ToListAsync(cancel);
        var frozen = design.Metamers.ToHashSet();
        foreach (var m in metamers.Where(m => frozen.Contains(m.StimulusId))) published.TryAdd(new TrialCell(m.NaturalStimulusId, new StudyCondition(m.ModelId, m.StageId, m.LossLevel)), m.StimulusId);
        return new StimulusSupply(design, stock, published);
    }

    /// <summary>How things stand with a metamer: for a condition on demand by its syntheses, otherwise it is there or not.</summary>
    public Supply Of(Guid natural, StudyCondition condition) =>
        design.OnDemand.Makes(condition) ? stock.Of(natural, condition)
        : Published(natural, condition) is { } stimulus ? new Supply(SupplyState.Ready, StimulusId: stimulus)
        : new Supply(SupplyState.Exhausted);

    /// <summary>The metamer that was published with the design, or null.</summary>
    public Guid? Published(Guid natural, StudyCondition condition) => published.TryGetValue(new TrialCell(natural, condition), out var stimulus) ? stimulus : null;
}

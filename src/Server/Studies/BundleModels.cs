using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Models;

namespace PerceptionStudy.Server.Studies;

/// <summary>What the models and stages of a bundle are called here: their own ids, or those of the same file that was registered here before.</summary>
internal sealed class BundleIds(IReadOnlyDictionary<Guid, Guid> models, IReadOnlyDictionary<Guid, Guid> stages)
{
    public Guid Model(Guid id) => models.GetValueOrDefault(id, id);

    public Guid Stage(Guid id) => stages.GetValueOrDefault(id, id);

    /// <summary>A design with the ids of this installation.</summary>
    public StudyDesign In(StudyDesign design) => design with
    {
        Conditions = In(design.Conditions),
        OnDemand = design.OnDemand with { Conditions = In(design.OnDemand.Conditions) },
        Adaptive = design.Adaptive with { ModelId = design.Adaptive.ModelId is { } model ? Model(model) : null, LossStageId = design.Adaptive.LossStageId is { } stage ? Stage(stage) : null },
        RecognisingModels = [.. design.RecognisingModels.Select(Model)],
    };

    private StudyCondition[] In(StudyCondition[] conditions) => [.. conditions.Select(c => c.IsNatural ? c : c with { ModelId = Model(c.ModelId!.Value), StageId = Stage(c.StageId!.Value) })];
}

/// <summary>Registers the models of a bundle by their hash.</summary>
internal static class BundleModels
{
    /// <exception cref="RefusedException">The same file is registered here, but without a stage that the study shows.</exception>
    public static async Task<BundleIds> AddAsync(StudyDb db, IReadOnlyList<RegisteredModel> bundled, DateTimeOffset now, CancellationToken cancel)
    {
        var (models, stages) = (new Dictionary<Guid, Guid>(), new Dictionary<Guid, Guid>());
        foreach (var model in bundled)
        {
            var known = await db.Models.AsNoTracking().Include(m => m.Stages).FirstOrDefaultAsync(m => m.Sha256 == model.Sha256 && (m.Sha256 != "" || m.Name == model.Name), cancel);
            if (known is null)
            {
                model.Name = await FreeName.OfAsync(model.Name, name => db.Models.AnyAsync(m => m.Name == name, cancel));
                (model.RegisteredAt, model.FileMissing) = (now, true);
                db.Models.Add(model);
                continue;
            }
            models[model.Id] = known.Id;
            foreach (var stage in model.Stages)
            {
                stages[stage.Id] = known.Stages.FirstOrDefault(s => s.Tensor == stage.Tensor)?.Id
                    ?? throw new RefusedException($"The model '{known.Name}' is registered here without the stage '{stage.Name}': update the program that registered it, and register it anew.");
            }
        }
        await db.SaveChangesAsync(cancel);
        return new BundleIds(models, stages);
    }
}

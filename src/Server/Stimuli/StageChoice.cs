using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Models;

namespace PerceptionStudy.Server.Stimuli;

/// <summary>A stage of a registered model, as imports offer it.</summary>
public sealed record StageChoice(Guid Id, string Model, string Name, string Tensor)
{
    /// <summary>All stages, model by model, from input to output.</summary>
    public static async Task<List<StageChoice>> LoadAsync(StudyDb db, CancellationToken cancel = default) =>
        await (from stage in db.Stages join model in db.Models on stage.ModelId equals model.Id orderby model.Name, stage.Position select new StageChoice(stage.Id, model.Name, stage.Name, stage.Tensor)).ToListAsync(cancel);

    /// <summary>The stage of that name, in the model of that name if there is one; null where there is none, or where several models have one.</summary>
    public static StageChoice? Alike(IReadOnlyList<StageChoice> stages, NamedStage named)
    {
        var ofModel = stages.Where(s => ModelByName.Plain(s.Model) == ModelByName.Plain(named.Model)).ToList();
        var alike = (ofModel.Count > 0 ? ofModel : stages).Where(s => ModelByName.Plain(s.Name) == ModelByName.Plain(named.Stage) || ModelByName.Plain(s.Tensor) == ModelByName.Plain(named.Stage)).ToList();
        return ofModel.Count > 0 || alike.Count == 1 ? alike.FirstOrDefault() : null;
    }
}

using PerceptionStudy.Server.Analysis;
using PerceptionStudy.Server.Models;
using PerceptionStudy.Server.Studies;
using static PerceptionStudy.Server.Analysis.ColumnType;

namespace PerceptionStudy.Server.Export;

/// <summary>A model that the exported versions name.</summary>
internal sealed record ModelRow(RegisteredModel Model, bool Generating);

/// <summary>A stage at which metamers were made, or were cut off at a loss level. <paramref name="Index"/> is the stage_index of the trial table.</summary>
internal sealed record StageRow(RegisteredModel Model, ModelStage Stage, StudyCondition Condition, int Index);

internal static class ModelTable
{
    public static readonly TableSchema<ModelRow> Table = new("models", "One row is one model that answered, or that metamers were made from.",
    [
        new("model", FreeText, null, "any text", "Name, as in trials.csv.", null, m => m.Model.Name),
        new("generating", YesNo, null, "true, false", "Whether the study shows metamers of it.", null, m => m.Generating),
        new("file", FreeText, null, "any text", "Name of the ONNX file.", "if only the model's name is known", m => m.Model.FileName is { Length: > 0 } file ? file : null),
        new("model_sha256", Word, null, "64 hexadecimal digits", "Hash of the ONNX file.", "if only the model's name is known", m => m.Model.Sha256 is { Length: > 0 } sha256 ? sha256 : null),
        new("bytes", Whole, "bytes", "1 or more", "Size of the ONNX file.", null, m => m.Model.Bytes),
        new("opset", Whole, null, "1 or more", "Version of the ONNX operators.", null, m => m.Model.Opset),
        new("input", FreeText, null, "any text", "Name of the input tensor.", null, m => m.Model.InputName),
        new("input_shape", Word, null, "dimensions joined by ×", "Shape of the input tensor.", null, m => m.Model.InputShape),
        new("outputs", Whole, null, "0 or more", "Number of values of the last output.", null, m => m.Model.Outputs),
        new("pipeline_sha256", Word, null, "64 hexadecimal digits", "Hash of the pipeline (canonical JSON): how pictures or sounds become input, classes, categories, decision rule.", null, m => CanonicalJson.Sha256(CanonicalJson.Of(m.Model.Pipeline))),
        new("registered_at", Time, "UTC", "ISO 8601", "When it was uploaded.", null, m => m.Model.RegisteredAt),
    ]);

    public static IEnumerable<ModelRow> Of(IReadOnlyList<RegisteredModel> models, IReadOnlyList<StudyDesign> designs)
    {
        var generating = designs.SelectMany(d => d.Conditions).Select(c => c.ModelId).OfType<Guid>().ToHashSet();
        var recognising = designs.SelectMany(d => d.RecognisingModels).ToHashSet();
        return models.Where(m => generating.Contains(m.Id) || recognising.Contains(m.Id)).Select(m => new ModelRow(m, generating.Contains(m.Id)));
    }
}

internal static class StageTable
{
    public static readonly TableSchema<StageRow> Table = new("stages", "One row is one stage at which the study shows metamers, or one loss level of it.",
    [
        new("model", FreeText, null, "any text", "Generating model.", null, s => s.Model.Name),
        new("stage", FreeText, null, "any text", "Name of the stage, as in trials.csv.", null, s => s.Condition.Label(s.Stage.Name)),
        new("stage_index", Whole, null, "1 or more", "Order among the study's stages of the model, as in trials.csv.", null, s => s.Index),
        new("loss_level", Number, null, "from 0 to 1", "Fraction of the loss at the start at which the syntheses were cut off.", "for finished metamers", s => s.Condition.LossLevel > 0 ? s.Condition.LossLevel : (double?)null),
        new("tensor", FreeText, null, "any text", "Name of the tensor in the ONNX file.", null, s => s.Stage.Tensor),
        new("op_type", Word, null, "ONNX operators", "Operator that computes it.", null, s => s.Stage.OpType),
        new("shape", Word, null, "dimensions joined by ×", "Shape of the tensor.", null, s => s.Stage.Shape),
        new("size", Whole, "values", "1 or more", "Number of its values.", null, s => s.Stage.Size),
    ]);

    /// <summary>Stages count over all versions, as the trial table's do.</summary>
    public static IEnumerable<StageRow> Of(IReadOnlyList<RegisteredModel> models, IReadOnlyList<StudyDesign> allDesigns)
    {
        var shown = allDesigns.SelectMany(d => d.Conditions).Distinct().ToLookup(c => c.StageId);
        return
            from model in models
            from stage in model.Stages.OrderBy(s => s.Position).SelectMany(s => shown[s.Id].OrderBy(c => c.LossLevel).Select(c => (Stage: s, Condition: c))).Index()
            select new StageRow(model, stage.Item.Stage, stage.Item.Condition, stage.Index + 1);
    }
}

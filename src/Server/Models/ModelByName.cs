using PerceptionStudy.Server.Data;
using PerceptionStudy.Synthesis.FrontEnds;

namespace PerceptionStudy.Server.Models;

/// <summary>
/// Models of which only the name and the names of some stages are known, from metamers that were made with them elsewhere. Neither hash nor file is known, until
/// the file is given.
/// </summary>
public static class ModelByName
{
    private const string Missing = "The model's file is missing: give it on the model's page.";

    /// <param name="name">Name of the model, not yet taken.</param>
    /// <param name="pipeline">Says of which medium it is; the file tells the rest.</param>
    /// <param name="now">When it was registered.</param>
    public static RegisteredModel New(string name, StimulusPipeline pipeline, DateTimeOffset now)
    {
        var id = Guid.CreateVersion7(now);
        return new RegisteredModel
        {
            Id = id, FamilyId = id, Name = name, FileName = "", Sha256 = "", FileMissing = true, InputName = "", InputShape = "", PipelineJson = "", Pipeline = pipeline, RegisteredAt = now,
        };
    }

    /// <summary>The stage of that name, made if it is not known yet.</summary>
    public static ModelStage Stage(RegisteredModel model, string name)
    {
        if (Find(model, name) is { } known) return known;
        var stage = new ModelStage
        {
            Id = Guid.CreateVersion7(), ModelId = model.Id, Position = model.Stages.Count, Name = name, Tensor = name, OpType = "", Shape = "", Differentiable = false, Reason = Missing,
        };
        model.Stages.Add(stage);
        return stage;
    }

    /// <summary>Makes of the names what a file says. The stages keep their ids, so that what was made at them stays theirs.</summary>
    /// <param name="known">The model as it is known so far.</param>
    /// <param name="read">The same as read from its file.</param>
    /// <exception cref="RefusedException">The file lacks a stage; nothing was changed then.</exception>
    public static void Fill(RegisteredModel known, RegisteredModel read)
    {
        if (known.Stages.FirstOrDefault(s => Find(read, s.Name) is null) is { } stranger)
            throw new RefusedException($"“{known.Name}” has metamers at {stranger.Name}, and {read.FileName} has no stage of that name: it has {string.Join(", ", read.Stages.Select(s => s.Name).Take(6))}{(read.Stages.Count > 6 ? ", …" : "")}. "
                + "Give the file that they were made with, or import them anew and say which stage each is.");
        var ids = known.Stages.ToDictionary(s => Find(read, s.Name)!.Name, s => s);
        (known.FileName, known.Sha256, known.Bytes, known.Opset, known.Outputs) = (read.FileName, read.Sha256, read.Bytes, read.Opset, read.Outputs);
        (known.InputName, known.InputShape, known.PipelineJson, known.PipelineReasons) = (read.InputName, read.InputShape, read.PipelineJson, read.PipelineReasons);
        foreach (var from in read.Stages)
        {
            if (!ids.TryGetValue(from.Name, out var stage)) known.Stages.Add(stage = new ModelStage { Id = from.Id, ModelId = known.Id, Name = "", Tensor = "", OpType = "", Shape = "" });
            (stage.Position, stage.Name, stage.Tensor, stage.OpType, stage.Shape, stage.Size) = (from.Position, from.Name, from.Tensor, from.OpType, from.Shape, from.Size);
            (stage.Differentiable, stage.Reason, stage.Proposed) = (from.Differentiable, from.Reason, from.Proposed);
        }
    }

    /// <summary>A name without what people write differently: only letters and digits, whatever their case.</summary>
    public static string Plain(string text) => string.Concat(text.Where(char.IsLetterOrDigit)).ToUpperInvariant();

    private static ModelStage? Find(RegisteredModel model, string name) =>
        model.Stages.FirstOrDefault(s => s.Name == name || s.Tensor == name) ?? model.Stages.FirstOrDefault(s => Plain(s.Name) == Plain(name) || Plain(s.Tensor) == Plain(name));
}

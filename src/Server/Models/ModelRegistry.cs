using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Synthesis.FrontEnds;
using PerceptionStudy.Synthesis.Hosting;

namespace PerceptionStudy.Server.Models;

/// <summary>Registers models, keeps their pipelines, lets them be tried. The file is only ever opened in the synthesis host.</summary>
public sealed class ModelRegistry(
    IDbContextFactory<StudyDb> databases, BlobStore blobs, DataFolder data, SynthesisHosts hosts,
    IEnumerable<IModelUse> uses, TimeProvider clock)
{
    /// <summary>Takes a model file in, under a name of its own.</summary>
    /// <exception cref="RefusedException">It is no model that can be used, or is here already; the message says which.</exception>
    public Task<RegisteredModel> RegisterAsync(Stream file, string fileName, string? name = null, StimulusPipeline? pipeline = null, Guid? replaces = null, CancellationToken cancel = default) =>
        FromStreamAsync(file, path => RegisterFileAsync(path, fileName, name, pipeline, replaces, cancel), cancel);

    /// <summary>Gives a model the file that it came without, from a stream.</summary>
    /// <exception cref="RefusedException">It is another file, or cannot be used; nothing was changed then.</exception>
    public Task<RegisteredModel> GiveAsync(Guid modelId, Stream file, string fileName, CancellationToken cancel = default) =>
        FromStreamAsync(file, path => GiveFileAsync(modelId, path, fileName, cancel), cancel);

    private async Task<RegisteredModel> FromStreamAsync(Stream file, Func<string, Task<RegisteredModel>> take, CancellationToken cancel)
    {
        var temporary = data.NewTemporaryPath(".onnx");
        try
        {
            await using (var target = File.Create(temporary)) await file.CopyToAsync(target, cancel);
            return await take(temporary);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>Copies a model file in that lies on this machine.</summary>
    /// <param name="path">The file.</param>
    /// <param name="fileName">Name that people know it by.</param>
    /// <param name="name">Name of the model; null for the file's, or for that of the version before with its number.</param>
    /// <param name="pipeline">How pictures or sounds become input; null for what the file suggests, or what the version before has if it fits.</param>
    /// <param name="replaces">The model, any version of it, whose newest version this is; null for a new model.</param>
    /// <param name="cancel">Cancels.</param>
    /// <returns>The new model; or the one that came without this file, by its hash or name, and has it now.</returns>
    /// <exception cref="RefusedException">It is no model that can be used, or is here already; the message says which.</exception>
    public async Task<RegisteredModel> RegisterFileAsync(
        string path, string fileName, string? name = null, StimulusPipeline? pipeline = null, Guid? replaces = null, CancellationToken cancel = default)
    {
        var (model, _) = await ReadAsync(path, fileName, name ?? Path.GetFileNameWithoutExtension(fileName), pipeline, cancel);
        await using var db = await databases.CreateDbContextAsync(cancel);
        var twin = await db.Models.Include(m => m.Stages).FirstOrDefaultAsync(m => m.Sha256 == model.Sha256, cancel)
            ?? (replaces is null ? await db.Models.Include(m => m.Stages).FirstOrDefaultAsync(m => m.Sha256 == "" && m.Name == model.Name.Trim(), cancel) : null);
        if (twin is { FileMissing: false }) throw new RefusedException($"This file is here already, as “{twin.Name}”.");
        if (twin is not null) return await TakeAsync(db, twin, model, path, cancel);
        if (replaces is { } one) await SucceedAsync(db, model, one, keepName: name is not null, keepPipeline: pipeline is not null, cancel);
        model.Name = await FreeNameAsync(db, model.Name, cancel);
        await blobs.StoreFileAsync(path, cancel);
        db.Models.Add(model);
        await db.SaveChangesAsync(cancel);
        return model;
    }

    /// <summary>Gives a model the file that it came without.</summary>
    /// <exception cref="RefusedException">It is another file, or cannot be used; nothing was changed then.</exception>
    public async Task<RegisteredModel> GiveFileAsync(Guid modelId, string path, string fileName, CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var model = await db.Models.Include(m => m.Stages).FirstOrDefaultAsync(m => m.Id == modelId, cancel) ?? throw new RefusedException("There is no such model.", Refusal.Missing);
        if (!model.FileMissing) throw new RefusedException($"The file of “{model.Name}” is here already: upload another as its new version.");
        var (read, _) = await ReadAsync(path, fileName, model.Name, cancel: cancel);
        if (model.Sha256.Length > 0 && read.Sha256 != model.Sha256)
            throw new RefusedException($"{read.FileName} is another file than that of “{model.Name}”: its SHA-256 begins with {read.Sha256[..12]}, not with {model.Sha256[..12]}. Ask for the right file where the study came from.");
        if (model.Sha256.Length == 0 && await db.Models.FirstOrDefaultAsync(m => m.Sha256 == read.Sha256, cancel) is { } other)
            throw new RefusedException($"This file is here already, as “{other.Name}”.");
        return await TakeAsync(db, model, read, path, cancel);
    }

    private async Task<RegisteredModel> TakeAsync(StudyDb db, RegisteredModel model, RegisteredModel read, string path, CancellationToken cancel)
    {
        var known = model.Stages.ToHashSet();
        if (model.Sha256.Length == 0) ModelByName.Fill(model, read);
        // Stages that only the file tells are new, which their ids do not show.
        db.Stages.AddRange(model.Stages.Where(s => !known.Contains(s)).ToList());
        await blobs.StoreFileAsync(path, cancel);
        model.FileMissing = false;
        await db.SaveChangesAsync(cancel);
        foreach (var use in uses) await use.BecameReadyAsync(db, model.Id, cancel);
        return model;
    }

    private static async Task SucceedAsync(StudyDb db, RegisteredModel model, Guid replaces, bool keepName, bool keepPipeline, CancellationToken cancel)
    {
        var family = await db.Models.Where(m => m.Id == replaces).Select(m => (Guid?)m.FamilyId).FirstOrDefaultAsync(cancel)
            ?? throw new RefusedException("The model that this would be a version of is gone: upload it as a new model.");
        var versions = await db.Models.AsNoTracking().Where(m => m.FamilyId == family).OrderBy(m => m.Version).ToListAsync(cancel);
        var last = versions[^1];
        (model.FamilyId, model.Version) = (family, last.Version + 1);
        if (!keepName) model.Name = $"{versions[0].Name} (version {model.Version})";
        if (keepPipeline || last.InputShape != model.InputShape || PipelineCheck.Problems(last.Pipeline, model.Outputs).Any()) return;
        model.Pipeline = last.Pipeline;
        model.PipelineReasons = $"Input and categories are taken over from version {last.Version}.";
    }

    /// <summary>What the row of a model file would be, and what is wrong with its pipeline; nothing is stored.</summary>
    /// <exception cref="RefusedException">It is no model that can be used; the message says why.</exception>
    public async Task<(RegisteredModel Model, string[] PipelineProblems)> ReadAsync(
        string path, string fileName, string name, StimulusPipeline? pipeline = null, CancellationToken cancel = default)
    {
        var description = await InspectAsync(path, Path.GetFileName(fileName), cancel);
        var input = description.Inputs[0];
        var id = Guid.CreateVersion7();
        var model = new RegisteredModel
        {
            Id = id,
            FamilyId = id,
            Name = name,
            FileName = Path.GetFileName(fileName),
            Sha256 = description.Sha256,
            Bytes = new FileInfo(path).Length,
            Opset = description.Opset,
            InputName = input.Name,
            InputShape = string.Join('×', input.Shape.Select(d => d < 0 ? "?" : d.ToString())),
            Outputs = description.Outputs,
            PipelineJson = "",
            RegisteredAt = clock.GetUtcNow(),
            PipelineReasons = pipeline is null ? string.Join('\n', description.Sound?.Reasons ?? description.Pipeline?.Reasons ?? []) : "",
            // An input of the size of a cochleagram could be a grey picture too, but hardly is one.
            Pipeline = pipeline ?? (StimulusPipeline?)description.Sound?.Pipeline ?? description.Pipeline?.Pipeline ?? new PicturePipeline(),
        };
        model.Stages.AddRange(description.Stages.Select((stage, position) => new ModelStage
        {
            Id = Guid.CreateVersion7(),
            Position = position,
            Name = stage.Name,
            Tensor = stage.Tensor,
            OpType = stage.OpType,
            Shape = string.Join('×', stage.Shape),
            Size = stage.Size,
            Differentiable = stage.Differentiable,
            Reason = stage.Reason,
            Proposed = stage.Proposed,
        }));
        return (model, [.. PipelineCheck.Problems(model.Pipeline, model.Outputs)]);
    }

    /// <summary>
    /// Changes how pictures or sounds become input and outputs become categories; only while nothing was made with the present settings. A model that knows no
    /// categories yet has made nothing: metamers that name it were made elsewhere.
    /// </summary>
    /// <exception cref="RefusedException">The pipeline cannot work, or is in use.</exception>
    public async Task SavePipelineAsync(Guid modelId, StimulusPipeline pipeline, CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var model = await db.Models.FirstAsync(m => m.Id == modelId, cancel);
        var problems = PipelineCheck.Problems(pipeline, model.Outputs).ToArray();
        if (problems.Length > 0) throw new RefusedException(string.Join(' ', problems));
        if (model.Pipeline.Categories.Count > 0 && await IsInUseAsync(db, modelId, cancel)) throw new RefusedException(InUse);
        model.Pipeline = pipeline;
        foreach (var use in uses) await use.ForgetAsync(db, modelId, cancel);
        await db.SaveChangesAsync(cancel);
        foreach (var use in uses) await use.BecameReadyAsync(db, modelId, cancel);
    }

    public async Task RenameAsync(Guid modelId, string name, CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var model = await db.Models.FirstAsync(m => m.Id == modelId, cancel);
        if (model.Name == name) return;
        model.Name = await FreeNameAsync(db, name, cancel);
        await db.SaveChangesAsync(cancel);
    }

    /// <exception cref="RefusedException">Metamers were made with it.</exception>
    public async Task DeleteAsync(Guid modelId, CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        if (await IsInUseAsync(db, modelId, cancel)) throw new RefusedException("This model is in use: delete the campaigns and metamer sets that were made with it first. A model that answers in a published study has to stay.");
        foreach (var use in uses) await use.ForgetAsync(db, modelId, cancel);
        if (await db.Models.FindAsync([modelId], cancel) is not { } model) return;
        db.Models.Remove(model);
        await db.SaveChangesAsync(cancel);
    }

    /// <summary>Whether anything was made with the model's settings, so that they must stay.</summary>
    public async Task<bool> IsInUseAsync(Guid modelId, CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await IsInUseAsync(db, modelId, cancel);
    }

    private const string InUse = "Metamers were made with these settings, so they stay as they are. Delete those campaigns and their sets first.";

    private async Task<ModelDescription> InspectAsync(string path, string fileName, CancellationToken cancel)
    {
        try
        {
            var description = await hosts.ForPeople.CallAsync<ModelDescription>(new InspectModel(path), cancel: cancel);
            return description.Inputs.Length > 0 ? description : throw new RefusedException("The model has no input, so neither a picture nor a sound can enter it.");
        }
        catch (SynthesisException e)
        {
            // The person knows the file by its name, not by the place where it lay for a moment.
            throw new RefusedException(e.Message.Replace(path, fileName).Replace(Path.GetFileName(path), fileName), e);
        }
    }

    private async Task<bool> IsInUseAsync(StudyDb db, Guid modelId, CancellationToken cancel)
    {
        foreach (var use in uses)
        {
            if (await use.IsInUseAsync(db, modelId, cancel)) return true;
        }
        return false;
    }

    private static async Task<string> FreeNameAsync(StudyDb db, string name, CancellationToken cancel)
    {
        name = name.Trim();
        if (name.Length is 0 or > 100) throw new RefusedException("Please give the model a name of at most 100 characters.");
        if (await db.Models.AnyAsync(m => m.Name == name, cancel)) throw new RefusedException($"Another model is called “{name}”: please choose another name.");
        return name;
    }
}

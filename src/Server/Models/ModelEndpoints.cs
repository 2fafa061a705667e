using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Accounts;
using PerceptionStudy.Server.Accounts.Api;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Synthesis.FrontEnds;

namespace PerceptionStudy.Server.Models;

/// <summary>A model in a list.</summary>
/// <param name="FamilyId">The same for all versions of a model.</param>
/// <param name="FileMissing">Whether it came with somebody's study, by its hash, and its file has still to be given.</param>
public sealed record ModelInfo(Guid Id, Guid FamilyId, int Version, string Name, string FileName, string Sha256, bool FileMissing, long Bytes, int Opset, string InputName, string InputShape, long Outputs, DateTimeOffset RegisteredAt)
{
    public static ModelInfo Of(RegisteredModel m) => new(m.Id, m.FamilyId, m.Version, m.Name, m.FileName, m.Sha256, m.FileMissing, m.Bytes, m.Opset, m.InputName, m.InputShape, m.Outputs, m.RegisteredAt);
}

/// <summary>A stage at which metamers can be made, or why not.</summary>
public sealed record StageInfo(Guid Id, int Position, string Name, string Tensor, string OpType, string Shape, long Size, bool Differentiable, string? Reason, bool Proposed);

/// <summary>A model with its stages and its pipeline: of sounds if the pipeline's <c>kind</c> is <c>sound</c>, else of pictures.</summary>
public sealed record ModelDetail(ModelInfo Model, StimulusPipeline Pipeline, StageInfo[] Stages);

/// <summary>A new name.</summary>
public sealed record NewName(string Name);

/// <summary>Where a model's file comes from; if nothing is said, it is the body of the request.</summary>
/// <param name="FileName">What people know the file by; needed unless it lies on the server.</param>
/// <param name="Upload">Id of an upload in the place of the body.</param>
/// <param name="OnServer">Path of a file on the server in the place of the body, as <c>on-server</c> lists it.</param>
public sealed record ModelSource(string? FileName, Guid? Upload, string? OnServer)
{
    /// <exception cref="RefusedException">It was not said.</exception>
    internal string Name => FileName ?? (OnServer is null ? throw new RefusedException("Say what the file is called: fileName=net.onnx in the query.") : Path.GetFileName(OnServer));
}

/// <summary>Models over the HTTP API.</summary>
public static class ModelEndpoints
{
    public static void MapModelApi(this RouteGroupBuilder api)
    {
        var models = api.MapGroup("/models").WithTags("Models");
        models.MapGet("", async (StudyDb db, [AsParameters] PageQuery page, CancellationToken cancel) => (await db.Models.AsNoTracking().PageAsync(page, cancel)).Select(ModelInfo.Of))
            .Needs(TokenScopes.Read).WithSummary("The registered models");
        models.MapGet("/{modelId:guid}", DetailAsync).Needs(TokenScopes.Read).WithSummary("A model with its stages and its pipeline");
        models.MapGet("/on-server", (ServerModelFiles files) => new Page<ServerModelFile>(files.List(), null))
            .Needs(TokenScopes.Read).WithSummary("Files that lie on the server and can be registered without an upload: at most 500, on one page");
        models.MapGet("/standard-categories", (int outputs = ImageNetCategories.Classes) => ImageNetCategories.For(outputs)
                ?? throw new RefusedException($"The standard categories are for models of ImageNet, with {ImageNetCategories.Classes} outputs or one more: a model of {outputs} has a map of its own.", Refusal.Missing))
            .Needs(TokenScopes.Read).WithSummary("The standard map from the classes of ImageNet to 16 categories, as a pipeline holds it");
        models.MapPost("", RegisterAsync).Needs(TokenScopes.Design).Accepts<Stream>("application/octet-stream")
            .WithSummary("Register a model: the ONNX file is the body")
            .WithDescription("The query says what the file is called, and may give the model a name, the id of an upload or the path of a file on the server in the place of the body, and the id of the model whose next version it is.");
        models.MapPut("/{modelId:guid}/file", GiveFileAsync).Needs(TokenScopes.Design).Accepts<Stream>("application/octet-stream")
            .WithSummary("Give a model the file that it came without: the ONNX file is the body, or the query names an upload or a file on the server");
        models.MapPut("/{modelId:guid}/pipeline", async (Guid modelId, StimulusPipeline pipeline, ModelRegistry registry, StudyDb db, CancellationToken cancel) =>
        {
            await FindAsync(db, modelId, cancel);
            await registry.SavePipelineAsync(modelId, pipeline, cancel);
            return Results.NoContent();
        }).Needs(TokenScopes.Design).WithSummary("Say how pictures or sounds become input, and outputs become categories").Produces(204);
        models.MapPut("/{modelId:guid}/name", async (Guid modelId, NewName name, ModelRegistry registry, StudyDb db, CancellationToken cancel) =>
        {
            await FindAsync(db, modelId, cancel);
            await registry.RenameAsync(modelId, name.Name, cancel);
            return Results.NoContent();
        }).Needs(TokenScopes.Design).WithSummary("Give a model another name").Produces(204);
        models.MapDelete("/{modelId:guid}", async (Guid modelId, ModelRegistry registry, StudyDb db, CancellationToken cancel) =>
        {
            await FindAsync(db, modelId, cancel);
            await registry.DeleteAsync(modelId, cancel);
            return Results.NoContent();
        }).Needs(TokenScopes.Design).WithSummary("Delete a model that nothing was made with").Produces(204);
    }

    private static async Task<ModelDetail> DetailAsync(Guid modelId, StudyDb db, CancellationToken cancel)
    {
        var model = await FindAsync(db, modelId, cancel);
        return new ModelDetail(ModelInfo.Of(model), model.Pipeline,
            [.. model.Stages.OrderBy(s => s.Position).Select(s => new StageInfo(s.Id, s.Position, s.Name, s.Tensor, s.OpType, s.Shape, s.Size, s.Differentiable, s.Reason, s.Proposed))]);
    }

    private static async Task<IResult> RegisterAsync([AsParameters] ModelSource source, string? name, Guid? replaces, HttpContext http, SentFile sent, ModelRegistry registry, ServerModelFiles onServer, StudyDb db, CancellationToken cancel)
    {
        if (replaces is { } one) await FindAsync(db, one, cancel);
        var model = source.OnServer is { } path ? await registry.RegisterFileAsync(onServer.Find(path), source.Name, name, replaces: replaces, cancel: cancel)
            : await sent.TakeAsync(http, source.Upload, sent.Limits.ModelMegabytes, file => registry.RegisterAsync(file, source.Name, name, replaces: replaces, cancel: cancel),
                upload => registry.RegisterFileAsync(upload, source.Name, name, replaces: replaces, cancel: cancel));
        return Results.Created($"/api/v1/models/{model.Id}", ModelInfo.Of(model));
    }

    private static async Task<ModelInfo> GiveFileAsync(Guid modelId, [AsParameters] ModelSource source, HttpContext http, SentFile sent, ModelRegistry registry, ServerModelFiles onServer, CancellationToken cancel) =>
        ModelInfo.Of(source.OnServer is { } path ? await registry.GiveFileAsync(modelId, onServer.Find(path), source.Name, cancel)
            : await sent.TakeAsync(http, source.Upload, sent.Limits.ModelMegabytes, file => registry.GiveAsync(modelId, file, source.Name, cancel), upload => registry.GiveFileAsync(modelId, upload, source.Name, cancel)));

    internal static async Task<RegisteredModel> FindAsync(StudyDb db, Guid modelId, CancellationToken cancel) =>
        await db.Models.Include(m => m.Stages).AsNoTracking().FirstOrDefaultAsync(m => m.Id == modelId, cancel) ?? throw new RefusedException("There is no such model.", Refusal.Missing);
}

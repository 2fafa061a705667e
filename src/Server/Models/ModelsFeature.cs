using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using PerceptionStudy.Server.Accounts.Api;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Synthesis.FrontEnds;

namespace PerceptionStudy.Server.Models;

/// <summary>ONNX models: registration, stages, pipelines.</summary>
public static class ModelsFeature
{
    public static void AddModels(this IServiceCollection services)
    {
        services.AddSingleton<SynthesisHosts>();
        services.AddSingleton<ModelRegistry>();
        services.AddSingleton<TryOuts>();
        services.AddSingleton<ServerModelFiles>();
        services.AddSingleton<Uploads>();
        services.AddSingleton<SentFile>();
        services.AddOptions<UploadLimits>().BindConfiguration("Uploads");
        services.Configure<OpenApiOptions>(ApiV1.Document, api => api.AddSchemaTransformer(DescribePipelineAsync));
    }

    // It is one of two, and which one its member kind tells; from the type alone nobody could see that.
    private static async Task DescribePipelineAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancel)
    {
        if (context.JsonTypeInfo.Type != typeof(StimulusPipeline)) return;
        schema.Description = "How pictures or sounds become a model's input and its outputs become categories: of sounds if kind is sound.";
        schema.OneOf = [await context.GetOrCreateSchemaAsync(typeof(PicturePipeline), null, cancel), await context.GetOrCreateSchemaAsync(typeof(SoundPipeline), null, cancel)];
    }
}

/// <summary>How large uploads may be: settings <c>Uploads:ModelMegabytes</c>, <c>Uploads:PictureMegabytes</c>, <c>Uploads:SoundMegabytes</c>, <c>Uploads:ArchiveMegabytes</c>.</summary>
public sealed class UploadLimits
{
    public int ModelMegabytes { get; set; } = 1024;
    public int PictureMegabytes { get; set; } = 30;

    /// <summary>Ten minutes of one channel at 96 kHz, as the pages send what they decode, are 220 MB.</summary>
    public int SoundMegabytes { get; set; } = 250;

    public int ArchiveMegabytes { get; set; } = 1024;

    /// <summary>The largest file of any kind.</summary>
    public long LargestBytes => new[] { ModelMegabytes, PictureMegabytes, SoundMegabytes, ArchiveMegabytes }.Max() * 1024L * 1024;
}

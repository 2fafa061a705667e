using PerceptionStudy.Server.Data;

namespace PerceptionStudy.Server.Models;

/// <summary>ONNX models: registration, stages, pipelines.</summary>
public static class ModelsFeature
{
    public static void AddModels(this IServiceCollection services)
    {
        services.AddSingleton<SynthesisHosts>();
        services.AddSingleton<ModelRegistry>();
        services.AddSingleton<ServerModelFiles>();
        services.AddSingleton<Uploads>();
        services.AddOptions<UploadLimits>().BindConfiguration("Uploads");
    }
}

/// <summary>How large uploads may be: settings <c>Uploads:ModelMegabytes</c>, <c>Uploads:PictureMegabytes</c>, <c>Uploads:ArchiveMegabytes</c>.</summary>
public sealed class UploadLimits
{
    public int ModelMegabytes { get; set; } = 1024;
    public int PictureMegabytes { get; set; } = 30;
    public int ArchiveMegabytes { get; set; } = 1024;

    /// <summary>The largest file of any kind.</summary>
    public long LargestBytes => Math.Max(ModelMegabytes, Math.Max(PictureMegabytes, ArchiveMegabytes)) * 1024L * 1024;
}

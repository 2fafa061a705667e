namespace PerceptionStudy.Server.Export;

public static class ExportFeature
{
    public static void AddExport(this IServiceCollection services) => services.AddSingleton<ExportFiles>();
}

namespace PerceptionStudy.Server.Analysis;

public static class AnalysisFeature
{
    public static void AddAnalysis(this IServiceCollection services) => services.AddSingleton<TrialQuery>();
}

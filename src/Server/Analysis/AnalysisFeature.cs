using PerceptionStudy.Server.Analysis.Digests;
using PerceptionStudy.Server.Analysis.Imports;
using PerceptionStudy.Server.Analysis.Monitoring;
using PerceptionStudy.Server.Analysis.Results;
using PerceptionStudy.Server.Analysis.Simulation;

namespace PerceptionStudy.Server.Analysis;

public static class AnalysisFeature
{
    public static void AddAnalysis(this IServiceCollection services)
    {
        services.AddSingleton<TrialQuery>();
        services.AddSingleton<SessionDigests>();
        services.AddHostedService(provider => provider.GetRequiredService<SessionDigests>());
        services.AddSingleton<DigestedStudy>();
        services.AddSingleton<ExcludedPlaces>();
        services.AddHostedService(provider => provider.GetRequiredService<ExcludedPlaces>());
        services.AddScoped<StudyWatch>();
        services.AddSingleton<ResultsLoader>();
        services.AddSingleton<StudyImport>();
        services.AddSingleton<StudySimulation>();
        services.AddSingleton<PowerEstimate>();
    }
}

using PerceptionStudy.Server.Models;

namespace PerceptionStudy.Server.Studies;

public static class StudiesFeature
{
    public static void AddStudies(this IServiceCollection services)
    {
        services.AddSingleton<StudyDrafts>();
        services.AddSingleton<StudyPublisher>();
        services.AddSingleton<StudyBundle>();
        services.AddSingleton<StudyReplication>();
        services.AddSingleton<StudyAnswers>();
        services.AddHostedService(provider => provider.GetRequiredService<StudyAnswers>());
        services.AddSingleton<IModelUse, ModelsOfStudies>();
    }
}

namespace PerceptionStudy.Server.Studies;

public static class StudiesFeature
{
    public static void AddStudies(this IServiceCollection services)
    {
        services.AddSingleton<StudyDrafts>();
        services.AddSingleton<StudyPublisher>();
        services.AddHostedService<StudyAnswers>();
    }
}

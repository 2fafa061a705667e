using Microsoft.AspNetCore.Authorization;
using PerceptionStudy.Server.Accounts;
using PerceptionStudy.Server.Models;
using PerceptionStudy.Server.Studies.OnDemand;

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
        services.AddSingleton<OnDemandOrders>();
        services.AddSingleton<StudyMembers>();
        services.AddSingleton<InvitationAccepted>(StudyMembers.JoinAsync);
        services.AddSingleton<IAuthorizationHandler, StudyAuthorization>();
        var policies = services.AddAuthorizationBuilder();
        foreach (var right in Enum.GetValues<StudyRight>())
            policies.AddPolicy(NeedsAttribute.PolicyOf(right), policy => policy.RequireAuthenticatedUser().AddRequirements(new StudyRequirement(right)));
    }
}

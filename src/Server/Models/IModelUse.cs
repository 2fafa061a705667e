using PerceptionStudy.Server.Data;

namespace PerceptionStudy.Server.Models;

/// <summary>What a later feature knows about its use of a model; models themselves know no later feature.</summary>
public interface IModelUse
{
    /// <summary>Whether something was made with the model's present settings, so that model and settings must stay.</summary>
    Task<bool> IsInUseAsync(StudyDb db, Guid modelId, CancellationToken cancel);

    /// <summary>Forgets what was computed with the old settings and can be computed again.</summary>
    Task ForgetAsync(StudyDb db, Guid modelId, CancellationToken cancel);

    /// <summary>Makes up for what could not be done while the model's file was missing, or it knew no categories.</summary>
    Task BecameReadyAsync(StudyDb db, Guid modelId, CancellationToken cancel) => Task.CompletedTask;
}

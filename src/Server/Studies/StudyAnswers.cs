using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Campaigns;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Models;

namespace PerceptionStudy.Server.Studies;

/// <summary>
/// Lets the recognising models of published studies answer every stimulus that is shown, so that their curves can stand beside people's.
/// Asked at publication, and again when the server starts, because the embedded job engine forgets what it had to do.
/// </summary>
public sealed class StudyAnswers(IDbContextFactory<StudyDb> databases, ModelAnswerer answerer, TimeProvider clock) : BackgroundService
{
    /// <summary>Queues what is missing; what is there or practised with is not asked for.</summary>
    public Task RequestAsync(StudyDesign published, CancellationToken cancel = default) =>
        answerer.EnqueueMissingAsync(published.RecognisingModels, StimuliOf(published), cancel);

    /// <summary>How many answers a published design still waits for.</summary>
    public static async Task<int> CountMissingAsync(StudyDb db, StudyDesign published, CancellationToken cancel = default)
    {
        var stimuli = StimuliOf(published);
        var models = published.RecognisingModels;
        return stimuli.Length * models.Length - await db.ModelAnswers.CountAsync(a => models.Contains(a.ModelId) && stimuli.Contains(a.StimulusId), cancel);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Rounds.OnceAsync(TimeSpan.FromSeconds(30), clock, async cancel =>
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        foreach (var version in await db.StudyVersions.AsNoTracking().ToListAsync(cancel)) await RequestAsync(version.Design, cancel);
    }, stoppingToken);

    private static Guid[] StimuliOf(StudyDesign published) => [.. published.NaturalStimuli, .. published.Metamers];
}

/// <summary>A model that a published study lets answer has to stay as it is: its answers are results.</summary>
internal sealed class ModelsOfStudies(StudyAnswers answers) : IModelUse
{
    public Task<bool> IsInUseAsync(StudyDb db, Guid modelId, CancellationToken cancel) => Of(db, modelId).AnyAsync(cancel);

    public Task ForgetAsync(StudyDb db, Guid modelId, CancellationToken cancel) => Task.CompletedTask;

    public async Task BecameReadyAsync(StudyDb db, Guid modelId, CancellationToken cancel)
    {
        foreach (var version in await Of(db, modelId).AsNoTracking().ToListAsync(cancel)) await answers.RequestAsync(version.Design, cancel);
    }

    private static IQueryable<StudyVersion> Of(StudyDb db, Guid modelId)
    {
        var name = modelId.ToString();
        return db.StudyVersions.Where(v => v.DesignJson.Contains(name));
    }
}

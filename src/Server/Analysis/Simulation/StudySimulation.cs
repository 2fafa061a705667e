using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Participation;
using PerceptionStudy.Server.Studies;

namespace PerceptionStudy.Server.Analysis.Simulation;

/// <summary>
/// Sends synthetic observers through the latest version of a study, or through its draft, by the very code that serves people: the same trial sequence, the
/// same receipt of answers. They are marked as synthetic, take no places, and are never shown or exported together with people; those of a draft are kept apart from those of published versions.
/// </summary>
public sealed class StudySimulation(IDbContextFactory<StudyDb> databases, StudyPublisher publisher, StudyAnswers answers, SessionStart start, ReceiveResponse receive)
{
    /// <summary>The draft is frozen as it is saved, as for a preview; synthetic observers of an earlier state of it are removed.</summary>
    /// <param name="draft">The draft in the place of the latest published version.</param>
    /// <param name="told">Called after each observer with the number done.</param>
    /// <returns>The version that they answered; its number is below 0 for a draft.</returns>
    /// <exception cref="RefusedException">There is no published version, the draft could not be published as it is, or there is no right to change the design.</exception>
    public async Task<StudyVersion> RunAsync(
        Guid studyId, int observers, ObserverProfile profile, int seed, bool draft = false, Action<int>? told = null, CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await db.DemandAsync(studyId, StudyRight.EditDesign, cancel);
        var version = draft ? await FreezeDraftAsync(db, studyId, cancel)
            : await db.StudyVersions.AsNoTracking().Where(v => v.StudyId == studyId).OrderByDescending(v => v.Number).FirstOrDefaultAsync(cancel)
            ?? throw new RefusedException("This study was never published: simulate its draft, or publish it first.");
        var design = version.Design;
        var expected = await ExpectedAsync(db, design, profile, cancel);
        for (var i = 0; i < observers; i++)
        {
            var sessionId = await start.StartSyntheticAsync(version.Id, unchecked(seed * 1_000_003 + i), cancel);
            var observer = new SyntheticObserver(unchecked(seed * 7919 + i));
            var trials = await db.Trials.AsNoTracking().Where(t => t.SessionId == sessionId).OrderBy(t => t.Position).ToListAsync(cancel);
            foreach (var trial in trials)
            {
                // What is shown decides how well it is recognised: a swapped trial shows the natural stimulus.
                var shown = trial.Swapped ? StudyCondition.Natural : trial.Condition;
                var proportion = trial.IsCatch ? 1 : expected[shown];
                await receive.ReceiveAsync(sessionId, observer.Answer(trial, proportion, design), cancel);
            }
            told?.Invoke(i + 1);
        }
        return version;
    }

    /// <summary>Deletes all synthetic observers of a study's published versions, or those of its drafts; people are not touched. Returns how many there were.</summary>
    public async Task<int> RemoveAsync(Guid studyId, bool draft = false, CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await db.DemandAsync(studyId, StudyRight.EditDesign, cancel);
        var versions = await db.StudyVersions.IgnoreQueryFilters().Where(v => v.StudyId == studyId && v.Number < 0 == draft).Select(v => v.Id).ToArrayAsync(cancel);
        return await Of(db, versions).ExecuteDeleteAsync(cancel);
    }

    /// <summary>The drafts of a study that synthetic observers have answered, the latest first.</summary>
    public static IQueryable<StudyVersion> SimulatedDrafts(StudyDb db, Guid studyId) =>
        db.StudyVersions.IgnoreQueryFilters().AsNoTracking().Where(v => v.StudyId == studyId && v.Number < 0 && db.Sessions.Any(s => s.StudyVersionId == v.Id && s.ObserverType == ObserverType.Synthetic)).OrderBy(v => v.Number);

    private static IQueryable<Session> Of(StudyDb db, Guid[] versions) => db.Sessions.Where(s => s.ObserverType == ObserverType.Synthetic && versions.Contains(s.StudyVersionId));

    private async Task<StudyVersion> FreezeDraftAsync(StudyDb db, Guid studyId, CancellationToken cancel)
    {
        var version = await publisher.FreezePreviewAsync(studyId, cancel);
        // An earlier state of the draft has another design: its numbers would only be mistaken for those of this one.
        await Of(db, await SimulatedDrafts(db, studyId).Where(v => v.Id != version.Id).Select(v => v.Id).ToArrayAsync(cancel)).ExecuteDeleteAsync(cancel);
        await answers.RequestAsync(version.Design, cancel);
        return version;
    }

    private static async Task<Dictionary<StudyCondition, double>> ExpectedAsync(StudyDb db, StudyDesign design, ObserverProfile profile, CancellationToken cancel)
    {
        var models = await db.Models.AsNoTracking().Include(m => m.Stages).AsSplitQuery().ToListAsync(cancel);
        var chance = 1.0 / design.ChoicesPerTrial;
        var expected = new Dictionary<StudyCondition, double> { [StudyCondition.Natural] = profile.Natural };
        foreach (var ofModel in design.Conditions.Where(c => !c.IsNatural).GroupBy(c => c.ModelId))
        {
            var model = models.First(m => m.Id == ofModel.Key);
            var stages = model.Stages.Where(s => ofModel.Any(c => c.StageId == s.Id)).OrderBy(s => s.Position).ToList();
            foreach (var (index, stage) in stages.Index())
                foreach (var condition in ofModel.Where(c => c.StageId == stage.Id)) expected[condition] = profile.At(condition, model.Name, stage.Name, index + 1, stages.Count, chance);
        }
        return expected;
    }
}

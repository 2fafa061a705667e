using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Participation;
using PerceptionStudy.Server.Studies;

namespace PerceptionStudy.Server.Analysis.Simulation;

/// <summary>
/// Sends synthetic observers through the latest version of a study, by the very code that serves people: the same trial sequence, the same
/// receipt of answers. They are marked as synthetic, take no places, and are never shown or exported together with people.
/// </summary>
public sealed class StudySimulation(IDbContextFactory<StudyDb> databases, SessionStart start, ReceiveResponse receive)
{
    /// <param name="told">Called after each observer with the number done.</param>
    public async Task RunAsync(Guid studyId, int observers, ObserverProfile profile, int seed, Action<int>? told = null, CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await db.DemandAsync(studyId, StudyRight.EditDesign, cancel);
        var version = await db.StudyVersions.AsNoTracking().Where(v => v.StudyId == studyId).OrderByDescending(v => v.Number).FirstOrDefaultAsync(cancel)
            ?? throw new RefusedException("This study was never published: publish it first, then simulate.");
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
                var shown = trial.Swapped ? StudyCondition.Natural : new StudyCondition(trial.ModelId, trial.StageId);
                var proportion = trial.IsCatch ? 1 : expected[shown];
                await receive.ReceiveAsync(sessionId, observer.Answer(trial, proportion, design), cancel);
            }
            told?.Invoke(i + 1);
        }
    }

    /// <summary>Deletes all synthetic observers of a study; people are not touched. Returns how many there were.</summary>
    public async Task<int> RemoveAsync(Guid studyId, CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await db.DemandAsync(studyId, StudyRight.EditDesign, cancel);
        return await db.Sessions.Where(s => s.ObserverType == ObserverType.Synthetic && db.StudyVersions.Any(v => v.Id == s.StudyVersionId && v.StudyId == studyId)).ExecuteDeleteAsync(cancel);
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
                expected[new StudyCondition(model.Id, stage.Id)] = profile.AtStage(model.Name, stage.Name, index + 1, stages.Count, chance);
        }
        return expected;
    }
}

using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Studies;
using PerceptionStudy.Shared.Trials;

namespace PerceptionStudy.Server.Participation;

/// <summary>
/// Puts the picture or sound of a main trial whose timing was bad at the end of the session once more, where the study wants it so; one that was
/// interrupted is either asked again at once or not at all. Called in the
/// transaction that stores the answer, after the session's row was written: so two answers of one session never take the same position.
/// </summary>
public static class BadTrialRepeat
{
    public static async Task AddAsync(StudyDb db, StudyDesign design, TrialResponse answer, CancellationToken cancel = default)
    {
        if (design.Display.BadTrials != BadTrials.Repeat || answer.Kind == ResponseKind.Interrupted || TimingVerdicts.Of(answer.Timing) != TimingVerdict.Bad) return;
        var trial = await db.Trials.AsNoTracking().FirstAsync(t => t.Id == answer.TrialId, cancel);
        if (trial.Phase != TrialPhase.Main || trial.RepeatOf is not null) return;
        var last = await db.Trials.Where(t => t.SessionId == trial.SessionId).MaxAsync(t => t.Position, cancel);
        var again = trial.ShownAgain(last + 1);
        again.RepeatOf = trial.Id;
        db.Trials.Add(again);
        await db.SaveChangesAsync(cancel);
    }
}

using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Studies;
using PerceptionStudy.Shared.Trials;

namespace PerceptionStudy.Server.Participation.Adaptive;

/// <summary>Where the closed loop of a session stands.</summary>
/// <param name="Levels">The conditions that are the levels, the easiest first.</param>
/// <param name="Decisions">Decisions so far.</param>
/// <param name="Answers">Answers to what they showed, in the order of the trials.</param>
/// <param name="AwaitsAnswer">Whether a trial of the loop is shown whose answer has not arrived.</param>
/// <param name="Next">What the method chooses now.</param>
public sealed record LoopState(IReadOnlyList<StudyCondition> Levels, int Decisions, IReadOnlyList<LevelAnswer> Answers, bool AwaitsAnswer, LevelDecision Next)
{
    /// <summary>Null where the design has no loop.</summary>
    public static async Task<LoopState?> LoadAsync(StudyDb db, StudyDesign design, Guid sessionId, CancellationToken cancel = default)
    {
        if (!design.Adaptive.Any) return null;
        var levels = await LevelsAsync(db, design, cancel);
        var shown = await (
            from decision in db.AdaptiveDecisions
            join trial in db.Trials on decision.TrialId equals trial.Id
            where trial.SessionId == sessionId
            orderby decision.Number
            select new { decision.ShownLevel, Answered = trial.Response != null, Correct = trial.Response != null && trial.Response.Correct, Kind = trial.Response == null ? ResponseKind.Choice : trial.Response.Kind })
            .ToListAsync(cancel);
        LevelAnswer[] answers = [.. shown.Where(s => s is { Answered: true, ShownLevel: not null, Kind: not ResponseKind.Interrupted }).Select(s => new LevelAnswer(s.ShownLevel!.Value, s.Correct))];
        var seed = await db.Sessions.Where(s => s.Id == sessionId).Select(s => s.Seed).FirstAsync(cancel);
        return new LoopState(levels, shown.Count, answers, shown.Exists(s => !s.Answered), ClosedLoop.Next(design, levels.Count, answers, seed));
    }

    /// <summary>The levels of a design, the easiest first: its conditions of the loop's model from input to output, of one stage with the loss rising.</summary>
    public static async Task<IReadOnlyList<StudyCondition>> LevelsAsync(StudyDb db, StudyDesign design, CancellationToken cancel = default)
    {
        StudyCondition[] levels = [.. design.Conditions.Where(design.Adaptive.Chooses)];
        var stages = levels.Select(c => c.StageId).OfType<Guid>().ToArray();
        var position = await db.Stages.Where(s => stages.Contains(s.Id)).ToDictionaryAsync(s => s.Id, s => s.Position, cancel);
        return [.. levels.OrderBy(c => position[c.StageId!.Value]).ThenBy(c => c.LossLevel)];
    }

    /// <summary>A level's condition.</summary>
    public StudyCondition Condition(int level) => Levels[level - 1];

    /// <summary>All levels, the nearest to the wanted one first; of two equally near the easier.</summary>
    public IEnumerable<int> Nearest() => Enumerable.Range(1, Levels.Count).OrderBy(level => Math.Abs(level - Next.Level)).ThenBy(level => level);
}

using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Participation.Adaptive;
using PerceptionStudy.Server.Studies;
using PerceptionStudy.Server.Studies.OnDemand;

namespace PerceptionStudy.Server.Participation.OnDemand;

/// <summary>Everything that decides what an open trial shows, as of one moment.</summary>
public sealed class SettlementLook
{
    /// <summary>So many coming trials of a closed loop are made ready at the levels that they may need.</summary>
    private const int LoopAhead = 3;

    private readonly StudyDesign design;
    private readonly StimulusSupply supply;
    private readonly LoopState? loop;

    private SettlementLook(StudyDesign design, OpenTrials open, StimulusSupply supply, LoopState? loop) => (this.design, Open, this.supply, this.loop) = (design, open, supply, loop);

    /// <summary>The trials that may come now, the one that was asked for first; or those that are to be made ready.</summary>
    public OpenTrials Open { get; }

    /// <summary>To settle a trial; null where it is settled.</summary>
    public static async Task<SettlementLook?> ToSettleAsync(StudyDb db, Guid versionId, StudyDesign design, Guid sessionId, Guid trialId, CancellationToken cancel = default) =>
        await OpenTrials.FromAsync(db, design, sessionId, trialId, cancel) is { } open ? await AtAsync(db, versionId, design, sessionId, open, withPublished: true, cancel) : null;

    /// <summary>To order what the next trials of a session need; all of them without <paramref name="most"/>.</summary>
    public static async Task<SettlementLook> ToOrderAsync(StudyDb db, Guid versionId, StudyDesign design, Guid sessionId, int? most, CancellationToken cancel = default) =>
        await AtAsync(db, versionId, design, sessionId, await OpenTrials.NextAsync(db, sessionId, most, cancel), withPublished: false, cancel);

    private static async Task<SettlementLook> AtAsync(StudyDb db, Guid versionId, StudyDesign design, Guid sessionId, OpenTrials open, bool withPublished, CancellationToken cancel) => new(
        design, open, await StimulusSupply.LoadAsync(db, versionId, design, [.. open.Open.Select(t => t.NaturalStimulusId).OfType<Guid>().Distinct()], withPublished, cancel),
        await LoopState.LoadAsync(db, design, sessionId, cancel));

    /// <summary>What the trials need; those of the loop at the level that is wanted now and its neighbours.</summary>
    /// <param name="from">When the first one is needed.</param>
    /// <param name="each">How long a trial takes.</param>
    public IReadOnlyList<OnDemandWish> Wishes(DateTimeOffset from, TimeSpan each)
    {
        var wishes = new List<OnDemandWish>();
        var loops = 0;
        foreach (var (n, trial) in Open.Open.Index())
        {
            if (trial.NaturalStimulusId is not { } natural) continue;
            var neededAt = from + n * each;
            if (!IsLoops(trial)) Wish(trial.Condition, neededAt);
            else if (loops++ < LoopAhead) foreach (var level in loop!.Nearest().Take(3)) Wish(loop.Condition(level), neededAt);

            void Wish(StudyCondition condition, DateTimeOffset at)
            {
                if (design.OnDemand.Makes(condition) && supply.Of(natural, condition).State is SupplyState.Coming or SupplyState.Missing) wishes.Add(new OnDemandWish(natural, condition, at));
            }
        }
        return wishes;
    }

    /// <summary>Index of the trial that comes now; null while it has to wait.</summary>
    private int? Choose() => LookAhead.Choose([.. Open.Open.Select(t => new OpenTrial(ReadinessOf(t), t.CorrectCategory))], design.OnDemand.AheadTrials, Open.Before, design.Assignment.MostOfACategoryInARow);

    /// <summary>Settles the first open trial; false while it has to wait.</summary>
    /// <param name="late">Whether it has waited long enough: then the nearest level of the loop that is ready comes, or the fallback.</param>
    /// <param name="waitedMs">How long it has waited.</param>
    /// <param name="db">Takes what is decided; the trials have to be tracked by it.</param>
    public bool Settle(bool late, double waitedMs, StudyDb db)
    {
        var chosen = Choose();
        var level = loop?.Next.Level;
        if (chosen is null && !late) return false;
        // Late, or the wanted level can never be shown of this stimulus: then another level tells more than a fallback.
        var nothing = chosen is not { } index || (IsLoops(Open.Open[index]) && ReadinessOf(Open.Open[index]) == Readiness.Never);
        if (nothing && NearestReady() is { } near) (chosen, level) = near;
        Open.BringForward(chosen ?? 0);
        var trial = Open.Open[0];
        if (IsLoops(trial)) (trial.StageId, trial.LossLevel) = (loop!.Condition(level!.Value).StageId, loop.Condition(level.Value).LossLevel);
        Show(trial);
        (trial.IsOpen, trial.WaitedMs) = (false, waitedMs);
        if (IsLoops(trial)) db.AdaptiveDecisions.Add(DecisionOf(trial, level!.Value));
        return true;
    }

    /// <summary>A trial of the loop within the window that has a level ready, and the one nearest to the wanted level.</summary>
    private (int Index, int Level)? NearestReady()
    {
        if (loop is null) return null;
        var window = Open.Open.Take(design.OnDemand.AheadTrials + 1).Index().Where(t => IsLoops(t.Item)).ToList();
        foreach (var level in loop.Nearest())
        {
            foreach (var (index, trial) in window)
            {
                if (supply.Of(trial.NaturalStimulusId!.Value, loop.Condition(level)).State == SupplyState.Ready) return (index, level);
            }
        }
        return null;
    }

    private Readiness ReadinessOf(Trial trial)
    {
        if (trial.NaturalStimulusId is not { } natural) return Readiness.Ready;
        if (IsLoops(trial)) return loop!.AwaitsAnswer ? Readiness.Coming : Of(supply.Of(natural, loop.Condition(loop.Next.Level)).State);
        return trial.OnDemand ? Of(supply.Of(natural, trial.Condition).State) : Readiness.Ready;

        static Readiness Of(SupplyState state) => state switch
        {
            SupplyState.Ready => Readiness.Ready,
            SupplyState.Exhausted => Readiness.Never,
            _ => Readiness.Coming,
        };
    }

    private void Show(Trial trial)
    {
        if (trial.NaturalStimulusId is not { } natural || !(trial.OnDemand || IsLoops(trial))) return;
        var condition = trial.Condition;
        trial.OnDemand = design.OnDemand.Makes(condition);
        var found = supply.Of(natural, condition);
        if (found.State == SupplyState.Ready)
        {
            (trial.StimulusId, trial.SynthesisJobId, trial.Swapped) = (found.StimulusId, found.JobId, false);
            return;
        }
        var published = design.OnDemand.Fallback == OnDemandFallback.Pregenerated ? supply.Published(natural, condition) : null;
        (trial.StimulusId, trial.Swapped) = (published ?? natural, published is null);
        if (trial.OnDemand) trial.Fallback = published is null ? OnDemandFallback.Natural : OnDemandFallback.Pregenerated;
    }

    private AdaptiveDecision DecisionOf(Trial trial, int level) => new()
    {
        TrialId = trial.Id,
        Number = loop!.Decisions + 1,
        AnswersUsed = loop.Answers.Count,
        WantedLevel = loop.Next.Level,
        ShownLevel = trial.Swapped ? null : level,
        EstimatedLevel = loop.Next.Estimate?.Level,
        EstimatedSd = loop.Next.Estimate?.Sd,
    };

    private bool IsLoops(Trial trial) => loop is not null && !trial.IsCatch && design.Adaptive.Chooses(trial.Condition);
}

using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Analysis.Statistics;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Studies;

namespace PerceptionStudy.Server.Analysis.Simulation;

/// <summary>What somebody wants to know of a draft before anybody is asked.</summary>
public sealed record PowerQuestion
{
    /// <summary>The expected proportions correct.</summary>
    public ObserverProfile Profile { get; init; } = new();

    /// <summary>People, 2 to 2,000; 20 to 23 in Feather et al. (2023).</summary>
    public int Participants { get; init; } = 20;

    /// <summary>Half the 95 % interval that is wished for in every condition, in proportion correct, 0.005 to 0.5.</summary>
    public double WishedHalfWidth { get; init; } = 0.05;

    /// <summary>Differences between people: standard deviation of their log-odds, 0 to 3.</summary>
    public double BetweenSd { get; init; } = 0.5;

    /// <summary>What is wrong with it, as a sentence; null for nothing.</summary>
    public string? Problem =>
        Profile.Problem
        ?? (BetweenSd is not (>= 0 and <= 3) ? "Differences between people lie from 0 to 3."
        : Participants is < 2 or > 2000 ? "Ask for 2 to 2,000 participants."
        : WishedHalfWidth is not (>= 0.005 and <= 0.5) ? "A wished interval lies from ±0.005 to ±0.5." : null);
}

/// <summary>What is to be expected of a condition.</summary>
/// <param name="Expected">Proportion correct of a middle participant, as assumed.</param>
/// <param name="TrialsPerParticipant">Mean number of main trials that count.</param>
/// <param name="HalfWidth">Half the 95 % interval, median of the simulated studies; null without trials.</param>
/// <param name="HalfWidthMost">The same, undercut in four studies of five.</param>
/// <param name="PowerAgainstNatural">Share of simulated studies in which a paired t-test at .05 tells it from natural; null for natural.</param>
public sealed record PlannedCondition(string Condition, double Expected, double TrialsPerParticipant, double? HalfWidth, double? HalfWidthMost, double? PowerAgainstNatural);

/// <summary>How exact the answer will be.</summary>
/// <param name="Conditions">Natural first, then as in the design.</param>
/// <param name="ParticipantsNeeded">How many people it takes until every condition is as exact as wished; null for more than 2,000.</param>
public sealed record DesignPower(PlannedCondition[] Conditions, int? ParticipantsNeeded);

/// <summary>Precision and power of drafts, from trials drawn as participants would get them.</summary>
public sealed class PowerEstimate(IDbContextFactory<StudyDb> databases)
{
    /// <summary>Simulated studies behind the figures of each condition.</summary>
    public const int Studies = 400;

    /// <exception cref="RefusedException">The question cannot be answered, or the draft draws no trials.</exception>
    public async Task<DesignPower> OfAsync(Guid studyId, PowerQuestion question, CancellationToken cancel = default)
    {
        if (question.Problem is { } problem) throw new RefusedException(problem);
        await using var db = await databases.CreateDbContextAsync(cancel);
        await db.DemandAsync(studyId, StudyRight.See, cancel);
        var draft = (await db.Studies.AsNoTracking().FirstAsync(s => s.Id == studyId, cancel)).Draft;
        var material = await StudyMaterial.LoadAsync(db, draft, cancel);
        try
        {
            // Not on the thread of the page or request that asks: others stay quick meanwhile.
            return await Task.Run(() => Of(DesignPlan.Of(draft, material, question.Profile, question.Participants, cancel), question), cancel);
        }
        catch (ArgumentException)
        {
            throw new RefusedException("Nothing can be drawn from the draft: the design page says what it lacks.");
        }
    }

    private static DesignPower Of(DesignPlan plan, PowerQuestion question) => new(
        [.. plan.Conditions.Zip(DesignPrecision.Simulate(plan.Trials, plan.Expected, question.Participants, question.BetweenSd, Studies),
            (name, p) => new PlannedCondition(name, p.Expected, p.TrialsPerParticipant, Number(p.HalfWidth), Number(p.HalfWidthMost), p.PowerAgainstFirst))],
        DesignPrecision.ParticipantsFor(question.WishedHalfWidth, plan.Trials, plan.Expected, question.BetweenSd));

    // JSON knows no "not a number".
    private static double? Number(double value) => double.IsNaN(value) ? null : value;
}

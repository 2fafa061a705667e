using System.Runtime.CompilerServices;
using PerceptionStudy.Server.Analysis;
using PerceptionStudy.Server.Analysis.Statistics;
using PerceptionStudy.Server.Participation;
using PerceptionStudy.Shared.Trials;

namespace PerceptionStudy.Server.Export;

/// <summary>What one session's exported trials come to.</summary>
internal sealed class TrialTally
{
    private readonly int[] verdicts = new int[Enum.GetValues<TimingVerdict>().Length];
    private int correct, timed;
    private double reactionTimesMs;

    /// <summary>The rule of the design that leaves the session out; null for none.</summary>
    public ExclusionReason? ExcludedBecause { get; private set; }

    public int Answered { get; private set; }
    public int Counted { get; private set; }
    public int Practice { get; private set; }
    public int Catch { get; private set; }
    public int CatchCorrect { get; private set; }
    public int Swapped { get; private set; }
    public int Repeated { get; private set; }
    public int Interrupted { get; private set; }
    public double? ProportionCorrect => Counted == 0 ? null : (double)correct / Counted;
    public double? MeanReactionTimeMs => timed == 0 ? null : reactionTimesMs / timed;

    public int Verdict(TimingVerdict verdict) => verdicts[(int)verdict];

    public void Add(TrialRecord trial)
    {
        Answered++;
        ExcludedBecause = trial.ExcludedBecause;
        if (trial.Timing is { } timing) verdicts[(int)TimingVerdicts.Of(timing)]++;
        if (trial.IsPractice) Practice++;
        else if (trial.Condition == ConditionKind.Catch)
        {
            Catch++;
            if (trial.Correct) CatchCorrect++;
        }
        else if (trial.Swapped) Swapped++;
        else if (trial.Repeated) Repeated++;
        else if (trial.Kind == ResponseKind.Interrupted) Interrupted++;
        if (!trial.Counts) return;
        Counted++;
        if (trial.Correct) correct++;
        if (trial.ReactionTimeMs is not { } time) return;
        timed++;
        reactionTimesMs += time;
    }
}

/// <summary>Looks at the trials while they stream into their file, so that the smaller tables need no second reading.</summary>
internal sealed class TrialTallies
{
    private readonly Dictionary<(int Version, int Session), TrialTally> sessions = [];

    public RecognitionCurve Curve { get; } = new();

    public TrialTally Of(int version, int session) => sessions.GetValueOrDefault((version, session)) ?? new TrialTally();

    public async IAsyncEnumerable<TrialRecord> WatchAsync(IAsyncEnumerable<TrialRecord> trials, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        await foreach (var trial in trials.WithCancellation(cancel))
        {
            Curve.Add(trial);
            if (trial.Observer != ObserverKind.Model)
            {
                if (!sessions.TryGetValue((trial.StudyVersion, trial.Session), out var tally)) sessions[(trial.StudyVersion, trial.Session)] = tally = new TrialTally();
                tally.Add(trial);
            }
            yield return trial;
        }
    }
}

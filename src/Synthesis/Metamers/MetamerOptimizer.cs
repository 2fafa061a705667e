using PerceptionStudy.Synthesis.Hosting;

namespace PerceptionStudy.Synthesis.Metamers;

/// <summary>Moves pictures step by step until their activations are the natural ones': the loop around <see cref="StepSession"/>.</summary>
/// <param name="runs">The pictures, in the session's order.</param>
/// <param name="time">Clock of checkpoints, reports and the time limit.</param>
/// <param name="betweenCheckpoints">Time between two checkpoints.</param>
/// <param name="timeLimit">Ends after the step under way when this has passed; null: no limit.</param>
public sealed class MetamerOptimizer(IReadOnlyList<MetamerRun> runs, TimeProvider time, TimeSpan betweenCheckpoints, TimeSpan? timeLimit = null)
{
    private static readonly TimeSpan BetweenReports = TimeSpan.FromMilliseconds(250);

    /// <summary>Runs until each picture has ended.</summary>
    /// <param name="session">Holds the state.</param>
    /// <param name="report">Told now and then where each picture stands; it can be read meanwhile.</param>
    /// <param name="cancel">Stops between two steps, after writing the checkpoints.</param>
    /// <exception cref="SynthesisException">Loss or gradient are not finite numbers, or no gradient arrives.</exception>
    public void Run(StepSession session, Action<int, SynthesisProgress> report, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(report);
        var (started, reported, kept) = (time.GetTimestamp(), time.GetTimestamp(), time.GetTimestamp());
        while (runs.Any(r => r.Ended is null))
        {
            if (time.GetElapsedTime(started) >= timeLimit)
                foreach (var run in runs)
                    run.TimeIsUp();
            // Decided before the step, so that a step on a device knows to hand its state over.
            var (stop, keep, tell) = (cancel.IsCancellationRequested, time.GetElapsedTime(kept) >= betweenCheckpoints, time.GetElapsedTime(reported) >= BetweenReports);
            var going = runs.Where(r => r.Ended is null).ToArray();
            Step(session, stop || keep || tell || going.Any(r => r.NeedsHost), time.GetElapsedTime(started));
            for (var i = 0; i < runs.Count; i++)
            {
                var ended = runs[i].Ended is not null && going.Contains(runs[i]);
                if ((stop || keep) && runs[i].Ended is null)
                    runs[i].Keep(session, i);
                if ((tell || ended) && (ended || runs[i].Ended is null))
                    report(i, new(runs[i].Step, runs[i].Steps, session.LossOf(i).Loss, session.LossOf(i).GradientNorm, Ended: runs[i].Ended));
            }
            if (stop && runs.Any(r => r.Ended is null))
                cancel.ThrowIfCancellationRequested();
            (kept, reported) = (keep ? time.GetTimestamp() : kept, tell ? time.GetTimestamp() : reported);
        }
    }

    private void Step(StepSession session, bool toHost, TimeSpan elapsed)
    {
        for (var i = 0; i < runs.Count; i++)
        {
            session.ScalarsOf(i).Clear();
            if (runs[i].Ended is null)
                runs[i].Ask(session.ScalarsOf(i));
        }
        session.Do(toHost);
        for (var i = 0; i < runs.Count; i++)
            if (runs[i].Ended is null)
                runs[i].Learn(session, i, elapsed);
    }
}

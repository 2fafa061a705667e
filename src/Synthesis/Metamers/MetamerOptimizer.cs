using System.Globalization;
using PerceptionStudy.Synthesis.Hosting;

namespace PerceptionStudy.Synthesis.Metamers;

/// <summary>Moves a picture step by step until its activation is the natural one's: the loop around <see cref="StepSession"/>.</summary>
/// <param name="plan">Hash of the plan, for the checkpoint.</param>
/// <param name="steps">Gradient evaluations in all.</param>
/// <param name="checkpoint">Where the state is kept, or null.</param>
/// <param name="time">Clock of the checkpoints and reports.</param>
public sealed class MetamerOptimizer(string plan, int steps, string? checkpoint, TimeProvider time)
{
    private static readonly TimeSpan BetweenReports = TimeSpan.FromMilliseconds(250), BetweenCheckpoints = TimeSpan.FromSeconds(5);
    private readonly List<LossPoint> curve = [];
    private readonly int betweenPoints = Math.Max(1, steps / 100);

    /// <summary>Loss and gradient norm at about 200 steps, the first and the last among them.</summary>
    public IReadOnlyList<LossPoint> Curve => curve;

    /// <summary>Time taken, runs before an interruption included.</summary>
    public TimeSpan Taken { get; private set; }

    /// <summary>The state to begin with: the checkpoint's if there is one, else noise.</summary>
    /// <param name="seed">Seed of the noise.</param>
    /// <param name="values">Number of values of the picture.</param>
    /// <param name="memories">Number of the preset's memories.</param>
    /// <returns>The step to begin with, and the state.</returns>
    public (int Step, float[][] State) Begin(int seed, int values, int memories)
    {
        if (checkpoint is null || !File.Exists(checkpoint))
            return (0, [NoiseSource.Start(seed, values), .. Enumerable.Range(0, memories).Select(_ => new float[values])]);
        var kept = Checkpoint.Read(checkpoint, plan);
        curve.AddRange(kept.Curve);
        Taken = TimeSpan.FromSeconds(kept.Seconds);
        return (kept.Step, kept.State);
    }

    /// <summary>Runs to the last step.</summary>
    /// <param name="session">Holds the state.</param>
    /// <param name="first">The step to begin with.</param>
    /// <param name="report">Told now and then where it stands; the picture can be read meanwhile.</param>
    /// <param name="cancel">Stops between two steps, after writing the checkpoint.</param>
    /// <exception cref="SynthesisException">The loss or its gradient is not a finite number, or no gradient arrives.</exception>
    public void Run(StepSession session, int first, Action<SynthesisProgress> report, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(report);
        var before = Taken;
        var (started, reported, kept) = (time.GetTimestamp(), time.GetTimestamp(), time.GetTimestamp());
        for (var step = first; step < steps; step++)
        {
            if (cancel.IsCancellationRequested)
            {
                Keep(session, step);
                cancel.ThrowIfCancellationRequested();
            }
            var (loss, norm) = session.Do(step, steps);
            Taken = before + time.GetElapsedTime(started);
            Guard(step, loss, norm);
            if (step % betweenPoints == 0 || step == steps - 1)
                curve.Add(new(step, (float)loss, (float)norm));
            if (time.GetElapsedTime(reported) >= BetweenReports || step == steps - 1)
            {
                report(new(step + 1, steps, loss, norm));
                reported = time.GetTimestamp();
            }
            if (time.GetElapsedTime(kept) >= BetweenCheckpoints)
            {
                Keep(session, step + 1);
                kept = time.GetTimestamp();
            }
        }
    }

    private void Keep(StepSession session, int step)
    {
        if (checkpoint is not null)
            new Checkpoint(plan, step, Taken.TotalSeconds, curve, session.State()).Write(checkpoint);
    }

    private static void Guard(int step, float loss, float norm)
    {
        if (!float.IsFinite(loss) || !float.IsFinite(norm))
            throw new SynthesisException(string.Create(CultureInfo.InvariantCulture, $"The synthesis broke down at step {step}: the loss is {loss} and its gradient's norm {norm}; the model's values leave the range of float32, so take an earlier stage or check the pipeline's range, mean and std."));
        if (step == 0 && norm == 0 && loss > 1e-6)
            throw new SynthesisException("No gradient reaches the picture from this stage: every way back is closed for this picture; take an earlier stage.");
    }
}

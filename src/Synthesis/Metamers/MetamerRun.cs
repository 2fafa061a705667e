using System.Globalization;
using PerceptionStudy.Synthesis.Hosting;

namespace PerceptionStudy.Synthesis.Metamers;

/// <summary>The synthesis of one stimulus on its way from noise to metamer: how far it is, its loss curve, and its checkpoint. Several can go in one <see cref="StepSession"/>.</summary>
/// <param name="plan">Everything that decides the result.</param>
/// <param name="preset">The plan's preset.</param>
/// <param name="noise">Where the synthesis starts, and where it begins anew: other noise for each start, the first is 0.</param>
/// <param name="checkpoint">Where the state is kept, or null.</param>
public sealed class MetamerRun(SynthesisPlan plan, MetamerPreset preset, Func<int, float[]> noise, string? checkpoint)
{
    private const int MostRestarts = 3;
    private const double RestartScale = 0.1;
    private readonly List<LossPoint> curve = [];
    private readonly string planSha = plan.Sha256();
    private readonly int betweenPoints = Math.Max(1, plan.Steps / 100);
    private StepControl control = ControlOf(plan, preset, 1);
    private TimeSpan before;
    private bool timeIsUp;

    /// <summary>Gradient evaluations done since the last start.</summary>
    public int Step { get; private set; }

    /// <summary>Most gradient evaluations.</summary>
    public int Steps => plan.Steps;

    /// <summary>Starts that broke down and were tried again with steps ten times shorter.</summary>
    public int Restarts { get; private set; }

    /// <summary>Loss and gradient norm at about a hundred steps, the first and the last among them.</summary>
    public IReadOnlyList<LossPoint> Curve => curve;

    /// <summary>Time taken, runs before an interruption included.</summary>
    public TimeSpan Taken { get; private set; }

    /// <summary>Why it ended: <c>steps</c>, what <see cref="StepControl.Ended"/> says, or <c>time-limit</c>; null while it goes on.</summary>
    public string? Ended { get; private set; }

    /// <summary>The finished picture [3,H,W], or sound [samples].</summary>
    public float[]? Picture { get; private set; }

    /// <summary>The best picture before the last step of a synthesis that is cut off at a loss level; null of others, and where the preset does not keep it.</summary>
    public float[]? PictureBefore { get; private set; }

    /// <summary>Whether the next step's state must be read: it may be the last, or the control may begin anew behind it.</summary>
    internal bool NeedsHost => NextIsLast || (Ended is null && (plan.LossLevel is not null || control.NeedsHost));

    private bool NextIsLast => Ended is null && (Step + 1 >= Steps || control.Ended is not null || timeIsUp);

    /// <summary>The state to begin with: the checkpoint's if there is one, else noise of the plan's seed.</summary>
    internal float[][] Begin()
    {
        if (checkpoint is null || !File.Exists(checkpoint))
            return Start();
        var kept = Checkpoint.Read(checkpoint, planSha);
        (Step, Restarts, before) = (kept.Step, kept.Restarts, TimeSpan.FromSeconds(kept.Seconds));
        curve.AddRange(kept.Curve);
        control = ControlOf(plan, preset, Math.Pow(RestartScale, Restarts));
        control.Restore(kept.Control);
        return kept.State;
    }

    internal void Ask(Span<float> scalars) => control.Ask(Step, scalars);

    /// <summary>Hears what a step brought.</summary>
    /// <param name="session">Did the step.</param>
    /// <param name="index">Which of its pictures this is.</param>
    /// <param name="elapsed">Time since the loop began.</param>
    /// <exception cref="SynthesisException">The synthesis cannot go on.</exception>
    internal void Learn(StepSession session, int index, TimeSpan elapsed)
    {
        var last = NextIsLast;
        Taken = before + elapsed;
        var (loss, norm) = session.LossOf(index);
        if (!(float.IsFinite(loss) && float.IsFinite(norm)) && (Step == 0 || !control.TakesBack))
        {
            BreakDown(loss, norm);
            session.Restart(index, Start());
            return;
        }
        if (Step == 0 && norm == 0 && loss > 1e-6)
            throw new SynthesisException("No gradient reaches the picture from this stage: every way back is closed for this picture; take an earlier stage.");
        control.Learn(Step, loss, session.MeasuresOf(index));
        last |= control.EndsNow;
        if ((Step % betweenPoints == 0 || last) && float.IsFinite(loss) && float.IsFinite(norm))
            curve.Add(new(Step, loss, norm));
        Step++;
        if (!last)
        {
            if (control.BeginsAnew is { } start)
                session.Put(index, noise(start));
            return;
        }
        Ended = control.EndsNow ? control.Ended : Step >= Steps ? "steps" : control.Ended ?? "time-limit";
        Picture = PictureNow(session, index).ToArray();
        PictureBefore = control is { EndsNow: true, PictureBefore: { } state } ? session.StateOf(index, state).ToArray() : null;
    }

    /// <summary>Ends after the next step.</summary>
    internal void TimeIsUp() => timeIsUp = true;

    /// <summary>The picture as it stands; where the state is in the host's memory.</summary>
    internal ReadOnlySpan<float> PictureNow(StepSession session, int index) => session.StateOf(index, control.Picture);

    /// <summary>Writes the checkpoint; where the state is in the host's memory.</summary>
    internal void Keep(StepSession session, int index)
    {
        if (checkpoint is not null)
            new Checkpoint(planSha, Step, Restarts, Taken.TotalSeconds, curve, control.Keep(), session.StateOf(index)).Write(checkpoint);
    }

    private float[][] Start() => preset.Starts(noise(0));

    private void BreakDown(float loss, float norm)
    {
        if (Step == 0 || Restarts == MostRestarts)
            throw new SynthesisException(string.Create(CultureInfo.InvariantCulture, $"The synthesis broke down at step {Step}: the loss is {loss} and its gradient's norm {norm}; the model's values leave the range of float32{(Restarts > 0 ? ", with shorter steps too" : "")}, so take an earlier stage or check the pipeline's range, mean and std."));
        Restarts++;
        Step = 0;
        curve.Clear();
        control = ControlOf(plan, preset, Math.Pow(RestartScale, Restarts));
    }

    private static StepControl ControlOf(SynthesisPlan plan, MetamerPreset preset, double stepScale)
    {
        var own = preset.Control(plan.Steps, stepScale);
        return plan.LossLevel is { } level ? new LossLevelControl(own, level) : own;
    }
}

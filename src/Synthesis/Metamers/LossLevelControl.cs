namespace PerceptionStudy.Synthesis.Metamers;

/// <summary>The decisions of a preset, cut off where the loss has fallen to a fraction of what it was at the start.</summary>
/// <param name="inner">The preset's own decisions.</param>
/// <param name="level">The fraction, above 0 and below 1.</param>
internal sealed class LossLevelControl(StepControl inner, double level) : StepControl
{
    private double first = double.MaxValue;
    private bool reached;

    public override int Picture => inner.Picture;

    public override int? PictureBefore => inner.PictureBefore;

    public override bool TakesBack => inner.TakesBack;

    public override string? Ended => reached ? "loss-level" : inner.Ended;

    public override bool EndsNow => reached;

    public override bool NeedsHost => inner.NeedsHost;

    public override int? BeginsAnew => inner.BeginsAnew;

    public override void Ask(int step, Span<float> scalars) => inner.Ask(step, scalars);

    public override void Learn(int step, float loss, ReadOnlySpan<float> measures)
    {
        inner.Learn(step, loss, measures);
        first = step == 0 ? loss : first;
        reached |= loss <= level * first;
    }

    public override double[] Keep() => [first, reached ? 1 : 0, .. inner.Keep()];

    public override void Restore(double[] kept)
    {
        (first, reached) = (kept[0], kept[1] == 1);
        inner.Restore(kept[2..]);
    }
}

using PerceptionStudy.Synthesis.Graphs;

namespace PerceptionStudy.Synthesis.Metamers;

/// <summary>
/// As published (Feather et al. 2023, <c>robustness/attacker.py</c>): x becomes x − η·g / (‖g‖₂ + 1e-10), cut to 0 to 1; η is 1 in the first of eight
/// equal blocks and half of the last block's in each further one. The published number of steps is 8 x 3,000; another number divides into eight blocks too,
/// a remainder goes to the last.
/// </summary>
public sealed class FeatherPreset : MetamerPreset
{
    private const int Blocks = 8;

    /// <inheritdoc/>
    public override string Name => "feather2023";

    /// <inheritdoc/>
    public override int DefaultSteps => Blocks * 3000;

    /// <inheritdoc/>
    public override int Memories => 0;

    /// <inheritdoc/>
    public override int Scalars => 1;

    /// <inheritdoc/>
    public override void Schedule(int step, int steps, Span<float> scalars)
    {
        var block = Math.Min(Blocks - 1, step / Math.Max(1, steps / Blocks));
        scalars[0] = 1f / (1 << block);
    }

    internal override string[] Emit(GraphBuilder builder, StepTensors step)
    {
        var size = builder.Emit("Add", [step.GradientNorm, builder.Scalar(step.GradientNorm, 1e-10)]);
        var factor = builder.Emit("Div", [step.Scalars[0], size]);
        var moved = builder.Emit("Sub", [step.Picture, builder.Emit("Mul", [step.Gradient, factor])]);
        return [Clamped(builder, moved)];
    }
}

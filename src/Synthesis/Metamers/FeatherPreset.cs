using PerceptionStudy.Synthesis.Graphs;

namespace PerceptionStudy.Synthesis.Metamers;

/// <summary>
/// As published (Feather et al. 2023, <c>robustness/attacker.py</c>): x becomes x − η·g / (‖g‖₂ + 1e-10), cut to 0 to 1; η is 1 in the first of eight
/// equal blocks and half of the last block's in each further one; the last iterate is taken. The published number of steps is 8 x 3,000; another number
/// divides into eight blocks too, a remainder goes to the last. The published L2 ball of radius 100,000 is never reached and left out.
/// </summary>
public sealed class FeatherPreset : MetamerPreset
{
    private const int Blocks = 8;
    private const double FirstStep = 1, Shrink = 0.5, Tiny = 1e-10;

    /// <inheritdoc/>
    public override string Name => "feather2023";

    /// <inheritdoc/>
    public override int DefaultSteps => Blocks * 3000;

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, double> Parameters { get; } =
        new Dictionary<string, double> { ["blocks"] = Blocks, ["firstStepL2"] = FirstStep, ["stepFactorPerBlock"] = Shrink, ["addedToGradientNorm"] = Tiny };

    /// <inheritdoc/>
    public override IReadOnlyList<int> StateRows { get; } = [1];

    /// <inheritdoc/>
    public override int Scalars => 1;

    /// <inheritdoc/>
    public override StepControl Control(int steps, double stepScale = 1) => new Schedule(steps, stepScale);

    internal override StepOutputs Emit(GraphBuilder builder, StepInputs inputs, Func<string, MeasuredPicture> measure)
    {
        var picture = inputs.States[0];
        var measured = measure(picture);
        var batch = builder.Shape(picture)[0];
        var size = builder.Emit("Add", [measured.GradientNorm, builder.Scalar(picture, Tiny)]);
        var factor = builder.Emit("Div", [builder.Reshape(inputs.Scalars, batch, 1, 1, 1), builder.Reshape(size, batch, 1, 1, 1)]);
        var moved = builder.Emit("Sub", [picture, builder.Emit("Mul", [measured.Gradient, factor])]);
        return new([Clamped(builder, inputs, moved)], null);
    }

    private sealed class Schedule(int steps, double stepScale) : StepControl
    {
        public override void Ask(int step, Span<float> scalars)
        {
            var block = Math.Min(Blocks - 1, step / Math.Max(1, steps / Blocks));
            scalars[0] = (float)(stepScale * FirstStep * Math.Pow(Shrink, block));
        }
    }
}

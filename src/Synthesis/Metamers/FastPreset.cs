using PerceptionStudy.Synthesis.Graphs;

namespace PerceptionStudy.Synthesis.Metamers;

/// <summary>
/// Adam (Kingma and Ba 2015; 0.9, 0.99) on the squared loss, whose gradient fades as the match improves, with the step falling along a cosine from
/// 0.02 to 0: the published schedule's final loss in a small part of its gradient evaluations.
/// </summary>
public sealed class FastPreset : MetamerPreset
{
    private const double FirstDecay = 0.9, SecondDecay = 0.99, Step = 0.02;

    /// <inheritdoc/>
    public override string Name => "fast";

    /// <inheritdoc/>
    public override int DefaultSteps => 1200;

    /// <inheritdoc/>
    public override int Memories => 2;

    /// <inheritdoc/>
    public override int Scalars => 2;

    /// <inheritdoc/>
    public override void Schedule(int step, int steps, Span<float> scalars)
    {
        var rate = Step * 0.5 * (1 + Math.Cos(Math.PI * step / steps));
        scalars[0] = (float)(rate / (1 - Math.Pow(FirstDecay, step + 1)));
        scalars[1] = (float)(1 / (1 - Math.Pow(SecondDecay, step + 1)));
    }

    internal override string[] Emit(GraphBuilder builder, StepTensors step)
    {
        // d(loss²) = 2 loss d(loss); the 2 does not matter to Adam. Values are of the order of 1e-3, so that 1e-12 beside the root never does either.
        var gradient = builder.Emit("Mul", [step.Gradient, step.Loss]);
        var first = Mean(builder, step.Memories[0], gradient, FirstDecay);
        var second = Mean(builder, step.Memories[1], builder.Emit("Mul", [gradient, gradient]), SecondDecay);
        var spread = builder.Emit("Sqrt", [builder.Emit("Mul", [second, step.Scalars[1]])]);
        var direction = builder.Emit("Div", [first, builder.Emit("Add", [spread, builder.Scalar(spread, 1e-12)])]);
        var moved = builder.Emit("Sub", [step.Picture, builder.Emit("Mul", [direction, step.Scalars[0]])]);
        return [Clamped(builder, moved), first, second];
    }

    private static string Mean(GraphBuilder builder, string before, string now, double decay) =>
        builder.Emit("Add", [builder.Emit("Mul", [before, builder.Scalar(before, decay)]), builder.Emit("Mul", [now, builder.Scalar(now, 1 - decay)])]);
}

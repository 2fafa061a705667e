using PerceptionStudy.Synthesis.Graphs;
using DataType = PerceptionStudy.Synthesis.Graphs.Format.TensorProto.Types.DataType;

namespace PerceptionStudy.Synthesis.Metamers;

/// <summary>
/// Limited-memory BFGS (Liu and Nocedal 1989) on half the squared loss, within 0 to 1; where it stalls, which with rectifiers and maxima is often a hollow far
/// above what can be reached, a walk with long steps (<see cref="MomentumWalk"/>) and L-BFGS again, or L-BFGS from other noise where a walk was in vain; the best picture is the metamer. It comes to the published
/// schedule's final loss in a tenth of its gradient evaluations or less (docs/benchmarks.md). As gradient descent both move within the span of gradients seen, so that on a
/// linear stage it ends where the published schedule does, and nothing draws the metamer towards pictures that people know. The vectors stay on the device; their
/// inner products go to <see cref="FastControl"/>, which answers with the coefficients of the next step ("vector-free" L-BFGS, Chen, Wang and Zhou 2014).
/// </summary>
public sealed class FastPreset : MetamerPreset
{
    /// <summary>Pairs of steps and gradient changes that are remembered.</summary>
    internal const int Pairs = 10;

    /// <summary>Rows of the memory: the pairs, and one that the pair under trial overwrites.</summary>
    internal const int Rows = Pairs + 1;

    // The state: the picture accepted, its gradient, the trial, its gradient, steps, gradient changes, the best picture. Of the squared loss, so gradient = loss · gradient.

    /// <summary>Where the state holds the picture that the last step measured, and the best of those before it.</summary>
    internal const int Trial = 2, Best = 6;

    /// <inheritdoc/>
    public override string Name => "fast";

    /// <inheritdoc/>
    public override int DefaultSteps => 2400;

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, double> Parameters => FastControl.Parameters;

    /// <inheritdoc/>
    public override IReadOnlyList<int> StateRows { get; } = [1, 1, 1, 1, Rows, Rows, 1];

    /// <inheritdoc/>
    public override int Scalars => FastControl.ScalarCount;

    /// <inheritdoc/>
    public override int Measures => FastControl.MeasureCount;

    /// <inheritdoc/>
    public override StepControl Control(int steps, double stepScale = 1) => new FastControl(steps, stepScale);

    private protected override bool StartsAsPicture(int state) => state is Trial or Best;

    internal override StepOutputs Emit(GraphBuilder builder, StepInputs inputs, Func<string, MeasuredPicture> measure)
    {
        var (x, g, trial, trialG, steps, changes, best) =
            (inputs.States[0], inputs.States[1], inputs.States[2], inputs.States[3], inputs.States[4], inputs.States[5], inputs.States[6]);
        var shape = builder.Shape(x);
        var (n, values) = (shape[0], shape[1] * shape[2] * shape[3]);
        var at = 0;
        string Next(int count, params long[] form)
        {
            var part = builder.Emit("Slice", [inputs.Scalars, builder.Integers("from", at), builder.Integers("to", at += count), builder.Integers("axes", 1)], [n, count]);
            return builder.Reshape(part, form);
        }
        string Row(string tensor) => builder.Reshape(tensor, n, 1, values);
        var (accept, better, slot) = (Next(1, n, 1, 1, 1), Next(1, n, 1, 1, 1), Next(1, n, 1));
        var (ofSteps, ofChanges, ofGradient) = (Next(Rows, n, 1, Rows), Next(Rows, n, 1, Rows), Next(1, n, 1, 1));

        // The last trial becomes the picture, or is forgotten; its pair goes into the memory either way, into the row that is free.
        string Yes(string scalar) => builder.Emit("Greater", DataType.Bool, [scalar, builder.Scalar(x, 0.5)], [n, 1, 1, 1]);
        var accepted = Yes(accept);
        best = builder.Emit("Where", DataType.Float, [Yes(better), trial, best], shape);
        var step = builder.Emit("Sub", [trial, x]);
        var change = builder.Emit("Where", DataType.Float, [accepted, builder.Emit("Sub", [trialG, g]), builder.Scalar(x, 0)], shape);
        x = builder.Emit("Where", DataType.Float, [accepted, trial, x], shape);
        g = builder.Emit("Where", DataType.Float, [accepted, trialG, g], shape);
        var images = builder.Integers("images", [.. Enumerable.Range(0, (int)n).Select(i => (long)i)]);
        var row = builder.Emit("Cast", DataType.Int64, [slot], [n, 1], ("to", (long)DataType.Int64));
        var place = builder.Reshape(builder.Emit("Concat", DataType.Int64, [builder.Reshape(images, n, 1), row], [n, 2], ("axis", 1)), n, 1, 2);
        steps = builder.Emit("ScatterND", [steps, place, Row(step)], [n, Rows, values]);
        changes = builder.Emit("ScatterND", [changes, place, Row(change)], [n, Rows, values]);

        // The direction is a sum of what is remembered. Pixels that stand at a limit and are pushed beyond it do not move.
        var direction = builder.Emit("Add", [builder.Emit("MatMul", [ofSteps, steps], [n, 1, values]), builder.Emit("MatMul", [ofChanges, changes], [n, 1, values])]);
        direction = builder.Emit("Add", [direction, builder.Emit("Mul", [ofGradient, Row(Free(builder, inputs, x, g, g))])]);
        trial = Clamped(builder, inputs, builder.Emit("Add", [x, Free(builder, inputs, x, g, builder.Reshape(direction, shape))]));

        var measured = measure(trial);
        trialG = builder.Emit("Mul", [measured.Gradient, builder.Reshape(measured.Loss, n, 1, 1, 1)]);
        var (newStep, newChange, free) = (Row(builder.Emit("Sub", [trial, x])), Row(builder.Emit("Sub", [trialG, g])), Row(Free(builder, inputs, trial, trialG, trialG)));
        var three = builder.Emit("Concat", [newStep, newChange, free], [n, 3, values], ("axis", 1));
        var columns = builder.Emit("Transpose", [three], [n, values, 3], ("perm", new long[] { 0, 2, 1 }));
        string Products(string rows, long count) => builder.Reshape(builder.Emit("MatMul", [rows, columns], [n, count, 3]), n, count * 3);
        string Slope(string gradient) =>
            builder.Reshape(builder.Emit("MatMul", [newStep, builder.Reshape(gradient, n, values, 1)], [n, 1, 1]), n, 1);
        var measures = builder.Emit(
            "Concat", [Products(steps, Rows), Products(changes, Rows), Products(three, 3), Slope(g), Slope(trialG)], [n, FastControl.MeasureCount], ("axis", 1));
        return new([x, g, trial, trialG, steps, changes, best], measures);
    }

    /// <summary>A tensor where a picture is free to follow its gradient down; 0 where it stands at a limit that it would leave.</summary>
    private static string Free(GraphBuilder builder, StepInputs inputs, string picture, string gradient, string tensor)
    {
        var shape = builder.Shape(picture);
        // A pixel that a step of one whole unit against its gradient, cut to the limits, leaves where it is, stands still.
        var moved = Clamped(builder, inputs, builder.Emit("Sub", [picture, builder.Emit("Sign", [gradient])]));
        var still = builder.Emit("Equal", DataType.Bool, [moved, picture], shape);
        return builder.Emit("Where", DataType.Float, [still, builder.Scalar(picture, 0), tensor], shape);
    }
}

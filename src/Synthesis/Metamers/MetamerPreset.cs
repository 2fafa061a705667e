using PerceptionStudy.Synthesis.Graphs;
using PerceptionStudy.Synthesis.Hosting;

namespace PerceptionStudy.Synthesis.Metamers;

/// <summary>
/// How a picture moves down the loss. The work on tensors is ONNX nodes in the graph of the step, so that the picture and all that is remembered stay
/// on the device; the decisions, which need a few numbers only, are taken between two steps by a <see cref="StepControl"/>.
/// </summary>
public abstract class MetamerPreset
{
    /// <summary>The names of all presets.</summary>
    public static IReadOnlyList<string> Names { get; } = ["feather2023", "fast"];

    /// <summary>Name on the command line and in manifests.</summary>
    public abstract string Name { get; }

    /// <summary>Most gradient evaluations when nothing else is asked for.</summary>
    public abstract int DefaultSteps { get; }

    /// <summary>Every number that decides what the preset does, by its name, for the manifest.</summary>
    public abstract IReadOnlyDictionary<string, double> Parameters { get; }

    /// <summary>
    /// The tensors that a step hands to the next, by their number of rows: 1 is a tensor of the picture's shape [N,3,H,W], r stands for [N,r,3·H·W].
    /// The first is the picture with which the synthesis begins; the others begin as <see cref="Starts"/> says.
    /// </summary>
    public abstract IReadOnlyList<int> StateRows { get; }

    /// <summary>Numbers that the control sets for each step and picture.</summary>
    public abstract int Scalars { get; }

    /// <summary>Numbers that a step tells the control of each picture, beside loss and gradient norm.</summary>
    public virtual int Measures => 0;

    /// <summary>The preset of that name.</summary>
    /// <exception cref="SynthesisException">There is none.</exception>
    public static MetamerPreset Named(string name) => name switch
    {
        "feather2023" => new FeatherPreset(),
        "fast" => new FastPreset(),
        _ => throw new SynthesisException($"The preset '{name}' is not known; take feather2023 or fast."),
    };

    /// <summary>What decides from step to step for one picture.</summary>
    /// <param name="steps">Most gradient evaluations.</param>
    /// <param name="stepScale">Factor on the length of steps; below 1 after a start that broke down.</param>
    public abstract StepControl Control(int steps, double stepScale = 1);

    /// <summary>The state before the first step.</summary>
    /// <param name="picture">Where the synthesis begins, [3,H,W].</param>
    public float[][] Starts(float[] picture)
    {
        ArgumentNullException.ThrowIfNull(picture);
        return [.. StateRows.Select((rows, i) => i == 0 || StartsAsPicture(i) ? picture : new float[rows * picture.Length])];
    }

    /// <summary>Whether a tensor of the state begins as the picture; else it begins at 0.</summary>
    private protected virtual bool StartsAsPicture(int state) => false;

    /// <summary>Emits one step.</summary>
    /// <param name="builder">The graph.</param>
    /// <param name="inputs">State and scalars.</param>
    /// <param name="measure">Emits loss and gradient at a picture; called once.</param>
    internal abstract StepOutputs Emit(GraphBuilder builder, StepInputs inputs, Func<string, MeasuredPicture> measure);

    /// <summary>Cuts a stimulus to its limits.</summary>
    private protected static string Clamped(GraphBuilder builder, StepInputs inputs, string stimulus) =>
        builder.Emit("Clip", [stimulus, builder.Scalar(stimulus, inputs.Low), builder.Scalar(stimulus, inputs.High)], builder.Shape(stimulus));
}

/// <summary>What a step begins with.</summary>
/// <param name="States">The tensors of <see cref="MetamerPreset.StateRows"/>.</param>
/// <param name="Scalars">[N, <see cref="MetamerPreset.Scalars"/>].</param>
/// <param name="Low">Lowest value of a stimulus.</param>
/// <param name="High">Highest value of a stimulus.</param>
internal sealed record StepInputs(string[] States, string Scalars, double Low, double High);

/// <summary>Loss and gradient at a picture.</summary>
/// <param name="Loss">[N].</param>
/// <param name="Gradient">Of the losses by the picture, [N,3,H,W].</param>
/// <param name="GradientNorm">L2 norm for each picture, [N].</param>
internal sealed record MeasuredPicture(string Loss, string Gradient, string GradientNorm);

/// <summary>What a step ends with.</summary>
/// <param name="States">The tensors of <see cref="MetamerPreset.StateRows"/>, for the next step.</param>
/// <param name="Measures">[N, <see cref="MetamerPreset.Measures"/>], or null without any.</param>
internal sealed record StepOutputs(string[] States, string? Measures);

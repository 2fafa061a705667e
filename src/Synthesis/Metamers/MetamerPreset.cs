using PerceptionStudy.Synthesis.Graphs;
using PerceptionStudy.Synthesis.Hosting;

namespace PerceptionStudy.Synthesis.Metamers;

/// <summary>How a picture moves down the loss: the update of one step as ONNX nodes, and the numbers that change from step to step.</summary>
public abstract class MetamerPreset
{
    /// <summary>Name on the command line and in manifests.</summary>
    public abstract string Name { get; }

    /// <summary>Gradient evaluations when nothing else is asked for.</summary>
    public abstract int DefaultSteps { get; }

    /// <summary>Number of tensors of the picture's shape that the update remembers from step to step; they start at 0.</summary>
    public abstract int Memories { get; }

    /// <summary>Number of scalars that <see cref="Schedule"/> sets for each step.</summary>
    public abstract int Scalars { get; }

    /// <summary>The preset of that name.</summary>
    /// <exception cref="SynthesisException">There is none.</exception>
    public static MetamerPreset Named(string name) => name switch
    {
        "feather2023" => new FeatherPreset(),
        "fast" => new FastPreset(),
        _ => throw new SynthesisException($"The preset '{name}' is not known; take feather2023 or fast."),
    };

    /// <summary>Sets the scalars of one step.</summary>
    /// <param name="step">The step, from 0.</param>
    /// <param name="steps">Steps in all.</param>
    /// <param name="scalars">Receives <see cref="Scalars"/> numbers.</param>
    public abstract void Schedule(int step, int steps, Span<float> scalars);

    /// <summary>Emits the update.</summary>
    /// <param name="builder">The graph.</param>
    /// <param name="step">The tensors to work with.</param>
    /// <returns>Names of the new picture and the new memories, in their order. The picture stays within 0 to 1.</returns>
    internal abstract string[] Emit(GraphBuilder builder, StepTensors step);

    /// <summary>Cuts a picture to 0 to 1.</summary>
    protected static string Clamped(GraphBuilder builder, string picture)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Emit("Clip", [picture, builder.Scalar(picture, 0), builder.Scalar(picture, 1)], builder.Shape(picture));
    }
}

/// <summary>What an update can work with.</summary>
/// <param name="Picture">[N,3,H,W].</param>
/// <param name="Gradient">Gradient of the loss by the picture, the same shape.</param>
/// <param name="GradientNorm">L2 norm of each picture's gradient, [N,1,1,1].</param>
/// <param name="Loss">The loss of each picture, [N,1,1,1].</param>
/// <param name="Memories">The preset's memories, of the picture's shape.</param>
/// <param name="Scalars">The scalars of the step.</param>
internal sealed record StepTensors(string Picture, string Gradient, string GradientNorm, string Loss, string[] Memories, string[] Scalars);

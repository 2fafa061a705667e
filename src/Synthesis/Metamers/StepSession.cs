using Microsoft.ML.OnnxRuntime;
using PerceptionStudy.Synthesis.FrontEnds;
using PerceptionStudy.Synthesis.Gradients;
using PerceptionStudy.Synthesis.Graphs;
using PerceptionStudy.Synthesis.Graphs.Format;

namespace PerceptionStudy.Synthesis.Metamers;

/// <summary>
/// One gradient step is one run of one session: picture, memories, target and scalars go in, the moved picture, the new memories, loss and gradient norm
/// come out. Two sets of buffers take turns, bound once, so that a step allocates nothing.
/// </summary>
public sealed class StepSession : IDisposable
{
    private readonly InferenceSession session;
    private readonly MetamerPreset preset;
    private readonly float[][][] buffers;
    private readonly float[] target, scalars, loss = new float[1], gradientNorm = new float[1];
    private readonly List<OrtValue> values = [];
    private readonly OrtIoBinding[] bindings;
    private readonly (string Name, OrtValue Value)[] scalarInputs;
    private readonly RunOptions run = new();
    private int current;

    /// <param name="session">A session of <see cref="Build"/>.</param>
    /// <param name="preset">The same preset.</param>
    /// <param name="pictureShape">[1,3,H,W].</param>
    /// <param name="targetShape">Shape of the stage.</param>
    /// <param name="natural">Activation of the natural picture at the stage.</param>
    /// <param name="state">The picture, then the memories, where the synthesis starts or goes on; they are copied.</param>
    public StepSession(InferenceSession session, MetamerPreset preset, long[] pictureShape, long[] targetShape, float[] natural, float[][] state)
    {
        ArgumentNullException.ThrowIfNull(preset);
        (this.session, this.preset, target, scalars) = (session, preset, natural, new float[preset.Scalars]);
        buffers = [[.. state.Select(s => (float[])s.Clone())], [.. state.Select(s => new float[s.Length])]];
        var states = buffers.Select(b => b.Select(s => Value(s, pictureShape)).ToArray()).ToArray();
        var goal = Value(target, targetShape);
        var (lossValue, normValue) = (Value(loss, [1]), Value(gradientNorm, [1]));
        scalarInputs = [.. scalars.Select((_, i) => (ScalarName(i), Value(scalars.AsMemory(i, 1), [])))];
        bindings = [Bind(states[0], states[1]), Bind(states[1], states[0])];

        OrtIoBinding Bind(OrtValue[] from, OrtValue[] to)
        {
            var binding = session.CreateIoBinding();
            for (var i = 0; i < from.Length; i++)
            {
                binding.BindInput(StateName(i), from[i]);
                binding.BindOutput(NewStateName(i), to[i]);
            }
            binding.BindInput("ps_target", goal);
            binding.BindOutput("ps_loss", lossValue);
            binding.BindOutput("ps_gradient_norm", normValue);
            return binding;
        }
    }

    /// <summary>The picture as it stands, [3,H,W]; the next step changes it.</summary>
    public ReadOnlySpan<float> Picture => buffers[current][0];

    /// <summary>A copy of the picture and the memories.</summary>
    public float[][] State() => [.. buffers[current].Select(s => (float[])s.Clone())];

    /// <summary>The graph of one step.</summary>
    /// <param name="graph">The model.</param>
    /// <param name="pipeline">How pictures become its input.</param>
    /// <param name="stageTensor">The stage.</param>
    /// <param name="preset">The update.</param>
    public static ModelProto Build(OnnxGraph graph, PicturePipeline pipeline, string stageTensor, MetamerPreset preset)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(preset);
        var (builder, picture) = PictureFrontEnd.Begin(graph, pipeline, stageTensor);
        var stage = builder.Tensor(stageTensor);
        var goal = builder.Input("ps_target", stage.Shape, stage.Type);
        var shape = builder.Shape(picture);
        string[] memories = [.. Enumerable.Range(1, preset.Memories).Select(i => builder.Input(StateName(i), shape))];
        string[] scalars = [.. Enumerable.Range(0, preset.Scalars).Select(i => builder.Input(ScalarName(i), []))];

        var (loss, outputGradient) = NormalisedDistance.Emit(builder, stageTensor, goal, shape[0]);
        var gradient = GradientGraph.Append(builder, graph, picture, stageTensor, outputGradient);
        var norm = NormalisedDistance.Norm(builder, gradient, shape[0]);
        var tensors = new StepTensors(picture, gradient, builder.Reshape(norm, shape[0], 1, 1, 1), builder.Reshape(loss, shape[0], 1, 1, 1), memories, scalars);
        var next = preset.Emit(builder, tensors);
        for (var i = 0; i < next.Length; i++)
            builder.Output(next[i], NewStateName(i));
        builder.Output(loss, "ps_loss");
        builder.Output(norm, "ps_gradient_norm");
        return builder.ToModel();
    }

    /// <summary>Does one step.</summary>
    /// <param name="step">The step, from 0.</param>
    /// <param name="steps">Steps in all.</param>
    /// <returns>Loss and gradient norm before the step.</returns>
    public (float Loss, float GradientNorm) Do(int step, int steps)
    {
        preset.Schedule(step, steps, scalars);
        // Bound anew each time: a provider with a memory of its own copies at binding.
        foreach (var (name, value) in scalarInputs)
            bindings[current].BindInput(name, value);
        session.RunWithBinding(run, bindings[current]);
        current = 1 - current;
        return (loss[0], gradientNorm[0]);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var binding in bindings)
            binding.Dispose();
        foreach (var value in values)
            value.Dispose();
        run.Dispose();
    }

    private static string StateName(int i) => i == 0 ? PictureFrontEnd.PictureName : $"ps_memory_{i}";

    private static string NewStateName(int i) => i == 0 ? "ps_new_picture" : $"ps_new_memory_{i}";

    private static string ScalarName(int i) => $"ps_scalar_{i}";

    private OrtValue Value(Memory<float> memory, long[] shape)
    {
        var value = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, memory, shape);
        values.Add(value);
        return value;
    }
}

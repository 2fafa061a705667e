using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using PerceptionStudy.Synthesis.FrontEnds;
using PerceptionStudy.Synthesis.Gradients;
using PerceptionStudy.Synthesis.Graphs;
using PerceptionStudy.Synthesis.Graphs.Format;
using PerceptionStudy.Synthesis.Hosting;

namespace PerceptionStudy.Synthesis.Metamers;

/// <summary>
/// One gradient step of one or several pictures is one run of one session: state, targets and scalars go in, the next state, losses, gradient norms and
/// measures come out. Two sets of state tensors take turns in the provider's own memory; only the small numbers cross over, and the state when somebody wants to look.
/// </summary>
public sealed class StepSession : IDisposable
{
    private const string Target = "ps_target", Scalars = "ps_scalars", Losses = "ps_loss", GradientNorms = "ps_gradient_norm", Measures = "ps_measures";
    private readonly InferenceSession session;
    private readonly MetamerPreset preset;
    private readonly float[] scalars, losses, norms, measures;
    private readonly OrtValue scalarValue;
    private readonly StateSet host;
    private readonly StateSet[] turns;
    private readonly Dictionary<(StateSet From, StateSet To), OrtIoBinding> bindings = [];
    private readonly (string Name, OrtValue Value)[] results;
    private readonly OrtValue goal;
    private readonly List<IDisposable> owned = [];
    private readonly RunOptions run = new();
    private StateSet current;

    /// <param name="session">A session of <see cref="Build"/>.</param>
    /// <param name="provider">The execution provider that it runs on.</param>
    /// <param name="preset">The same preset.</param>
    /// <param name="pictureShape">[N,3,H,W], or of sounds [N,1,1,samples].</param>
    /// <param name="targetShape">Shape of the stage, with the same N.</param>
    /// <param name="natural">Activations of the natural pictures at the stage, one behind the other.</param>
    /// <param name="states">For each picture the state where its synthesis starts or goes on, as <see cref="MetamerPreset.Starts"/> gives it; they are copied.</param>
    public StepSession(InferenceSession session, string provider, MetamerPreset preset, long[] pictureShape, long[] targetShape, float[] natural, float[][][] states)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(preset);
        ArgumentNullException.ThrowIfNull(pictureShape);
        ArgumentNullException.ThrowIfNull(states);
        (this.session, this.preset, Count) = (session, preset, states.Length);
        (scalars, losses, norms, measures) = (new float[Count * preset.Scalars], new float[Count], new float[Count], new float[Count * preset.Measures]);
        long[][] shapes = [.. preset.StateRows.Select(rows => StateShape(pictureShape, rows))];
        current = host = OnHost(i => [.. states.SelectMany(s => s[i])]);
        if (ExecutionProvider.MemoryOf(session, provider) is { } memory)
        {
            owned.Add(memory);
            turns = [OnDevice(), OnDevice()];
            StateSet OnDevice() => new([.. shapes.Select(shape => Own(OrtValue.CreateAllocatedTensorValue(memory, TensorElementType.Float, shape)))], null);
        }
        else
        {
            turns = [host, OnHost(i => new float[Count * states[0][i].Length])];
        }
        (goal, scalarValue) = (Value(natural, targetShape), Value(scalars, [Count, preset.Scalars]));
        results = [(Losses, Value(losses, [Count])), (GradientNorms, Value(norms, [Count]))];
        if (preset.Measures > 0)
            results = [.. results, (Measures, Value(measures, [Count, preset.Measures]))];

        StateSet OnHost(Func<int, float[]> values)
        {
            float[][] arrays = [.. shapes.Select((_, i) => values(i))];
            return new([.. arrays.Select((array, i) => Value(array, shapes[i]))], arrays);
        }
    }

    /// <summary>Number of pictures.</summary>
    public int Count { get; }

    /// <summary>The graph of one step.</summary>
    /// <param name="graph">The model, loaded for as many pictures as are to go in one run.</param>
    /// <param name="pipeline">How pictures become its input.</param>
    /// <param name="stageTensor">The stage.</param>
    /// <param name="preset">The update.</param>
    /// <param name="options">How the gradient is taken; null for the defaults.</param>
    public static ModelProto Build(OnnxGraph graph, StimulusPipeline pipeline, string stageTensor, MetamerPreset preset, GradientOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(pipeline);
        ArgumentNullException.ThrowIfNull(preset);
        var builder = new GraphBuilder();
        builder.Reserve([.. graph.Tensors.Keys, .. graph.Initializers.Keys]);
        var stage = graph.Tensors[stageTensor];
        var pictureShape = pipeline.StimulusShape.With(0, graph.Input.Shape[0]);
        string[] states = [.. preset.StateRows.Select((rows, i) => builder.Input(StateName(i), StateShape(pictureShape, rows)))];
        builder.Input(Target, stage.Shape, stage.Type);
        builder.Input(Scalars, [pictureShape[0], preset.Scalars]);
        var made = preset.Emit(builder, new(states, Scalars, pipeline.Limits.Low, pipeline.Limits.High), Measure);
        for (var i = 0; i < made.States.Length; i++)
            builder.Output(made.States[i], NewStateName(i));
        if (made.Measures is not null)
            builder.Output(made.Measures, Measures);
        return builder.ToModel();

        MeasuredPicture Measure(string picture)
        {
            FrontEnd.Append(builder, picture, graph, pipeline, stageTensor);
            var (loss, outputGradient) = NormalisedDistance.Emit(builder, stageTensor, Target, pictureShape[0]);
            var gradient = GradientGraph.Append(builder, graph, picture, stageTensor, outputGradient, options);
            var norm = NormalisedDistance.Norm(builder, gradient, pictureShape[0]);
            builder.Output(loss, Losses);
            builder.Output(norm, GradientNorms);
            return new(loss, gradient, norm);
        }
    }

    /// <summary>The scalars of one picture for the next step.</summary>
    public Span<float> ScalarsOf(int picture) => scalars.AsSpan(picture * preset.Scalars, preset.Scalars);

    /// <summary>Loss and gradient norm of one picture where the last step took its gradient.</summary>
    public (float Loss, float GradientNorm) LossOf(int picture) => (losses[picture], norms[picture]);

    /// <summary>What the last step measured of one picture.</summary>
    public ReadOnlySpan<float> MeasuresOf(int picture) => measures.AsSpan(picture * preset.Measures, preset.Measures);

    /// <summary>One tensor of the state of one picture, after a step that ended in the host's memory and until the next.</summary>
    public ReadOnlySpan<float> StateOf(int picture, int tensor)
    {
        var values = (current.Arrays ?? throw OnDevice())[tensor];
        return values.AsSpan(picture * (values.Length / Count), values.Length / Count);
    }

    /// <summary>The whole state of one picture, copied.</summary>
    public float[][] StateOf(int picture) => [.. preset.StateRows.Select((_, i) => StateOf(picture, i).ToArray())];

    /// <summary>Puts one picture back to a state; the others stand where they are.</summary>
    internal void Restart(int picture, float[][] state)
    {
        if (current.Arrays is not { } arrays)
        {
            // A step in which all stand still brings the state to the host.
            Array.Clear(scalars);
            Do(toHost: true);
            arrays = host.Arrays!;
        }
        for (var i = 0; i < state.Length; i++)
            state[i].CopyTo(arrays[i], picture * state[i].Length);
    }

    /// <summary>Puts another picture into the state of one, after a step that ended in the host's memory; all else of it stays.</summary>
    public void Put(int picture, float[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        values.CopyTo((current.Arrays ?? throw OnDevice())[0], picture * values.Length);
    }

    /// <summary>Does one step with the scalars as they stand.</summary>
    /// <param name="toHost">Whether the state is to end in the host's memory, where it can be read; without a device it always does.</param>
    public void Do(bool toHost)
    {
        var next = toHost && turns[0].Arrays is null ? host : turns[0] == current ? turns[1] : turns[0];
        if (!bindings.TryGetValue((current, next), out var binding))
            bindings[(current, next)] = binding = Bind(current, next);
        // Bound anew each time: a provider with a memory of its own copies at binding.
        binding.BindInput(Scalars, scalarValue);
        if (current == host)
            BindState(binding, host);
        session.RunWithBinding(run, binding);
        current = next;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var binding in bindings.Values)
            binding.Dispose();
        foreach (var thing in Enumerable.Reverse(owned))
            thing.Dispose();
        run.Dispose();
    }

    private static InvalidOperationException OnDevice() => new("The last step left the state on the device; let it end in the host's memory.");

    private static string StateName(int i) => i == 0 ? FrontEnd.StimulusName : $"ps_state_{i}";

    private static string NewStateName(int i) => i == 0 ? "ps_new_picture" : $"ps_new_state_{i}";

    private static long[] StateShape(long[] picture, int rows) => rows == 1 ? picture : [picture[0], rows, picture[1] * picture[2] * picture[3]];

    private static void BindState(OrtIoBinding binding, StateSet from)
    {
        for (var i = 0; i < from.Values.Length; i++)
            binding.BindInput(StateName(i), from.Values[i]);
    }

    private OrtIoBinding Bind(StateSet from, StateSet to)
    {
        var binding = session.CreateIoBinding();
        BindState(binding, from);
        binding.BindInput(Target, goal);
        for (var i = 0; i < to.Values.Length; i++)
            binding.BindOutput(NewStateName(i), to.Values[i]);
        foreach (var (name, value) in results)
            binding.BindOutput(name, value);
        return binding;
    }

    private OrtValue Value(Memory<float> memory, long[] shape) => Own(OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, memory, shape));

    private T Own<T>(T thing) where T : IDisposable
    {
        owned.Add(thing);
        return thing;
    }

    private sealed class StateSet(OrtValue[] values, float[][]? arrays)
    {
        public OrtValue[] Values => values;

        public float[][]? Arrays => arrays;
    }
}

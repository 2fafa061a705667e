using Microsoft.ML.OnnxRuntime;
using PerceptionStudy.Synthesis.FrontEnds;
using PerceptionStudy.Synthesis.Graphs;
using PerceptionStudy.Synthesis.Hosting;
using PerceptionStudy.Synthesis.Metamers;

namespace PerceptionStudy.Bench.GradientStep;

/// <summary>
/// One step of feather2023 with the product's own graph and session. The product steps one picture at a time; here the same graph is bound for any
/// batch, two pictures' buffers taking turns.
/// </summary>
public sealed class OrtStep : IDisposable
{
    private readonly ModelSessions sessions;
    private readonly RunOptions run = new();
    private readonly float[][] pictures;
    private readonly float[] scalars, loss;
    private readonly List<OrtValue> values = [];
    private readonly OrtIoBinding[] bindings;
    private readonly InferenceSession session;
    private int current;

    public OrtStep(OnnxGraph graph, string stage, PicturePipeline pipeline, int threads, float[] natural, float[] start)
    {
        sessions = new ModelSessions(threads);
        var shape = graph.Input.Shape;
        var batch = (int)shape[0];
        var preset = MetamerPreset.Named("feather2023");
        session = sessions.Session(graph, "step", "cpu", () => StepSession.Build(graph, pipeline, stage, preset));
        pictures = [(float[])start.Clone(), new float[start.Length]];
        (scalars, loss) = (new float[batch], new float[batch]);
        var norm = new float[batch];
        var target = Value(Target(graph, stage, pipeline, natural), graph.Tensors[stage].Shape);
        OrtValue[] states = [.. pictures.Select(p => Value(p, shape))];
        bindings = [Bind(0), Bind(1)];

        OrtIoBinding Bind(int from)
        {
            var binding = session.CreateIoBinding();
            foreach (var name in session.InputNames)
                binding.BindInput(name, name == PictureFrontEnd.PictureName ? states[from] : name == "ps_target" ? target : Value(scalars, [.. session.InputMetadata[name].Dimensions.Select(d => (long)d)]));
            foreach (var name in session.OutputNames)
                binding.BindOutput(name, name == "ps_new_picture" ? states[1 - from] : Value(name == "ps_loss" ? loss : norm, [batch]));
            return binding;
        }
    }

    public float[] Picture => pictures[current];

    /// <returns>The loss before the step, all pictures' summed.</returns>
    public float Do(float stepLength)
    {
        scalars.AsSpan().Fill(stepLength);
        session.RunWithBinding(run, bindings[current]);
        current = 1 - current;
        return loss.Sum();
    }

    public void Dispose()
    {
        foreach (var binding in bindings)
            binding.Dispose();
        foreach (var value in values)
            value.Dispose();
        run.Dispose();
        sessions.Dispose();
    }

    private float[] Target(OnnxGraph graph, string stage, PicturePipeline pipeline, float[] natural)
    {
        var forward = sessions.Session(graph, "forward", "cpu", () =>
        {
            var (builder, _) = PictureFrontEnd.Begin(graph, pipeline, stage);
            builder.Output(stage);
            return builder.ToModel();
        });
        using var input = OrtValue.CreateTensorValueFromMemory(natural, graph.Input.Shape);
        using var output = forward.Run(run, [PictureFrontEnd.PictureName], [input], [stage]);
        return output[0].GetTensorDataAsSpan<float>().ToArray();
    }

    private OrtValue Value(float[] memory, long[] shape)
    {
        var value = OrtValue.CreateTensorValueFromMemory(memory, shape);
        values.Add(value);
        return value;
    }
}

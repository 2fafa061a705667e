using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using PerceptionStudy.Synthesis.FrontEnds;
using PerceptionStudy.Synthesis.Graphs;
using PerceptionStudy.Synthesis.Graphs.Format;
using PerceptionStudy.Synthesis.Graphs.Kernels;
using DataType = PerceptionStudy.Synthesis.Graphs.Format.TensorProto.Types.DataType;

namespace PerceptionStudy.Synthesis.Hosting;

/// <summary>
/// Models and ONNX Runtime sessions that stay warm from one request to the next. The least recently used go first: sessions hold a copy of
/// the weights and their working memory, so that a few are enough. Not for several threads at once.
/// </summary>
/// <param name="threads">Threads for one operator; null leaves ONNX Runtime's own choice.</param>
public sealed class ModelSessions(int? threads = null) : IDisposable
{
    private readonly RecentlyUsed<OnnxGraph> graphs = new(4);
    private readonly RecentlyUsed<WarmSession> sessions = new(6);

    /// <summary>The version of ONNX Runtime.</summary>
    public static string RuntimeVersion => OrtEnv.Instance().GetVersionString();

    /// <summary>Threads for one operator; null leaves ONNX Runtime's own choice.</summary>
    public int? Threads => threads;

    /// <summary>Loads a model, or takes it from the last requests if its file has not changed.</summary>
    /// <param name="path">The ONNX file.</param>
    /// <param name="inputShape">Shape of its input; null: as the file says.</param>
    /// <exception cref="ModelFormatException">The file cannot be used.</exception>
    public OnnxGraph Graph(string path, long[]? inputShape = null)
    {
        var file = new FileInfo(path);
        if (!file.Exists)
            throw new SynthesisException($"There is no file {path}.");
        var shape = inputShape is null ? "" : string.Join(',', inputShape);
        return graphs.Get($"{file.FullName}|{file.Length}|{file.LastWriteTimeUtc.Ticks}|{shape}", () => OnnxGraph.Load(path, inputShape));
    }

    /// <summary>Loads a model for a pipeline.</summary>
    /// <param name="path">The ONNX file.</param>
    /// <param name="pipeline">How stimuli become its input.</param>
    /// <param name="stimuli">How many go in one run.</param>
    /// <exception cref="SynthesisException">The model and the pipeline do not fit.</exception>
    public OnnxGraph Graph(string path, StimulusPipeline pipeline, int stimuli = 1)
    {
        ArgumentNullException.ThrowIfNull(pipeline);
        pipeline.Check();
        var graph = Graph(path, pipeline.InputShape.With(0, stimuli));
        return graph.Input.Type == DataType.Float ? graph : throw new SynthesisException($"The model's input is {graph.Input.TypeName}; export the model in float32.");
    }

    /// <summary>A session, warm if the same was asked for before.</summary>
    /// <param name="graph">The model.</param>
    /// <param name="purpose">What else decides the session's content: pipeline, stage, preset.</param>
    /// <param name="provider"><c>cpu</c>, <c>cuda</c> or <c>webgpu</c>: one that <see cref="ExecutionProvider.Choose"/> gave.</param>
    /// <param name="build">Builds the graph to run.</param>
    /// <param name="threadsOfOne">Threads for one operator of this session, null for those of all. A session with one may be run by several threads at once.</param>
    public InferenceSession Session(OnnxGraph graph, string purpose, string provider, Func<ModelProto> build, int? threadsOfOne = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return sessions.Get($"{graph.Sha256}|{string.Join(',', graph.Input.Shape)}|{purpose}|{provider}|{threadsOfOne}", () =>
        {
            using var options = Options(provider, threadsOfOne ?? threads);
            if (provider != "cpu")
                return new WarmSession(new InferenceSession(build().ToByteArray(), options), null);
            var model = CpuKernels.Run(build());
            var weights = SharedWeights.Lend(model, options);
            return new WarmSession(new InferenceSession(model.ToByteArray(), options), weights);
        }).Session;
    }

    /// <summary>Gives back the memory of all sessions.</summary>
    public void Forget() => sessions.Clear();

    /// <inheritdoc/>
    public void Dispose()
    {
        graphs.Dispose();
        sessions.Dispose();
    }

    private static SessionOptions Options(string provider, int? threads)
    {
        var options = new SessionOptions { GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
        options.AddSessionConfigEntry("session.use_deterministic_compute", "1");
        CpuKernels.Register(options);
        if (threads is { } number)
            options.IntraOpNumThreads = number;
        ExecutionProvider.Append(options, provider);
        return options;
    }

    private sealed record WarmSession(InferenceSession Session, SharedWeights? Weights) : IDisposable
    {
        public void Dispose()
        {
            Session.Dispose();
            Weights?.Dispose();
        }
    }
}

using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using PerceptionStudy.Synthesis.Graphs.Format;
using PerceptionStudy.Synthesis.Graphs.Kernels;
using DataType = PerceptionStudy.Synthesis.Graphs.Format.TensorProto.Types.DataType;

namespace PerceptionStudy.Synthesis.Tests.Graphs;

/// <summary>Runs models on numbers; everything is a double outside.</summary>
internal static class Running
{
    public static InferenceSession Session(this ModelProto model, int threads = 0)
    {
        using var options = new SessionOptions { IntraOpNumThreads = threads };
        CpuKernels.Register(options);
        return new(model.ToByteArray(), options);
    }

    public static double[][] Run(this InferenceSession session, params (string Name, DataType Type, long[] Shape, double[] Values)[] inputs)
    {
        var values = Array.ConvertAll(inputs, i => i.Type == DataType.Double
            ? OrtValue.CreateTensorValueFromMemory(i.Values, i.Shape)
            : OrtValue.CreateTensorValueFromMemory(Array.ConvertAll(i.Values, v => (float)v), i.Shape));
        try
        {
            using var run = new RunOptions();
            using var results = session.Run(run, Array.ConvertAll(inputs, i => i.Name), values, session.OutputNames);
            return [.. results.Select(r => r.GetTensorTypeAndShape().ElementDataType == Microsoft.ML.OnnxRuntime.Tensors.TensorElementType.Double
                ? r.GetTensorDataAsSpan<double>().ToArray()
                : Array.ConvertAll(r.GetTensorDataAsSpan<float>().ToArray(), f => (double)f))];
        }
        finally
        {
            foreach (var value in values)
                value.Dispose();
        }
    }

    public static double[] Uniform(this Random random, long count, double low, double high) =>
        [.. Enumerable.Range(0, (int)count).Select(_ => low + (high - low) * random.NextDouble())];

    /// <summary>The same, of numbers that float32 holds exactly.</summary>
    public static double[] Floats(this Random random, long count, double low, double high) => Array.ConvertAll(random.Uniform(count, low, high), v => (double)(float)v);

    public static double Dot(double[] a, double[] b) => a.Zip(b, (x, y) => x * y).Sum();

    public static double Norm(double[] a) => Math.Sqrt(Dot(a, a));
}

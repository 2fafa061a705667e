using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using PerceptionStudy.Synthesis.FrontEnds;
using PerceptionStudy.Synthesis.Graphs;
using PerceptionStudy.Synthesis.Media;

namespace PerceptionStudy.DemoAssets.Sounds;

/// <summary>The cochleagram that the product emits in front of a word network, run by ONNX Runtime.</summary>
public sealed class Cochleagrams : IDisposable
{
    /// <summary>Values of one cochleagram.</summary>
    public static readonly int Size = (int)WordSound.Pipeline.Shape!.Aggregate((a, b) => a * b);

    private readonly InferenceSession session;

    public Cochleagrams()
    {
        var builder = new GraphBuilder();
        var sound = builder.Input("sound", [1, WordSound.Pipeline.Samples]);
        builder.Output(Cochleagram.Emit(builder, sound, WordSound.Pipeline.Cochleagram!, WordSound.Pipeline.RateHz));
        using var options = new SessionOptions { IntraOpNumThreads = 1 };
        session = new InferenceSession(builder.ToModel().ToByteArray(), options);
    }

    /// <summary>[bands, frames] of one sound.</summary>
    public float[] Of(Sound sound)
    {
        using var run = new RunOptions();
        using var input = OrtValue.CreateTensorValueFromMemory(sound.Samples, [1, sound.Samples.Length]);
        using var results = session.Run(run, ["sound"], [input], session.OutputNames);
        return results[0].GetTensorDataAsSpan<float>().ToArray();
    }

    public void Dispose() => session.Dispose();
}

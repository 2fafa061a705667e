using PerceptionStudy.Synthesis.Media;

namespace PerceptionStudy.Synthesis.Hosting;

/// <summary>What a synthesis host does for each kind of request.</summary>
/// <param name="threads">Threads for one operator; null leaves ONNX Runtime's own choice.</param>
/// <param name="time">Clock for time stamps and the rate of progress messages.</param>
internal sealed class SynthesisWork(int? threads, TimeProvider time) : IDisposable
{
    public int? Threads => threads;
    public TimeProvider Time => time;

    public object Do(SynthesisRequest request, Action<SynthesisProgress> progress, CancellationToken cancel) => request switch
    {
        PreparePicture prepare => PicturePreparation.Prepare(prepare),
        _ => throw new SynthesisException($"This synthesis host does not know the request {request.GetType().Name}."),
    };

    public void Dispose()
    {
    }
}

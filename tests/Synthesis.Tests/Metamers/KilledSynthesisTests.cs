using System.Diagnostics;
using PerceptionStudy.Synthesis.FrontEnds;
using PerceptionStudy.Synthesis.Hosting;

namespace PerceptionStudy.Synthesis.Tests.Metamers;

/// <summary>The process that synthesises is killed (SIGKILL) at steps that nobody chose, started again, and must end in the bytes of an unbroken run.</summary>
public sealed class KilledSynthesisTests : IDisposable
{
    private readonly TestFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("feather2023")]
    [InlineData("fast")]
    public async Task Ends_in_the_same_bytes(string preset)
    {
        var demo = Path.Combine(Repository.Root, "demo");
        var request = new SynthesizeMetamer(
            Path.Combine(demo, "models", "robust.onnx"), PicturePipelineFile.Read(Path.Combine(demo, "models", "pipeline.json")), Path.Combine(demo, "pictures", "dog", "dog-1.png"),
            preset == "fast" ? "logits" : "relu4", folder["whole.png"], preset, Steps: 400, Seed: 1); // With this seed fast stalls after some 200 steps, so that each of its ways to move is met.
        await using (var host = new SynthesisHostProcess())
            await host.CallAsync<MetamerResult>(request);

        var broken = request with { Output = folder["broken.png"], Checkpoint = folder["c"], CheckpointSeconds = 0.05 };
        var random = new Random(7);
        var kills = 0;
        for (; ; kills++)
        {
            await using var host = new SynthesisHostProcess();
            var running = host.CallAsync<MetamerResult>(broken);
            // Killed some random time after its first checkpoint of this life.
            var written = File.Exists(broken.Checkpoint) ? File.GetLastWriteTimeUtc(broken.Checkpoint) : default;
            while (!running.IsCompleted && (!File.Exists(broken.Checkpoint) || File.GetLastWriteTimeUtc(broken.Checkpoint) == written))
                await Task.Delay(2);
            await Task.WhenAny(running, Task.Delay(random.Next(200)));
            // Enough is enough: on a busy machine a life may be no longer than a step or two.
            if (kills < 60 && !running.IsCompleted && host.ProcessId is { } id)
            {
                using var child = Process.GetProcessById(id);
                child.Kill();
                // Its answer may have been on the way when it was killed.
                if (await Record.ExceptionAsync(() => running) is not { } failure)
                    break;
                Assert.IsType<SynthesisException>(failure);
                continue;
            }
            await running;
            break;
        }
        Assert.InRange(kills, 2, 60);
        Assert.Equal(File.ReadAllBytes(request.Output), File.ReadAllBytes(broken.Output));
        Assert.False(File.Exists(broken.Checkpoint));
    }
}

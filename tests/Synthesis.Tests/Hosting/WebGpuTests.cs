using PerceptionStudy.Synthesis.FrontEnds;
using PerceptionStudy.Synthesis.Graphs;
using PerceptionStudy.Synthesis.Hosting;
using PerceptionStudy.Synthesis.Media;
using PerceptionStudy.Synthesis.Metamers;
using PerceptionStudy.Synthesis.Tests.Graphs;

namespace PerceptionStudy.Synthesis.Tests.Hosting;

/// <summary>WebGPU against the CPU, on whatever device there is, be it one in software. <c>tests/webgpu.sh</c> runs them with a library that has WebGPU.</summary>
public sealed class WebGpuTests : IDisposable
{
    private static readonly PicturePipeline Small = new() { Width = 16, Height = 16 };
    private readonly TestFolder folder = new();
    private readonly ModelSessions sessions = new();

    public WebGpuTests()
    {
        var choice = ExecutionProvider.Choose("webgpu");
        Assert.SkipUnless(choice.Provider == "webgpu", $"{choice.Note} tests/webgpu.sh brings a library that has it, and a device in software.");
    }

    public void Dispose()
    {
        sessions.Dispose();
        folder.Dispose();
    }

    [Theory]
    [InlineData("relu2")]
    [InlineData("logits")]
    public void The_gradient_is_that_of_the_cpu(string stage)
    {
        var model = TestNets.Convolutional(folder);
        long[] shape = [1, 3, 16, 16];
        foreach (var (name, seed) in new[] { ("natural.npy", 1), ("at.npy", 2) })
            NpyFile.Write(folder[name], shape, [.. new Random(seed).Floats(3 * 16 * 16, 0, 1).Select(v => (float)v)]);
        GradientResult Compute(string provider) =>
            GradientProbe.Compute(sessions, new(model, stage, folder["natural.npy"], folder["at.npy"], folder[$"{provider}.npy"], Provider: provider));
        var (cpu, gpu) = (Compute("cpu"), Compute("webgpu"));
        Assert.Equal("webgpu", gpu.Provider);
        Assert.Equal(cpu.Loss, gpu.Loss, 1e-5 * cpu.Loss);
        var (expected, gradient) = (NpyFile.Read(folder["cpu.npy"]).Values, NpyFile.Read(folder["webgpu.npy"]).Values);
        var largest = expected.Max(Math.Abs);
        Assert.True(largest > 0);
        Assert.All(expected.Zip(gradient), p => Assert.Equal(p.First, p.Second, 1e-4 * largest));
    }

    [Theory]
    [InlineData("feather2023")]
    [InlineData("fast")]
    public void Twenty_steps_end_where_those_of_the_cpu_end(string preset)
    {
        var model = TestNets.Convolutional(folder);
        string[] naturals = [TestPictures.Write(folder, "a.png", 16, 16, 1), TestPictures.Write(folder, "b.png", 16, 16, 2)];
        MetamerResult[] Make(string provider) => new MetamerSynthesis(sessions, TimeProvider.System).MakeTogether(
            [.. naturals.Select((natural, i) => new SynthesizeMetamer(model, Small, natural, "relu2", folder[$"{provider}{i}.png"], preset, 20, Provider: provider))], _ => { }, default);
        foreach (var (cpu, gpu) in Make("cpu").Zip(Make("webgpu")))
        {
            Assert.Equal("webgpu", gpu.Provider);
            Assert.Equal(cpu.GradientEvaluations, gpu.GradientEvaluations);
            Assert.Equal(cpu.Loss, gpu.Loss, 1e-3 * cpu.Loss);
            // Rounding may move a pixel by one of 255 steps.
            Assert.All(PictureFile.Read(cpu.Output).Pixels.Zip(PictureFile.Read(gpu.Output).Pixels), p => Assert.InRange(p.First - p.Second, -1, 1));
        }
    }

    [Fact]
    public void The_state_stays_on_the_device_between_two_steps()
    {
        var graph = sessions.Graph(TestNets.Convolutional(folder), Small);
        var preset = MetamerPreset.Named("feather2023");
        var session = sessions.Session(graph, "step", "webgpu", () => StepSession.Build(graph, Small, "relu2", preset));
        using var step = new StepSession(
            session, "webgpu", preset, [1, 3, 16, 16], graph.Tensors["relu2"].Shape, [.. Enumerable.Repeat(0.5f, (int)Shapes.Size(graph.Tensors["relu2"].Shape))], [preset.Starts([.. Enumerable.Repeat(0.25f, 3 * 16 * 16)])]);
        step.Do(toHost: false);
        Assert.Throws<InvalidOperationException>(() => step.StateOf(0));
        step.Do(toHost: true);
        // Without step sizes the picture stands still.
        Assert.All(step.StateOf(0)[0], value => Assert.Equal(0.25f, value));
    }

    [Fact]
    public async Task Without_a_driver_the_cpu_computes_and_one_line_says_so()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "drivers are found by a variable of the environment on Linux");
        await using var host = new SynthesisHostProcess(new() { FileName = "/usr/bin/env", Arguments = ["VK_DRIVER_FILES=/none", Environment.ProcessPath!, "synthesis-host"] });
        var choice = await host.CallAsync<ProviderChoice>(new ChooseProvider("webgpu"));
        Assert.Equal(("cpu", "webgpu does not work here (it needs a graphics device with a driver for Vulkan: Failed to get a WebGPU adapter: No supported adapters); computing on the CPU."), (choice.Provider, choice.Note));
    }
}

using Microsoft.ML.OnnxRuntime;
using PerceptionStudy.Synthesis.Hosting;

namespace PerceptionStudy.Synthesis.Tests.Hosting;

public sealed class ExecutionProviderTests
{
    [Fact]
    public void The_cpu_is_taken_without_a_word() => Assert.Equal(new ProviderChoice("cpu", null), ExecutionProvider.Choose("cpu"));

    [Theory]
    [InlineData("cuda", "CUDAExecutionProvider", "this build of the program has no CUDA; build it with -p:OnnxRuntimePackage=Gpu")]
    [InlineData("webgpu", "WebGpuExecutionProvider", "this build of ONNX Runtime has no WebGPU")]
    public void What_this_build_lacks_gives_way_to_the_cpu_with_one_line(string wish, string name, string why)
    {
        Assert.SkipWhen(OrtEnv.Instance().GetAvailableProviders().Contains(name), $"this build has {name}");
        var choice = ExecutionProvider.Choose(wish);
        Assert.Equal(("cpu", $"{wish} does not work here ({why}); computing on the CPU."), (choice.Provider, choice.Note));
    }

    [Fact]
    public void Auto_takes_what_works_and_says_why()
    {
        var choice = ExecutionProvider.Choose("auto");
        Assert.NotNull(choice.Note);
        Assert.DoesNotContain("\n", choice.Note, StringComparison.Ordinal);
        string[] working = [.. new[] { "cuda", "webgpu" }.Where(p => ExecutionProvider.Choose(p).Provider == p), "cpu"];
        Assert.Equal(working[0], choice.Provider);
        if (choice.Provider == "cpu")
            Assert.StartsWith("Computing on the CPU; CUDA does not work here (", choice.Note, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_name_is_refused() =>
        Assert.Equal("The provider 'tpu' is not known; take auto, cpu, cuda or webgpu.", Assert.Throws<SynthesisException>(() => ExecutionProvider.Choose("tpu")).Message);
}

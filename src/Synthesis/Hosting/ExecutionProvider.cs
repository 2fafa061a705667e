using System.Text.RegularExpressions;
using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using PerceptionStudy.Synthesis.Graphs;

namespace PerceptionStudy.Synthesis.Hosting;

/// <summary>
/// ONNX Runtime's execution providers as far as they are used here. One code path serves all: a provider decides where a session computes and
/// where the state of a synthesis lies between two steps.
/// </summary>
public static partial class ExecutionProvider
{
    /// <summary>What can be asked for.</summary>
    public static IReadOnlyList<string> Names { get; } = ["auto", "cpu", "cuda", "webgpu"];

    private static readonly Lock Choosing = new();
    private static readonly Dictionary<string, string?> Faults = [];

    /// <summary>The provider that works for a wish: the wish itself if it does, else the CPU. <c>auto</c> takes CUDA before WebGPU before the CPU.</summary>
    /// <param name="wish">One of <see cref="Names"/>.</param>
    /// <returns>The provider, and one line that says why where it is not the wish itself.</returns>
    /// <exception cref="SynthesisException">There is no such provider.</exception>
    public static ProviderChoice Choose(string wish)
    {
        ArgumentNullException.ThrowIfNull(wish);
        if (!Names.Contains(wish))
            throw new SynthesisException($"The provider '{wish}' is not known; take auto, cpu, cuda or webgpu.");
        if (wish == "cpu")
            return new("cpu", null);
        if (wish != "auto")
            return Fault(wish) is { } fault ? new("cpu", $"{wish} does not work here ({fault}); computing on the CPU.") : new(wish, null);
        var (cuda, webgpu) = (Fault("cuda"), default(string));
        if (cuda is null)
            return new("cuda", "Computing with CUDA, the fastest that works here.");
        webgpu = Fault("webgpu");
        return webgpu is null
            ? new("webgpu", $"Computing with WebGPU; CUDA does not work here ({cuda}).")
            : new("cpu", $"Computing on the CPU; CUDA does not work here ({cuda}), nor does WebGPU ({webgpu}).");
    }

    /// <summary>Lets a session compute with a provider.</summary>
    internal static void Append(SessionOptions options, string provider)
    {
        if (provider == "cuda")
            options.AppendExecutionProvider_CUDA();
        else if (provider == "webgpu")
            options.AppendExecutionProvider("WebGPU", []);
    }

    /// <summary>Whether a run failed because the device's memory did not hold it.</summary>
    internal static bool IsOutOfMemory(OnnxRuntimeException e)
    {
        ArgumentNullException.ThrowIfNull(e);
        // The runtime has no error code for it; these are the words of its arena, of CUDA, and of Dawn.
        string[] words = ["Failed to allocate memory", "Available memory of", "out of memory", "CUDA_ERROR_OUT_OF_MEMORY", "OutOfMemory"];
        return words.Any(w => e.Message.Contains(w, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>An allocator of the memory in which a session's device keeps tensors; null for the CPU.</summary>
    internal static OrtAllocator? MemoryOf(InferenceSession session, string provider) => provider switch
    {
        "cuda" => Allocator(session, "Cuda"),
        "webgpu" => Allocator(session, "WebGPU_Buffer"),
        _ => null,
    };

    private static OrtAllocator Allocator(InferenceSession session, string memory)
    {
        using var info = new OrtMemoryInfo(memory, OrtAllocatorType.DeviceAllocator, 0, OrtMemType.Default);
        return new(session, info);
    }

    /// <summary>Why a provider does not work, found out once by adding two numbers with it; null if it does.</summary>
    private static string? Fault(string provider)
    {
        lock (Choosing)
        {
            if (!Faults.TryGetValue(provider, out var fault))
                Faults[provider] = fault = Try(provider);
            return fault;
        }
    }

    private static string? Try(string provider)
    {
        var name = provider == "cuda" ? "CUDAExecutionProvider" : "WebGpuExecutionProvider";
        if (!OrtEnv.Instance().GetAvailableProviders().Contains(name))
            return provider == "cuda" ? "this build of the program has no CUDA; build it with -p:OnnxRuntimePackage=Gpu" : "this build of ONNX Runtime has no WebGPU";
        var builder = new GraphBuilder();
        builder.Output(builder.Emit("Add", [builder.Input("x", [1]), builder.Scalar("x", 1)]), "y");
        try
        {
            using var options = new SessionOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
            Append(options, provider);
            using var session = new InferenceSession(builder.ToModel().ToByteArray(), options);
            using var x = OrtValue.CreateTensorValueFromMemory(new float[] { 1 }, [1]);
            using var run = new RunOptions();
            using var y = session.Run(run, ["x"], [x], ["y"]);
            return y[0].GetTensorDataAsSpan<float>()[0] == 2 ? null : "it computes 1 + 1 wrongly";
        }
        catch (Exception e) when (e is OnnxRuntimeException or EntryPointNotFoundException or DllNotFoundException)
        {
            return $"{(provider == "cuda" ? "it needs NVIDIA's driver, CUDA 13 and cuDNN 9" : "it needs a graphics device with a driver for Vulkan")}: {Reason(e.Message)}";
        }
    }

    // The runtime's messages run over several lines and begin with an error code, a place in its source and a function; what is left of the first line says what is missing.
    private static string Reason(string message)
    {
        var line = WhereItWasSaid().Replace(message.Split('\n')[0], "").Trim().TrimEnd('.');
        return line.Length <= 200 ? line : line[..200];
    }

    [GeneratedRegex(@"^\[ErrorCode:\w+\]\s*(\S+\.cc:\d+ .*\)>? (.*was false\. (?=\S))?|Ort\w+: )?")]
    private static partial Regex WhereItWasSaid();
}

/// <summary>The execution provider that a wish leads to.</summary>
/// <param name="Provider"><c>cpu</c>, <c>cuda</c> or <c>webgpu</c>.</param>
/// <param name="Note">One line for the person who asked: what was taken and why; null where it is just what was asked for.</param>
public sealed record ProviderChoice(string Provider, string? Note);

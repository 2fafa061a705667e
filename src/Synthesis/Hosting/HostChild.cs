using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.Json;
using PerceptionStudy.Synthesis.Hosting.Cages;

namespace PerceptionStudy.Synthesis.Hosting;

/// <summary>One running child process and the requests that wait for it.</summary>
internal sealed class HostChild : IAsyncDisposable
{
    private const int LastWords = 20;
    private readonly string temporary = TemporaryFolders.New();
    private readonly Process process;
    private readonly Task reading;
    private readonly ITimer? memoryWatch;
    private readonly long? memoryLimit;
    private readonly ConcurrentDictionary<long, Waiting> waiting = new();
    private readonly ConcurrentQueue<string> errors = new();
    private readonly SemaphoreSlim writing = new(1, 1);
    private string? killedBecause;

    public HostChild(SynthesisHostOptions options, TimeProvider time)
    {
        memoryLimit = options.MemoryLimitBytes;
        try
        {
            process = Start(options, temporary);
        }
        catch
        {
            TemporaryFolders.Delete(temporary);
            throw;
        }
        process.ErrorDataReceived += (_, line) => Remember(line.Data);
        process.BeginErrorReadLine();
        reading = Task.Run(ReadAsync);
        if (memoryLimit is { } limit)
            memoryWatch = time.CreateTimer(_ => WatchMemory(limit), null, TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(0.5));
    }

    public bool HasEnded => reading.IsCompleted || process.HasExited;

    public int ProcessId => process.Id;

    public async Task<JsonElement> SendAsync(HostRequestLine line, IProgress<SynthesisProgress>? progress)
    {
        var mine = new Waiting(new TaskCompletionSource<JsonElement>(TaskCreationOptions.RunContinuationsAsynchronously), progress);
        waiting[line.Id] = mine;
        await WriteAsync(line);
        if (reading.IsCompleted)
            await FailAllAsync();
        return await mine.Answer.Task;
    }

    public Task CancelAsync(long id) => WriteAsync(new(id, Cancel: true));

    public async Task KillAsync()
    {
        if (!process.HasExited)
            process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
        await reading;
    }

    public async ValueTask DisposeAsync()
    {
        if (memoryWatch is not null)
            await memoryWatch.DisposeAsync();
        if (!process.HasExited)
            CloseInput();
        try
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5));
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
        }
        await reading;
        process.Dispose();
        writing.Dispose();
        TemporaryFolders.Delete(temporary);
    }

    private static Process Start(SynthesisHostOptions options, string temporary)
    {
        var (program, role) = Program(options);
        if (Path.IsPathRooted(program) && !File.Exists(program))
            throw new SynthesisException($"The synthesis host {program} did not start: there is no such program.");
        var limits = CageLimits.For(options.MemoryLimitBytes, options.Cage.Graphics && GraphicsDevices.Any);
        var (file, arguments) = Cage.Around(options.Cage, limits, temporary, program, role);
        var start = new ProcessStartInfo(file, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(false),
            StandardOutputEncoding = new UTF8Encoding(false),
            UseShellExecute = false,
        };
        HostEnvironment.Set(start, temporary);
        if (options.Threads is { } threads)
            start.Environment[SynthesisHostOptions.ThreadsVariable] = threads.ToString(CultureInfo.InvariantCulture);
        if (options.MemoryLimitBytes is { } limit)
            start.Environment["DOTNET_GCHeapHardLimit"] = limit.ToString("X", CultureInfo.InvariantCulture);
        try
        {
            return ChildStart.Run(start) ?? throw new SynthesisException($"The synthesis host {program} did not start.");
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new SynthesisException($"The synthesis host {program} did not start: {e.Message}.", e);
        }
    }

    private static (string File, string[] Arguments) Program(SynthesisHostOptions options)
    {
        var role = options.Arguments ?? ["synthesis-host"];
        if (options.FileName is { } named)
            return (named, role);
        var self = Environment.ProcessPath ?? throw new SynthesisException("This program does not know its own path; name the synthesis host's FileName.");
        // Under `dotnet X.dll` the process is dotnet's; published, it is the program itself.
        return Path.GetFileNameWithoutExtension(self) == "dotnet" && options.Arguments is null
            ? (self, [Assembly.GetEntryAssembly()!.Location, .. role])
            : (self, role);
    }

    private async Task ReadAsync()
    {
        while (await process.StandardOutput.ReadLineAsync() is { } line)
            Take(line);
        await process.WaitForExitAsync();
        await FailAllAsync();
    }

    private void Take(string line)
    {
        HostAnswerLine? answer = null;
        try
        {
            answer = JsonSerializer.Deserialize<HostAnswerLine>(line, HostProtocol.Lines);
        }
        catch (JsonException)
        {
            Remember(line); // Not ours: a library that prints to standard output. It belongs to the last words.
        }
        if (answer is null)
            return;
        if (answer.Progress is { } progress)
        {
            if (waiting.TryGetValue(answer.Id, out var listener))
                listener.Progress?.Report(progress);
        }
        else if (waiting.TryRemove(answer.Id, out var asker))
        {
            Finish(asker.Answer, answer);
        }
    }

    private static void Finish(TaskCompletionSource<JsonElement> asker, HostAnswerLine answer)
    {
        if (answer.Error is { Kind: "cancelled" })
            asker.TrySetCanceled();
        else if (answer.Error is { } error)
            asker.TrySetException(new SynthesisException(error.Message) { Fault = error.Kind == "machine" ? SynthesisFault.Machine : SynthesisFault.Request });
        else
            asker.TrySetResult(answer.Result ?? default);
    }

    private async Task FailAllAsync()
    {
        await process.WaitForExitAsync();
        var words = string.Join(" | ", errors);
        var (why, fault) = killedBecause is not null ? (killedBecause, SynthesisFault.Request)
            : errors.Any(IsOutOfMemory) && memoryLimit is { } limit ? (TooMuchMemory(limit), SynthesisFault.Request)
            : ($"The synthesis host ended unexpectedly with exit code {process.ExitCode}{(words.Length == 0 ? "" : $"; its last words: {words}")}; it is started anew at the next request.", SynthesisFault.HostEnded);
        foreach (var id in waiting.Keys)
            if (waiting.TryRemove(id, out var asker))
                asker.Answer.TrySetException(new SynthesisException(why) { Fault = fault, LastWords = string.Join('\n', errors) });
    }

    private async Task WriteAsync(HostRequestLine line)
    {
        await writing.WaitAsync();
        try
        {
            await process.StandardInput.WriteAsync(JsonSerializer.Serialize(line, HostProtocol.Lines) + "\n");
            await process.StandardInput.FlushAsync();
        }
        catch (IOException)
        {
            // The child has gone; the reader notices the end of its output and tells everyone who waits.
        }
        finally
        {
            writing.Release();
        }
    }

    private void CloseInput()
    {
        try
        {
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // Already gone.
        }
    }

    private void WatchMemory(long limit)
    {
        try
        {
            if (process.HasExited || ProcessTree.ResidentBytes(process) <= limit)
                return;
            killedBecause = TooMuchMemory(limit);
            process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It ended between the two looks.
        }
    }

    private static string TooMuchMemory(long limit) =>
        $"The request needed more memory than the synthesis host may use ({limit / (1 << 20)} MB) and was stopped; take an earlier stage or a smaller network, or raise the limit (setting Worker:MemoryMegabytes).";

    // The last words of the .NET runtime and of the C++ library where the system's own limit was met before the watch saw it.
    private static bool IsOutOfMemory(string line) =>
        line.StartsWith("Out of memory", StringComparison.Ordinal) || line.Contains("std::bad_alloc", StringComparison.Ordinal) || line.Contains("System.OutOfMemoryException", StringComparison.Ordinal);

    private void Remember(string? line)
    {
        if (string.IsNullOrEmpty(line))
            return;
        errors.Enqueue(line);
        while (errors.Count > LastWords)
            errors.TryDequeue(out _);
    }

    private sealed record Waiting(TaskCompletionSource<JsonElement> Answer, IProgress<SynthesisProgress>? Progress);
}

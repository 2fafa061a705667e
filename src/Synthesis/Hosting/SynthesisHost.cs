using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using PerceptionStudy.Synthesis.Graphs;

namespace PerceptionStudy.Synthesis.Hosting;

/// <summary>
/// The child process in which models and media are opened: reads requests as JSON lines, does them one at a time in the order of arrival,
/// writes progress and answers as JSON lines. A bad model or picture costs one request. Ends when its input ends.
/// </summary>
public sealed class SynthesisHost : IDisposable
{
    private readonly SynthesisWork work;
    private readonly Lock writing = new();
    private readonly Lock waiting = new();
    private readonly Dictionary<long, CancellationTokenSource> requests = [];

    /// <param name="threads">Threads for one operator; null leaves ONNX Runtime's own choice.</param>
    /// <param name="time">Clock for time stamps and the rate of progress messages.</param>
    public SynthesisHost(int? threads = null, TimeProvider? time = null) => work = new SynthesisWork(threads, time ?? TimeProvider.System);

    /// <summary>Serves on this process's standard input and output: all that the role <c>synthesis-host</c> of a program does.</summary>
    /// <param name="cancel">Stops the request at work and ends.</param>
    public static async Task ServeProcessAsync(CancellationToken cancel = default)
    {
        await using var output = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(false));
        Console.SetOut(Console.Error); // A library that prints must not spoil the protocol.
        using var input = new StreamReader(Console.OpenStandardInput(), Encoding.UTF8);
        var threads = int.TryParse(Environment.GetEnvironmentVariable(SynthesisHostOptions.ThreadsVariable), CultureInfo.InvariantCulture, out var number) && number > 0 ? number : (int?)null;
        using var host = new SynthesisHost(threads);
        await host.RunAsync(input, output, cancel);
    }

    /// <summary>Serves until <paramref name="input"/> ends or <paramref name="cancel"/> is set.</summary>
    /// <param name="input">Lines of <see cref="HostRequestLine"/>.</param>
    /// <param name="output">Receives lines of <see cref="HostAnswerLine"/> and nothing else.</param>
    /// <param name="cancel">Stops the request at work and ends.</param>
    public async Task RunAsync(TextReader input, TextWriter output, CancellationToken cancel = default)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var queue = Channel.CreateUnbounded<HostRequestLine>(new UnboundedChannelOptions { SingleReader = true });
        var working = Task.Run(() => WorkAsync(queue.Reader, output, stop.Token), CancellationToken.None);
        try
        {
            while (await input.ReadLineAsync(stop.Token) is { } line)
                if (line.Length > 0)
                    Take(line, queue.Writer, output, stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Asked to end; the request at work is stopped below.
        }
        // The caller has gone: nobody waits for the answers any more.
        queue.Writer.Complete();
        await stop.CancelAsync();
        await working;
    }

    /// <summary>Gives back the models' memory.</summary>
    public void Dispose() => work.Dispose();

    private void Take(string line, ChannelWriter<HostRequestLine> queue, TextWriter output, CancellationToken stop)
    {
        HostRequestLine? asked;
        try
        {
            asked = JsonSerializer.Deserialize<HostRequestLine>(line, HostProtocol.Lines);
        }
        catch (Exception e) when (e is JsonException or NotSupportedException)
        {
            Write(output, new(IdOf(line), Error: new("request", $"The request is not one that a synthesis host understands: {e.Message}")));
            return;
        }
        if (asked is null)
            return;
        lock (waiting)
        {
            if (asked.Cancel)
            {
                if (requests.TryGetValue(asked.Id, out var running))
                    running.Cancel();
                return;
            }
            if (asked.Request is null || !requests.TryAdd(asked.Id, CancellationTokenSource.CreateLinkedTokenSource(stop)))
            {
                Write(output, new(asked.Id, Error: new("request", asked.Request is null ? "The line asks for nothing." : $"Request {asked.Id} is already at work.")));
                return;
            }
        }
        queue.TryWrite(asked);
    }

    private async Task WorkAsync(ChannelReader<HostRequestLine> queue, TextWriter output, CancellationToken stop)
    {
        await foreach (var asked in queue.ReadAllAsync(CancellationToken.None))
        {
            CancellationTokenSource own;
            lock (waiting)
                own = requests[asked.Id];
            Write(output, stop.IsCancellationRequested ? Cancelled(asked.Id) : Answer(asked, output, own.Token));
            lock (waiting)
                requests.Remove(asked.Id);
            own.Dispose();
        }
    }

    private HostAnswerLine Answer(HostRequestLine asked, TextWriter output, CancellationToken cancel)
    {
        try
        {
            var result = work.Do(asked.Request!, progress => Write(output, new(asked.Id, Progress: progress)), cancel);
            return new(asked.Id, Result: JsonSerializer.SerializeToElement(result, result.GetType(), HostProtocol.Lines));
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            return Cancelled(asked.Id);
        }
        catch (Exception e) when (e is SynthesisException or ModelFormatException)
        {
            return new(asked.Id, Error: new(e is SynthesisException { Fault: SynthesisFault.Machine } ? "machine" : "request", e.Message));
        }
        catch (Exception e)
        {
            // One bad file must not cost the models that are warm; the whole story goes to the log on standard error.
            Console.Error.WriteLine(e);
            return new(asked.Id, Error: new("host", $"{e.GetType().Name}: {e.Message.ReplaceLineEndings(" ")}"));
        }
    }

    private void Write(TextWriter output, HostAnswerLine answer)
    {
        var line = JsonSerializer.Serialize(answer, HostProtocol.Lines);
        lock (writing)
        {
            output.Write(line + "\n");
            output.Flush();
        }
    }

    private static HostAnswerLine Cancelled(long id) => new(id, Error: new("cancelled", "The request was cancelled."));

    private static long IdOf(string line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("id", out var id) && id.TryGetInt64(out var number) ? number : 0;
        }
        catch (JsonException)
        {
            return 0;
        }
    }
}

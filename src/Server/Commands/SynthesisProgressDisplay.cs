using System.Globalization;
using PerceptionStudy.Synthesis.Hosting;
using Spectre.Console;

namespace PerceptionStudy.Server.Commands;

/// <summary>Shows on standard error where requests to a synthesis host stand: live bars on a terminal, a plain line now and then elsewhere.</summary>
internal static class SynthesisProgressDisplay
{
    private static readonly TimeSpan BetweenLines = TimeSpan.FromSeconds(10);

    /// <summary>Asks the host and shows how far it is.</summary>
    /// <typeparam name="T">The answer's type.</typeparam>
    /// <param name="console">Standard error.</param>
    /// <param name="host">The host.</param>
    /// <param name="request">What to ask it.</param>
    /// <param name="name">What is shown in front.</param>
    /// <param name="cancel">Stops the request.</param>
    public static Task<T> CallAsync<T>(IAnsiConsole console, SynthesisHostProcess host, SynthesisRequest request, string name, CancellationToken cancel) =>
        RunAsync(console, show => host.CallAsync<T>(request, new AtOnce(p => show(name, p)), cancel));

    /// <summary>Does the work and shows it.</summary>
    /// <typeparam name="T">What the work gives.</typeparam>
    /// <param name="console">Standard error.</param>
    /// <param name="work">Gets the function that shows: the metamer's name and where it stands.</param>
    public static async Task<T> RunAsync<T>(IAnsiConsole console, Func<Action<string, SynthesisProgress>, Task<T>> work)
    {
        if (!console.Profile.Capabilities.Interactive || Console.IsErrorRedirected)
            return await work(new Lines(console).Show);
        var result = default(T);
        await console.Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn(), new RemainingTimeColumn())
            .StartAsync(async shown =>
            {
                var tasks = new Dictionary<string, ProgressTask>();
                result = await work((name, where) =>
                {
                    lock (tasks)
                    {
                        if (!tasks.TryGetValue(name, out var task))
                            tasks[name] = task = shown.AddTask(Markup.Escape(name));
                        (task.MaxValue, task.Value) = (where.Steps, where.Step);
                        if (where.GradientNorm != 0)
                            task.Description = Markup.Escape(string.Create(CultureInfo.InvariantCulture, $"{name} loss {where.Loss:G4} gradient {where.GradientNorm:G3}"));
                    }
                });
                foreach (var task in tasks.Values)
                    task.Value = task.MaxValue; // One that ended early is done too.
            });
        return result!;
    }

    /// <summary>Tells at once and in order, where <see cref="Progress{T}"/> would queue what it is told.</summary>
    internal sealed class AtOnce(Action<SynthesisProgress> tell) : IProgress<SynthesisProgress>
    {
        public void Report(SynthesisProgress value) => tell(value);
    }

    private sealed class Lines(IAnsiConsole console)
    {
        private readonly Dictionary<string, long> last = [];

        public void Show(string name, SynthesisProgress where)
        {
            lock (last)
            {
                if (last.TryGetValue(name, out var at) && TimeProvider.System.GetElapsedTime(at) < BetweenLines && where.Ended is null && where.Step < where.Steps)
                    return;
                last[name] = TimeProvider.System.GetTimestamp();
                var measures = where.GradientNorm == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $", loss {where.Loss:G4}, gradient norm {where.GradientNorm:G3}");
                console.Profile.Out.Writer.WriteLine($"{name}: step {where.Step} of at most {where.Steps}{measures}{(where.Ended is null ? "" : $"; ended: {where.Ended}")}");
            }
        }
    }
}

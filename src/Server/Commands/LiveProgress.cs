using PerceptionStudy.Synthesis.Hosting;
using Spectre.Console;

namespace PerceptionStudy.Server.Commands;

/// <summary>A request to a synthesis host with a bar that shows how far it is: on a terminal only, and on standard error.</summary>
internal static class LiveProgress
{
    /// <param name="console">Standard error's console; null where nothing shall be shown.</param>
    /// <param name="host">The host.</param>
    /// <param name="request">What to ask it.</param>
    /// <param name="name">What the bar is called.</param>
    /// <param name="cancel">Stops the request.</param>
    public static async Task<T> CallAsync<T>(IAnsiConsole? console, SynthesisHostProcess host, SynthesisRequest request, string name, CancellationToken cancel)
    {
        if (console is null || !console.Profile.Capabilities.Interactive)
            return await host.CallAsync<T>(request, cancel: cancel);
        return await console.Progress().Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn()).StartAsync(async shown =>
        {
            var task = shown.AddTask(Markup.Escape(name));
            var progress = new Progress<SynthesisProgress>(p => (task.MaxValue, task.Value) = (p.Steps, p.Step));
            var answer = await host.CallAsync<T>(request, progress, cancel);
            task.Value = task.MaxValue;
            return answer;
        });
    }
}

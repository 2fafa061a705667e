using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace PerceptionStudy.EndToEnd.Tests.Operation;

/// <summary>Whatever pages write to the console as a warning or an error, faults of scripts, and what the content security policy stops.</summary>
public sealed class Complaints
{
    // The browser's own word on what the policy stopped goes to the console as well, without saying where.
    private const string Listen =
        """
        addEventListener('securitypolicyviolation', v => console.error(`CSP ${v.effectiveDirective}: ${v.blockedURI} ${v.sourceFile}:${v.lineNumber} ${v.sample}`));
        """;

    private readonly ConcurrentQueue<string> heard = [];

    public IEnumerable<string> Heard => heard.Distinct();

    public void Forget() => heard.Clear();

    public async Task<IBrowserContext> ListenAsync(IBrowserContext context)
    {
        await context.AddInitScriptAsync(Listen);
        context.Console += (_, said) =>
        {
            if (said.Type is "error" or "warning") heard.Enqueue($"{said.Page?.Url}: {said.Text}");
        };
        context.WebError += (_, problem) => heard.Enqueue($"{problem.Page?.Url}: {problem.Error}");
        return context;
    }
}

using System.Diagnostics;
using Microsoft.Playwright;

namespace PerceptionStudy.EndToEnd.Tests;

/// <summary>Waits until a script says so. Playwright's own way repeats it inside the page by <c>eval</c>, which the pages' policy forbids.</summary>
internal static class Until
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    /// <param name="expression">An expression, or a function of <paramref name="argument"/>; what it gives counts as true or false as in an <c>if</c>.</param>
    public static async Task UntilAsync(this IPage page, string expression, object? argument = null)
    {
        for (var clock = Stopwatch.StartNew(); !await page.EvaluateAsync<bool>(argument is null ? $"Boolean({expression})" : $"argument => Boolean(({expression})(argument))", argument); await Task.Delay(50))
            if (clock.Elapsed > Patience) throw new TimeoutException($"In {Patience.TotalSeconds:0} s it never was true that {expression}");
    }
}

using System.Diagnostics;
using Microsoft.Playwright;

namespace PerceptionStudy.EndToEnd.Tests;

/// <summary>Waits until a script says so. Playwright's own way repeats it inside the page by <c>eval</c>, which the pages' policy forbids.</summary>
internal static class Until
{
    /// <param name="expression">An expression, or a function of <paramref name="argument"/>; what it gives counts as true or false as in an <c>if</c>.</param>
    public static async Task UntilAsync(this IPage page, string expression, object? argument = null)
    {
        for (var clock = Stopwatch.StartNew(); !await page.EvaluateAsync<bool>(argument is null ? $"Boolean({expression})" : $"argument => Boolean(({expression})(argument))", argument); await Task.Delay(50))
            if (clock.Elapsed > Browser.Patience) throw new TimeoutException($"In {Browser.Patience.TotalSeconds:0} s it never was true that {expression}");
    }

    /// <summary>Waits until nothing has changed in the page for half a second and what moves has come to its end; a page that never rests is looked at after ten seconds.</summary>
    public static async Task SettledAsync(this IPage page)
    {
        await page.EvaluateAsync("""
            () => new Promise(settled => {
              let quiet = 0;
              const changes = new MutationObserver(() => { clearTimeout(quiet); quiet = setTimeout(end, 500); }), latest = setTimeout(end, 10_000);
              function end() {
                changes.disconnect();
                clearTimeout(quiet);
                clearTimeout(latest);
                settled();
              }
              changes.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
              quiet = setTimeout(end, 500);
            })
            """);
        await page.MovedAsync();
    }

    /// <summary>Waits until what fades or moves has come to its end, as people read it. Spinners turn for ever and are no reason to wait.</summary>
    public static Task MovedAsync(this IPage page) => page.UntilAsync("document.getAnimations().every(a => a.playState !== 'running' || a.effect.getComputedTiming().endTime === Infinity)");
}

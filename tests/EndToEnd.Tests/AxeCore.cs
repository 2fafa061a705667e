using System.Diagnostics;
using System.Text.Json;
using Microsoft.Playwright;

namespace PerceptionStudy.EndToEnd.Tests;

/// <summary>axe-core, the accessibility checker, taken from npm by the first test that wants it and kept beside the tests' program.</summary>
internal static class AxeCore
{
    private const string Version = "4.14.1";

    private static readonly string Script = Path.Combine(AppContext.BaseDirectory, "axe", "node_modules", "axe-core", "axe.min.js");
    private static readonly Lazy<Task<bool>> Installed = new(InstallAsync);

    /// <summary>Every rule of WCAG 2.2 up to level AA, whatever version it came with; gives a sentence for each violation.</summary>
    public static async Task<string[]> ViolationsAsync(this IPage page)
    {
        Assert.SkipWhen(!await Installed.Value, "axe-core cannot be had from npm here.");
        string[] found;
        var looks = 0;
        // While axe reads, which takes seconds on a busy machine, a message may begin to fade: what is wrong with a page is still wrong when it is read again.
        do found = await LookAsync(page);
        while (found.Length > 0 && ++looks < 3);
        return found;
    }

    private static async Task<string[]> LookAsync(IPage page)
    {
        await page.MovedAsync();
        // The page's policy may forbid scripts of others; what is evaluated from outside is not under it.
        await page.EvaluateAsync(await File.ReadAllTextAsync(Script) + "; undefined");
        var found = await page.EvaluateAsync<JsonElement>("""
            async () => (await axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] })).violations
              .flatMap(v => v.nodes.map(n => `${v.id}: ${v.help}: ${n.target.join(' ')}: ${n.failureSummary.replaceAll('\n', ' ')}`))
            """);
        return [.. found.EnumerateArray().Select(sentence => sentence.GetString()!)];
    }

    private static async Task<bool> InstallAsync()
    {
        if (File.Exists(Script)) return true;
        var folder = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "axe")).FullName;
        try
        {
            using var npm = Process.Start(new ProcessStartInfo("npm", ["install", "--prefix", folder, "--silent", "--no-audit", "--no-fund", "--no-save", $"axe-core@{Version}"]))!;
            await npm.WaitForExitAsync();
        }
        catch (System.ComponentModel.Win32Exception)
        {
            // There is no npm.
        }
        return File.Exists(Script);
    }
}

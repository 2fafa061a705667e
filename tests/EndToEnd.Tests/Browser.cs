using Microsoft.Playwright;
using PerceptionStudy.EndToEnd.Tests;

[assembly: AssemblyFixture(typeof(Browser))]
// A browser and a server together seldom keep two cores busy; more than two tests at once starve the servers.
[assembly: Xunit.v3.Parallelization(MaxThreads = 2)]

namespace PerceptionStudy.EndToEnd.Tests;

/// <summary>Classes that ask how exact clocks, pictures or sounds are, or that kill what others would need: one test at a time, when all others are done.</summary>
[CollectionDefinition(DisableParallelization = true)]
public sealed class Alone;

/// <summary>The Chromium of this machine, started by the first test that wants it. Nothing is downloaded.</summary>
public sealed class Browser : IAsyncDisposable
{
    private static readonly string? Executable =
        ((string[])["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome", "/usr/bin/google-chrome-stable"]).FirstOrDefault(File.Exists);

    /// <summary>How long a test waits in a browser for what has to come. Two busy cores take their time.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    private readonly Lazy<Task<(IPlaywright Playwright, IBrowser Browser)>> started = new(StartAsync);

    /// <summary>A fresh browser profile: no cookies, nothing stored.</summary>
    public async Task<IBrowserContext> NewContextAsync(int width = 1024, int height = 600, bool touch = false, ColorScheme colours = ColorScheme.Light)
    {
        Assert.SkipWhen(Executable is null, "Chromium is not installed in /usr/bin.");
        var context = await (await started.Value).Browser.NewContextAsync(new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = width, Height = height },
            HasTouch = touch,
            IsMobile = touch,
            ColorScheme = colours,
        });
        context.SetDefaultTimeout((float)Patience.TotalMilliseconds);
        return context;
    }

    private static async Task<(IPlaywright Playwright, IBrowser Browser)> StartAsync()
    {
        var playwright = await Playwright.CreateAsync();
        Assertions.SetDefaultExpectTimeout((float)Patience.TotalMilliseconds);
        return (playwright, await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Executable,
            Args = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--hide-scrollbars"],
        }));
    }

    public async ValueTask DisposeAsync()
    {
        if (!started.IsValueCreated) return;
        var (playwright, browser) = await started.Value;
        await browser.DisposeAsync();
        playwright.Dispose();
    }
}

using Microsoft.Playwright;
using PerceptionStudy.EndToEnd.Tests;

[assembly: AssemblyFixture(typeof(Browser))]
// Timing is measured: one test at a time.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]

namespace PerceptionStudy.EndToEnd.Tests;

/// <summary>The Chromium of this machine, started by the first test that wants it. Nothing is downloaded.</summary>
public sealed class Browser : IAsyncDisposable
{
    private static readonly string? Executable =
        ((string[])["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome", "/usr/bin/google-chrome-stable"]).FirstOrDefault(File.Exists);

    private IPlaywright? playwright;
    private IBrowser? browser;

    /// <summary>A fresh browser profile: no cookies, nothing stored.</summary>
    public async Task<IBrowserContext> NewContextAsync(int width = 1024, int height = 600, bool touch = false, ColorScheme colours = ColorScheme.Light)
    {
        Assert.SkipWhen(Executable is null, "Chromium is not installed in /usr/bin.");
        if (browser is null)
        {
            playwright = await Playwright.CreateAsync();
            // Two busy cores take their time; what is awaited still has to come.
            Assertions.SetDefaultExpectTimeout(90_000);
            browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
            {
                ExecutablePath = Executable,
                Args = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--hide-scrollbars"],
            });
        }
        var context = await browser.NewContextAsync(new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = width, Height = height },
            HasTouch = touch,
            IsMobile = touch,
            ColorScheme = colours,
        });
        context.SetDefaultTimeout(90_000);
        return context;
    }

    public async ValueTask DisposeAsync()
    {
        if (browser is not null) await browser.DisposeAsync();
        playwright?.Dispose();
    }
}

using System.Diagnostics;
using OpenQA.Selenium;
using OpenQA.Selenium.Interactions;
using OpenQA.Selenium.Remote;
using PerceptionStudy.Server.Tests.Data;

namespace PerceptionStudy.EndToEnd.Tests.Engines;

/// <summary>
/// WebKitGTK's MiniBrowser over WebKitWebDriver, on a virtual screen. Its windows under automation are private: what they keep, they keep in memory.
/// </summary>
public sealed class WebKit : Engine
{
    private static readonly string? Executable = File.Exists("/usr/bin/WebKitWebDriver") ? "/usr/bin/WebKitWebDriver" : null;
    private static readonly string? Screen = File.Exists("/usr/bin/Xvfb") ? "/usr/bin/Xvfb" : null;

    private Process? screen, service;
    private RemoteWebDriver? driver;

    public static async Task<WebKit> StartAsync()
    {
        Assert.SkipWhen(Executable is null || Screen is null, "WebKitWebDriver and Xvfb are not both installed in /usr/bin.");
        var webKit = new WebKit();
        await webKit.LaunchAsync();
        return webKit;
    }

    private async Task LaunchAsync()
    {
        var display = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        screen = Start(Screen!, ["-displayfd", "1", "-screen", "0", "1280x800x24", "-nolisten", "tcp"], line =>
        {
            if (line.Length > 0 && line.All(char.IsAsciiDigit)) display.TrySetResult(line);
        });
        var number = await display.Task.WaitAsync(Browser.Patience);
        var port = FreePort.Take();
        service = Start(Executable!, [$"--port={port}", "--host=127.0.0.1"], _ => { }, ("DISPLAY", $":{number}"), ("GDK_BACKEND", "x11"), ("LIBGL_ALWAYS_SOFTWARE", "1"), ("NO_AT_BRIDGE", "1"));
        var address = new Uri($"http://127.0.0.1:{port}");
        await AnsweringAsync(address);
        driver = await Task.Run(() => new RemoteWebDriver(address, new MiniBrowser().ToCapabilities(), Browser.Patience));
        driver.Manage().Timeouts().AsynchronousJavaScript = Browser.Patience;
    }

    public override async Task OpenAsync(string address) => await driver!.Navigate().GoToUrlAsync(address);

    protected override async Task<string> RunAsync(string body)
    {
        var found = (string)(await Task.Run(() => driver!.ExecuteAsyncScript($"const told = arguments[0]; (async () => {{ {body} }})().then(told, failure => told('!' + failure));")))!;
        return found.StartsWith('!') ? throw new WebDriverException(found[1..]) : found;
    }

    public override Task PressAsync(char key) => PerformAsync(new Actions(driver!).SendKeys(key.ToString()));

    protected override Task ClickAsync(int x, int y) => PerformAsync(new Actions(driver!).MoveToLocation(x, y).Click());

    private static Task PerformAsync(Actions actions) => Task.Run(actions.Perform);

    public override async ValueTask DisposeAsync()
    {
        if (driver is not null) await Task.Run(driver.Quit);
        await EndAsync(service);
        await EndAsync(screen);
        await base.DisposeAsync();
    }

    private static async Task AnsweringAsync(Uri address)
    {
        using var client = new HttpClient();
        for (var patience = Stopwatch.StartNew(); ;)
        {
            try
            {
                using var reply = await client.GetAsync(new Uri(address, "/status"));
                return;
            }
            catch (HttpRequestException) when (patience.Elapsed < Browser.Patience)
            {
                await Task.Delay(50);
            }
        }
    }

    /// <summary>What is asked of the driver: its own browser.</summary>
    private sealed class MiniBrowser : DriverOptions
    {
        public MiniBrowser() => BrowserName = "MiniBrowser";

        public override ICapabilities ToCapabilities() => GenerateDesiredCapabilities(true).AsReadOnly();
    }
}

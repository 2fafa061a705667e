using System.Diagnostics;
using System.Text.Json;

namespace PerceptionStudy.EndToEnd.Tests.Engines;

/// <summary>A browser of another engine than Chromium's, driven by the little that a participant does: open a page, read it, press keys and the mouse.</summary>
public abstract class Engine : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>A folder for profile and home, deleted in the end.</summary>
    protected string Folder { get; } = Directory.CreateTempSubdirectory("perception-study-engine-").FullName;

    public abstract Task OpenAsync(string address);

    /// <summary>Runs the body of an asynchronous function in the page and gives what it returns, a text.</summary>
    protected abstract Task<string> RunAsync(string body);

    /// <summary>Presses and releases a key, as the keyboard would.</summary>
    public abstract Task PressAsync(char key);

    /// <summary>Presses and releases the left mouse button at a place in the window, CSS pixels.</summary>
    protected abstract Task ClickAsync(int x, int y);

    /// <summary>The value of an expression, which may be a promise.</summary>
    public async Task<T> EvaluateAsync<T>(string expression) =>
        JsonSerializer.Deserialize<T>(await RunAsync($"return JSON.stringify(await ({expression}));"), JsonSerializerOptions.Web)!;

    /// <summary>Waits until a condition holds; while a page goes and the next one comes, nothing does.</summary>
    public async Task WaitAsync(string condition)
    {
        var waited = Stopwatch.StartNew();
        string? trouble = null;
        while (waited.Elapsed < Patience)
        {
            try
            {
                if (await EvaluateAsync<bool>($"!!({condition})")) return;
            }
            catch (Exception notYet) when (notYet is OpenQA.Selenium.WebDriverException or OpenQA.Selenium.BiDi.BiDiException)
            {
                trouble = notYet.Message;
            }
            await Task.Delay(50);
        }
        var page = await EvaluateAsync<string>("document.body.innerText");
        Assert.Fail($"After {Patience.TotalSeconds} s this does not hold: {condition}. {trouble}\nThe page says: {page}");
    }

    /// <summary>Presses the mouse on the middle of an element.</summary>
    public async Task ClickAsync(string selector)
    {
        var middle = await EvaluateAsync<int[]>($"(({{ x, y, width, height }}) => [Math.round(x + width / 2), Math.round(y + height / 2)])(document.querySelector('{selector}').getBoundingClientRect())");
        await ClickAsync(middle[0], middle[1]);
    }

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        Directory.Delete(Folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    /// <summary>Starts a program whose output nobody reads but <paramref name="said"/>.</summary>
    protected Process Start(string program, IEnumerable<string> arguments, Action<string> said, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = Folder, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["HOME"] = Folder;
        foreach (var (name, value) in environment) start.Environment[name] = value;
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, line) => said(line.Data ?? "");
        process.ErrorDataReceived += (_, line) => said(line.Data ?? "");
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    protected static async Task EndAsync(Process? process)
    {
        if (process is null) return;
        if (!process.HasExited) process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
        process.Dispose();
    }
}

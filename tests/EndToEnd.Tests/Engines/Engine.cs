using System.Diagnostics;
using System.Text.Json;

namespace PerceptionStudy.EndToEnd.Tests.Engines;

/// <summary>A browser of another engine than Chromium's, driven by the little that a participant does: open a page, read it, press keys and the mouse.</summary>
public abstract class Engine : IAsyncDisposable
{
    // As WebDriver writes the key that says Enter on it.
    public const char Enter = '\uE007';

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
        if (await ComesAsync(condition, Browser.Patience) is not { } trouble) return;
        var page = await EvaluateAsync<string>("document.body.innerText");
        Assert.Fail($"After {Browser.Patience.TotalSeconds} s this does not hold: {condition}. {trouble}\nThe page says: {page}");
    }

    /// <summary>Waits until a condition holds, or the patience is over; gives null, or what the last trouble was.</summary>
    public async Task<string?> ComesAsync(string condition, TimeSpan patience)
    {
        var waited = Stopwatch.StartNew();
        var trouble = "";
        while (waited.Elapsed < patience)
        {
            try
            {
                if (await EvaluateAsync<bool>($"!!({condition})")) return null;
            }
            catch (Exception notYet) when (notYet is OpenQA.Selenium.WebDriverException or OpenQA.Selenium.BiDi.BiDiException or OperationCanceledException)
            {
                trouble = notYet.Message;
            }
            await Task.Delay(50);
        }
        return trouble;
    }

    /// <summary>Waits for a button with a word, gives it the focus and presses Enter.</summary>
    public async Task PressAsync(string word)
    {
        var button = $"[...document.querySelectorAll('button, a.button')].find(b => b.offsetParent && !b.disabled && !b.closest('.presenter') && b.innerText.includes('{word}'))";
        await WaitAsync(button);
        await EvaluateAsync<bool>($"({button}.focus(), true)");
        await PressAsync(Enter);
    }

    public Task ResponseScreenAsync() => WaitAsync("document.querySelector('.presenter[data-phase=response]')");

    /// <summary>Does what answers the response screen, and waits until that is over.</summary>
    public async Task AnswerAsync(Func<Task> act)
    {
        const string presenter = "document.querySelector('.presenter')";
        await EvaluateAsync<bool>($"({presenter}.dataset.asked = 'yes', new MutationObserver(() => delete {presenter}.dataset.asked).observe({presenter}, {{ attributeFilter: ['data-phase'] }}), true)");
        await act();
        await WaitAsync($"!{presenter}?.dataset.asked");
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

using System.Text.Json;
using Microsoft.Playwright;
using SkiaSharp;

namespace PerceptionStudy.Bench.Timing;

/// <summary>One stay of the picture on the screen, as the frames say that Chromium's display compositor put out.</summary>
/// <param name="OnMs">Time stamp of the first frame whose pixels show it, ms on the clock of the trace.</param>
/// <param name="OffMs">Time stamp of the first frame after it whose pixels do not, ms.</param>
public sealed record SeenPicture(double OnMs, double OffMs);

/// <summary>
/// The second oracle: a trace of Chromium with a picture of every frame that the display compositor, another process than the page's, has put together. It shares
/// neither clock nor code with the page; whether the picture was there is read from the pixels.
/// </summary>
/// <param name="page">A session of the page.</param>
public sealed class ScreenTrace(ICDPSession page)
{
    private readonly List<(double Ms, bool Shown)> frames = [];
    private TaskCompletionSource complete = new();

    public async Task StartAsync()
    {
        frames.Clear();
        complete = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var collected = page.Event("Tracing.dataCollected");
        var completed = page.Event("Tracing.tracingComplete");
        collected.OnEvent += Collect;
        completed.OnEvent += Complete;
        await page.SendAsync("Tracing.start", new Dictionary<string, object>
        {
            ["transferMode"] = "ReportEvents",
            ["traceConfig"] = new Dictionary<string, object> { ["includedCategories"] = (string[])["disabled-by-default-devtools.screenshot"] },
        });

        void Complete(object? _, JsonElement? __)
        {
            collected.OnEvent -= Collect;
            completed.OnEvent -= Complete;
            complete.TrySetResult();
        }
    }

    /// <summary>Ends the trace and gives what was seen, in order. A picture that is still there is left out.</summary>
    public async Task<List<SeenPicture>> StopAsync()
    {
        await page.SendAsync("Tracing.end");
        await complete.Task.WaitAsync(TimeSpan.FromSeconds(60));
        var seen = new List<SeenPicture>();
        double? on = null;
        foreach (var (ms, shown) in frames.OrderBy(f => f.Ms))
        {
            if (shown) on ??= ms;
            else if (on is { } since)
            {
                seen.Add(new SeenPicture(since, ms));
                on = null;
            }
        }
        return seen;
    }

    /// <summary>Frames of the trace so far.</summary>
    public int Frames => frames.Count;

    private void Collect(object? _, JsonElement? data)
    {
        foreach (var happened in data!.Value.GetProperty("value").EnumerateArray())
        {
            if (happened.GetProperty("name").GetString() != "Screenshot") continue;
            var picture = Convert.FromBase64String(happened.GetProperty("args").GetProperty("snapshot").GetString()!);
            frames.Add((happened.GetProperty("ts").GetDouble() / 1000, ShowsPicture(picture)));
        }
    }

    // Nothing else of the page is green.
    private static bool ShowsPicture(byte[] jpeg)
    {
        using var frame = SKBitmap.Decode(jpeg);
        for (var y = 0; y < frame.Height; y += 2)
        {
            for (var x = 0; x < frame.Width; x += 2)
            {
                var pixel = frame.GetPixel(x, y);
                if (pixel.Green > pixel.Red + 24 && pixel.Green > pixel.Blue + 24) return true;
            }
        }
        return false;
    }
}
